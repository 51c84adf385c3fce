"""Scales and flags, the skills of sessions, and transactions."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import Record, expect_keys_of_some, first_ones, ids, listed, page, school, work_on

SCALES, FLAGS = "/v2/scales", "/v2/flags"
MADE = {"created_at": "2026-05-01T08:00:00Z", "updated_at": "2026-05-01T08:00:00Z"}
PROJECTS = [
    {"id": 11, "name": "Libft", "slug": "libft", "session_id": 70, "cursus_ids": [21]},
    {"id": 12, "name": "Printf", "slug": "printf", "session_id": 71, "cursus_ids": [9]},
]
SKILLS = [{"id": 4, "slug": "unix", "name": "Unix", "cursus_ids": [21], **MADE}]
TRAINED = [
    {"id": 1, "project_session_id": 70, "skill_id": 4, "value": 25.5, **MADE},
    {"id": 2, "project_session_id": 71, "skill_id": 4, "value": 50.0, **MADE},
]
UID = "Your application uid"
CREDENTIALS = {
    "applications": [
        {"uid": UID, "secret": "Your application secret"},
        {"uid": "shop", "secret": "shop", "roles": ["Transactions manager"]},
    ],
    "tokens": [
        {"token": "plain", "application": UID},
        {"token": "shop", "application": "shop"},
    ],
}


def _paid(number: int, user_id: int, value: int) -> Record:
    kind = {"transactable_id": None, "transactable_type": "Shop", "reason": "Bought"}
    times = {"created_at": f"2026-05-0{number}T08:00:00Z"}
    return {"id": number, "value": value, "user_id": user_id, "options": None, **kind, **times}


SECTIONS: dict[str, Any] = {
    "projects": {"records": PROJECTS},
    "skills": {"records": SKILLS},
    "project_sessions_skills": {"records": TRAINED},
    "transactions": {"records": [_paid(1, 1, 20), _paid(2, 2, -5), _paid(3, 1, -15)]},
    "credentials": CREDENTIALS,
}


def _by(token: str) -> dict[str, Any]:
    """Return the options of a request with a token."""
    return {"headers": {"Authorization": f"Bearer {token}"}, "auth": False}


@behaviour("intra42.flags.shape")
def test_flags_are_the_eleven_that_pages_show(intra42: Target) -> None:
    flags = listed(intra42, FLAGS)
    expect("the names", sorted(flag["name"] for flag in flags), [flag["name"] for flag in flags])
    positive = [flag["name"] for flag in flags if flag["positive"]]
    expect("the positive ones", ["Ok", "Outstanding project"], positive)
    expect("how many", 11, len(flags))
    for flag in flags:
        expect("the keys", keys.FLAG, list(flag))


@behaviour("intra42.scales.shape")
@behaviour("intra42.scales.roles")
def test_a_scale_is_what_evaluations_show_of_it(intra42: Target) -> None:
    scales = {
        scale["id"]: scale for scale in expect_keys_of_some(intra42, SCALES, keys.SCALE_RECORD)
    }
    evaluations = first_ones(intra42, "/v2/scale_teams")
    shown = [record["scale"] for record in evaluations if record["scale_id"] in scales]
    need(bool(shown), "an evaluation by one of the scales")
    for scale in shown[:5]:
        whole = scales[scale["id"]]
        expect("what the evaluation shows", {key: whole[key] for key in keys.SCALE}, scale)
        expect("the evaluation", whole["evaluation_id"], whole["evaluation"]["id"])


@behaviour("intra42.scales.parents", needs=("data",))
def test_scales_of_other_projects_are_left_out(intra42: Target) -> None:
    work = [work_on(1, user_id=2, project_id=12)]
    with school(intra42, work=work, **SECTIONS) as own:
        for path, expected in (
            ("scales", [11, 12]),
            ("projects/libft/scales", [11]),
            ("project_sessions/71/scales", [12]),
            ("users/bob/scales", [12]),
            ("users/ada/scales", []),
        ):
            expect(path, expected, ids(listed(own, f"/v2/{path}")))


@behaviour("intra42.session_skills.shape")
def test_a_sessions_skill_has_these_keys(intra42: Target) -> None:
    expect_keys_of_some(intra42, "/v2/project_sessions_skills", keys.SESSION_SKILL)


@behaviour("intra42.session_skills.parents", needs=("data",))
def test_skills_of_other_sessions_are_left_out(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for path, expected in (("project_sessions/70", [1]), ("skills/4", [2, 1])):
            numbers = ids(listed(own, f"/v2/{path}/project_sessions_skills"))
            expect(path, expected, numbers)


@behaviour("intra42.transactions.shape", needs=("data",))
@behaviour("intra42.transactions.parents", needs=("data",))
def test_transactions_of_other_users_are_left_out(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for path, expected in (("transactions", [3, 2, 1]), ("users/ada/transactions", [3, 1])):
            records = listed(own, f"/v2/{path}", **_by("shop"))
            expect(path, expected, ids(records))
            expect("the keys", keys.TRANSACTION, list(records[0]))
            expect("the user", records[0]["user_id"], records[0]["user"]["id"])


@behaviour("intra42.transactions.roles", needs=("data",))
def test_transactions_are_for_their_managers(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for path in ("transactions", "transactions/1", "users/ada/transactions"):
            own.get(f"/v2/{path}", **_by("plain")).expect_status(403)
            page(own, f"/v2/{path}", **_by("shop"))
