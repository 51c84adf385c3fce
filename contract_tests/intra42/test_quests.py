"""Quests and who is on them; pools and their balances."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import Record, expect_keys_of_some, ids, listed, page, school

QUESTS, ON_QUESTS = "/v2/quests", "/v2/quests_users"
MADE = {"created_at": "2026-05-01T08:00:00Z", "updated_at": "2026-05-01T08:00:00Z"}
SHOWN = {"Authorization": "Bearer tutor"}
REFUSED = {"Authorization": "Bearer plain"}


def _quest(number: int, cursus_id: int, campus_id: int | None) -> Record:
    texts = {"name": "N", "slug": f"q{number}", "kind": "main", "internal_name": None}
    rest = {"description": "D", "grade_id": None, "grade": None, "position": number}
    return {"id": number, "cursus_id": cursus_id, "campus_id": campus_id, **texts, **rest, **MADE}


def _on(number: int, quest_id: int, user_id: int, validated_at: str | None) -> Record:
    progress = {"end_at": None, "validated_at": validated_at, "prct": None, "advancement": None}
    return {"id": number, "quest_id": quest_id, "user_id": user_id, **progress, **MADE}


SECTIONS: dict[str, Any] = {
    "quests": {"records": [_quest(1, 21, None), _quest(2, 9, 1), _quest(3, 9, 2)]},
    "quests_users": {
        "records": [
            _on(1, 1, 1, "2026-05-01T08:00:00Z"),
            _on(2, 2, 3, None),
            _on(3, 3, 3, None),
            _on(4, 1, 4, None),
        ]
    },
    "pools": {
        "records": [
            {"id": 1, "current_points": 5, "max_points": 9, "cursus_id": 21, "campus_id": 1, **MADE}
        ]
    },
    "balances": {
        "records": [
            {
                "id": 7,
                "begin_at": "2026-05-03T08:00:00Z",
                "end_at": "2026-05-04T08:00:00Z",
                "pool_id": 1,
                **MADE,
            }
        ]
    },
    "credentials": {
        "applications": [
            {"uid": "Your application uid", "secret": "Your application secret"},
            {"uid": "tutor", "secret": "tutor", "roles": ["advanced Tutor", "Mentor"]},
        ],
        "tokens": [
            {"token": "plain", "application": "Your application uid"},
            {"token": "tutor", "application": "tutor"},
        ],
    },
}


@behaviour("intra42.quests.shape")
@behaviour("intra42.quests.roles")
def test_a_quest_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, QUESTS, keys.QUEST)[:3]:
        expect("the quest", record, page(intra42, f"{QUESTS}/{record['id']}").json)
        expect("the keys of the cursus", keys.CURSUS, list(record["cursus"]))
        expect("the id of the cursus", record["cursus_id"], record["cursus"]["id"])
        if record["campus"] is not None:
            expect("the keys of the campus", keys.CAMPUS_SUMMARY, list(record["campus"]))


@behaviour("intra42.quests.parents", needs=("data",))
@behaviour("intra42.quests_users.parents", needs=("data",))
def test_quests_of_others_are_left_out(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for path, expected in (
            ("cursus/9/quests", [2, 3]),
            ("campus/2/quests", [3]),
            ("users/cleo/quests", [2, 3]),
            ("users/bob/quests", []),
            ("quests/q1/quests_users", [4, 1]),
            ("users/cleo/quests_users", [3, 2]),
        ):
            expect(path, expected, ids(listed(own, f"/v2/{path}")))


@behaviour("intra42.quests_users.shape")
def test_who_is_on_a_quest_is_shown_with_it(intra42: Target) -> None:
    records = expect_keys_of_some(intra42, ON_QUESTS, keys.QUESTS_USER)
    need(bool(records), "a user on a quest")
    for record in records[:3]:
        expect("the record", record, page(intra42, f"{ON_QUESTS}/{record['id']}").json)
        expect("the keys of the user", keys.USER, list(record["user"]))
        expect("the keys of the quest", keys.QUEST[:-3], list(record["quest"]))
        expect("the id of the quest", record["quest_id"], record["quest"]["id"])


@behaviour("intra42.quests_users.campus", needs=("data",))
@behaviour("intra42.quests_users.validated", needs=("data",))
def test_who_is_on_a_quest_by_campus_and_progress(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for name, value, expected in (
            ("campus_id", "2", [3, 2]),
            ("campus_id", "1,74", [4, 3, 2, 1]),
            ("validated", "true", [1]),
            ("validated", "false", [4, 3, 2]),
        ):
            records = listed(own, ON_QUESTS, {f"filter[{name}]": value})
            expect(f"{name} {value}", expected, ids(records))


@behaviour("intra42.pools.shape", needs=("data",))
@behaviour("intra42.balances.shape", needs=("data",))
@behaviour("intra42.balances.parents", needs=("data",))
def test_pools_and_balances(intra42: Target) -> None:
    pool = {"id": 1, "current_points": 5, "max_points": 9, "cursus_id": 21, "campus_id": 1}
    begin, end = "2026-05-03 08:00:00", "2026-05-04 08:00:00"
    balance = {"id": 7, "begin_at": begin, "end_at": end, "pool_id": 1}
    with school(intra42, **SECTIONS) as own:
        for path, expected in (
            ("/v2/pools", [pool]),
            ("/v2/pools/1", pool),
            ("/v2/balances", [balance]),
            ("/v2/balances/7", balance),
            ("/v2/pools/1/balances", [balance]),
        ):
            answer = page(own, path, headers=SHOWN, auth=False)
            answer.expect_json(expected)
            first = answer.json[0] if isinstance(expected, list) else answer.json
            shape = pool if first.keys() == pool.keys() else balance
            expect(f"the order of {path}", list(shape), list(first))


@behaviour("intra42.balances.below", needs=("data",))
def test_a_balance_is_shown_below_its_pool(intra42: Target) -> None:
    (pool,) = SECTIONS["pools"]["records"]
    pools = {"records": [pool, {**pool, "id": 2}]}
    with school(intra42, **{**SECTIONS, "pools": pools}) as own:
        for number, status in ((1, 200), (2, 404), (3, 404)):
            path = f"/v2/pools/{number}/balances/7"
            answer = own.get(path, headers=SHOWN, auth=False).expect_status(status)
            if status == 200:
                balance = page(own, "/v2/balances/7", headers=SHOWN, auth=False).json
                expect(path, balance, answer.json)
        own.get("/v2/pools/1/balances/7", headers=REFUSED, auth=False).expect_status(403)


@behaviour("intra42.pools.roles", needs=("data",))
def test_pools_are_for_tutors(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for path in ("/v2/pools", "/v2/pools/1", "/v2/pools/1/balances", "/v2/balances"):
            own.get(path, headers=REFUSED, auth=False).expect_status(403)
            page(own, path, headers=SHOWN, auth=False)
