"""Exams, and who takes part."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import Record, expect_keys_of_some, ids, listed, page, school

EXAMS = "/v2/exams"
MADE = {"created_at": "2026-05-01T08:00:00Z", "updated_at": "2026-05-01T08:00:00Z"}
PLAIN = {"uid": "Your application uid", "secret": "Your application secret"}
STAFF = {"uid": "staff", "secret": "staff", "roles": ["Basic Staff"]}
DENIED = {"error": "Access Denied", "message": "You are not authorized to access this page."}


def _exam(number: int, campus_id: int, cursus_ids: list[int], project_ids: list[int]) -> Record:
    day = f"2026-05-{number:02}"
    texts = {"name": "N", "location": "L", "ip_range": "10.0.0.0/8", "max_people": 9}
    confirmed = f"{day}T12:00:00Z" if number == 1 else None
    hidden = {"visible": True, "validated_at": confirmed, "validator_id": None}
    times = {"begin_at": f"{day}T08:00:00Z", "end_at": f"{day}T09:00:00Z", **MADE}
    groups = {"campus_id": campus_id, "cursus_ids": cursus_ids, "project_ids": project_ids}
    return {"id": number, **groups, **texts, **times, **hidden, "prohibition_of_cancellation": None}


SECTIONS: dict[str, Any] = {
    "exams": {
        "records": [_exam(1, 1, [21], [11]), _exam(2, 1, [9], [12]), _exam(3, 2, [9, 21], [11, 12])]
    },
    "exams_users": {
        "records": [
            {"id": 1, "exam_id": 1, "user_id": 1, **MADE},
            {"id": 2, "exam_id": 2, "user_id": 3, **MADE},
            {"id": 3, "exam_id": 3, "user_id": 3, **MADE},
        ]
    },
    "credentials": {
        "applications": [PLAIN, STAFF],
        "tokens": [
            {"token": "plain", "application": PLAIN["uid"]},
            {"token": "staff", "application": "staff"},
            {"token": "student", "application": PLAIN["uid"], "user_id": 1},
        ],
    },
}


def _by(token: str) -> dict[str, Any]:
    """Return the options of a request with a token."""
    return {"headers": {"Authorization": f"Bearer {token}"}, "auth": False}


@behaviour("intra42.exams.shape")
def test_an_exam_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, EXAMS, keys.EXAM)[:3]:
        expect("the exam", record, page(intra42, f"{EXAMS}/{record['id']}").json)


@behaviour("intra42.exams.inner")
def test_an_exam_shows_campus_cursus_and_projects(intra42: Target) -> None:
    exams = [exam for exam in expect_keys_of_some(intra42, EXAMS, keys.EXAM) if exam["projects"]]
    need(bool(exams), "an exam of a project")
    for exam in exams[:3]:
        expect("the keys of the campus", keys.CAMPUS_SUMMARY, list(exam["campus"]))
        language = [*keys.LANGUAGE, "created_at", "updated_at"]
        expect("the keys of the language", language, list(exam["campus"]["language"]))
        for cursus in exam["cursus"]:
            expect("the keys of a cursus", keys.CURSUS, list(cursus))
        for project in exam["projects"]:
            expect("the keys of a project", keys.PROJECT_SUMMARY, list(project))


@behaviour("intra42.exams.parents", needs=("data",))
def test_exams_of_others_are_left_out(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for parent, expected in (
            ("campus/1", [2, 1]),
            ("cursus/21", [3, 1]),
            ("campus/2/cursus/21", [3]),
            ("projects/printf", [3, 2]),
            ("users/cleo", [3, 2]),
            ("users/dan", []),
        ):
            exams = listed(own, f"/v2/{parent}/exams", **_by("plain"))
            expect(parent, expected, ids(exams))


@behaviour("intra42.exams.future", needs=("data",))
@behaviour("intra42.exams.validated", needs=("data",))
def test_exams_to_come_and_confirmed_ones(intra42: Target) -> None:
    with school(intra42, at="2026-05-02T12:00:00Z", **SECTIONS) as own:
        for name, value, expected in (
            ("future", "true", [3]),
            ("future", "false", [2, 1]),
            ("validated", "true", [1]),
            ("validated", "false", [3, 2]),
        ):
            exams = listed(own, EXAMS, {f"filter[{name}]": value}, **_by("plain"))
            expect(f"{name} {value}", expected, ids(exams))


@behaviour("intra42.exams.people", needs=("data",))
def test_a_student_sees_exams(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        expect("the exams", [3, 2, 1], ids(listed(own, EXAMS, **_by("student"))))


@behaviour("intra42.exams.people", live=True, needs=("data",))
def test_a_student_sees_no_exams(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for path in (EXAMS, f"{EXAMS}/1", "/v2/campus/1/exams"):
            own.get(path, **_by("student")).expect_status(403).expect_json(DENIED)
            page(own, path, **_by("plain"))


@behaviour("intra42.exams_users.shape", needs=("data",))
@behaviour("intra42.exams_users.parents", needs=("data",))
@behaviour("intra42.access.roles", needs=("data",))
def test_who_takes_part_in_an_exam_is_for_staff(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        path = f"{EXAMS}/2/exams_users"
        for refused in (path, "/v2/exams_users/2"):
            own.get(refused, **_by("plain")).expect_status(403).expect_json(DENIED)
        exams = listed(own, path, **_by("staff"))
        expect("the ids", [2], ids(exams))
        expect("the keys", ["id", "exam_id", "user_id", "created_at", "updated_at"], list(exams[0]))
        expect("the record", exams[0], page(own, "/v2/exams_users/2", **_by("staff")).json)
        expect("the user", [2, 3], [exams[0]["exam_id"], exams[0]["user_id"]])
