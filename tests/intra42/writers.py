"""A small school, and the clients that write in it."""

from typing import Any

from tests.intra42.conftest import Intra
from tests.support.client import JsonResponse

NOW = "2026-05-02T12:02:00Z"
MADE = {"created_at": "2026-05-01T08:00:00Z", "updated_at": "2026-05-01T08:00:00Z"}
ROLES = ["Advanced tutor", "Advanced staff", "Basic staff", "Events manager"]
APPLICATION = {"uid": "app", "secret": "s", "scopes": ["public", "projects", "profile"]}
STAFF = {"uid": "staff", "secret": "s", "scopes": ["public", "projects"], "roles": ROLES}


def _event(number: int, **more: Any) -> dict[str, Any]:
    times = {"begin_at": "2026-05-04T08:00:00Z", "end_at": "2026-05-04T09:00:00Z", **MADE}
    texts = {"name": "N", "description": "D", "location": "L", "kind": "event"}
    rest: dict[str, Any] = {"waitlist": None, "themes": [], "difficulty": None, "remote": False}
    groups = {"campus_ids": [1], "cursus_ids": [21], "prohibition_of_cancellation": 24}
    return {"id": number, **texts, **times, **groups, **rest, "max_people": 1, **more}


def _bloc(number: int) -> dict[str, Any]:
    nulls = dict.fromkeys(("squad_size", "coalition_delay", "repeat_deadline_delay"))
    return {"id": number, "campus_id": 1, "cursus_id": 21, **nulls, **MADE}


def _coalition(number: int) -> dict[str, Any]:
    names = {"name": f"C{number}", "slug": f"c{number}", "image": "i", "cover": None}
    about = {"color": "#000000", "score": 20, "user_id": 1, "bloc_id": 1}
    return {"id": number, **names, **about, **MADE}


def _member(number: int, **ids: int) -> dict[str, Any]:
    points = {"this_year_score": 20, "rank": 1, "this_year_score_updated_at": None}
    return {"id": number, **ids, **points, **MADE}


DATASET = {
    "start": NOW,
    "frozen": True,
    "intra42": {
        "campus": {"records": [{"id": 1}, {"id": 2}]},
        "cursus": {"records": [{"id": 21}]},
        "users": {
            "records": [
                {"id": number, "login": login, "campus_ids": [1], "cursus_ids": [21]}
                for number, login in ((1, "ada"), (2, "bob"))
            ]
        },
        "projects": {
            "records": [
                {"id": number, "name": f"P{number}", "slug": f"p{number}", "cursus_ids": [21]}
                for number in (11, 12)
            ]
            + [{"id": 13, "name": "P13", "slug": "p13", "cursus_ids": [21], "visible": False}]
        },
        "projects_users": {
            "records": [
                {"id": 1, "user_id": 1, "project_id": 11, "current_team_id": 7, **MADE},
                {"id": 2, "user_id": 1, "project_id": 11, "occurrence": 1, **MADE},
            ]
        },
        "blocs": {"records": [_bloc(1)]},
        "coalitions": {"records": [_coalition(5), _coalition(6)]},
        "coalitions_users": {
            "records": [
                _member(1, user_id=1, coalition_id=5),
                _member(2, user_id=2, coalition_id=6),
            ]
        },
        "expertises": {
            "records": [
                {"id": 7, "name": "Databases", "slug": "databases", "kind": "sector", **MADE}
            ]
        },
        "pools": {
            "records": [
                {"id": 3, "current_points": 10, "max_points": 20, "cursus_id": 21, "campus_id": 1}
                | MADE
            ]
        },
        "titles": {"records": [{"id": 5, "name": "Gardener %login"}, {"id": 6, "name": "Early"}]},
        "slots": {
            "records": [
                {"id": 1, "user_id": 1, "begin_at": "2026-05-05T08:00:00Z", "scale_team_id": 9}
                | {"corrected_id": 2},
                {"id": 2, "user_id": 2, "begin_at": "2026-05-05T08:00:00Z"},
            ]
        },
        "events": {"records": [_event(1), _event(2, max_people=None), _event(3, max_people=0)]},
        "events_users": {"records": [{"id": 1, "event_id": 3, "user_id": 2, **MADE}]},
        "credentials": {
            "applications": [APPLICATION, STAFF],
            "tokens": [
                {"token": "app", "application": "app", "scopes": ["public", "projects"]},
                {"token": "staff", "application": "staff"},
                {"token": "able", "application": "staff", "scopes": ["public", "projects"]},
                {
                    "token": "ada",
                    "application": "app",
                    "user_id": 1,
                    "scopes": ["public", "projects", "profile"],
                },
                {"token": "bare", "application": "app", "user_id": 1},
                {
                    "token": "bob",
                    "application": "app",
                    "user_id": 2,
                    "scopes": ["public", "projects"],
                },
            ],
        },
    },
}


class Writer(Intra):
    """A client that writes as the person or the application of a token."""

    def ask(self, method: str, path: str, token: str = "ada", **options: Any) -> JsonResponse:
        """Send a request to a path below `/v2/`."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.client.open(f"/v2/{path}", method=method, headers=headers, **options)

    def made(self, path: str, token: str = "staff", **attributes: Any) -> Any:
        """Return the record that a POST creates."""
        answer = self.ask("POST", path, token, json=attributes)
        assert answer.status_code == 201, answer.text
        return answer.json

    def change(self, method: str, path: str, token: str = "staff", **attributes: Any) -> None:
        """Send a PATCH, PUT or DELETE that must succeed."""
        answer = self.ask(method, path, token, json=attributes)
        assert (answer.status_code, answer.data) == (204, b""), answer.text

    def refusal(self, method: str, path: str, token: str = "ada", **options: Any) -> Any:
        """Return the errors of a request that is not valid."""
        answer = self.ask(method, path, token, **options)
        assert answer.status_code == 422, answer.text
        return answer.json["errors"]
