"""Coalitions of a dataset, with their blocs, members and scores."""

from typing import Any

from .helpers import Record

BLOCS, COALITIONS, SCORES = "/v2/blocs", "/v2/coalitions", "/v2/scores"

MEMBERS = "/v2/coalitions_users"

TIMES = {"created_at": "2026-05-01T08:00:00Z", "updated_at": "2026-05-01T08:00:00Z"}


def _bloc(number: int) -> Record:
    return {
        "id": number,
        "campus_id": number,
        "cursus_id": 21,
        "squad_size": None,
        **TIMES,
        "coalition_delay": None,
        "repeat_deadline_delay": None,
    }


def _coalition(number: int, bloc_id: int) -> Record:
    record = {"id": number, "name": f"C{number}", "slug": f"c{number}", "image": "i", "cover": None}
    return {**record, "color": "#000000", "score": 5, "user_id": 3, "bloc_id": bloc_id, **TIMES}


def _member(number: int, user_id: int, coalition_id: int, updated_at: str | None = None) -> Record:
    record = {"id": number, "user_id": user_id, "coalition_id": coalition_id, "rank": 1, **TIMES}
    return {**record, "this_year_score": 5, "this_year_score_updated_at": updated_at}


def _score(number: int, coalition_id: int, member_id: int | None) -> Record:
    nulls = dict.fromkeys(("scoreable_id", "scoreable_type", "calculation_id"))
    record = {"id": number, "coalition_id": coalition_id, "coalitions_user_id": member_id, **nulls}
    return {**record, "value": 5, "reason": "Because", **TIMES}


COALITION_SECTIONS: dict[str, Any] = {
    "blocs": {"records": [_bloc(1), _bloc(2)]},
    "coalitions": {"records": [_coalition(5, 1), _coalition(6, 1), _coalition(7, 2)]},
    "coalitions_users": {
        "records": [_member(1, 1, 5), _member(2, 3, 6, "2026-05-02T08:00:00Z"), _member(3, 3, 7)]
    },
    "scores": {"records": [_score(1, 5, 1), _score(2, 6, 2), _score(3, 6, None), _score(4, 7, 3)]},
}
