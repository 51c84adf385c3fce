"""What requests write of the work of users."""

from fake_server.contract import Target, behaviour, expect

from .helpers import ids, listed, page, school, work_on
from .writers import AT, CREDENTIALS, DENIED, write

WORKS = [work_on(1, final_mark=50, status="finished"), work_on(2, user_id=2)]


@behaviour("intra42.projects_users.create", needs=("data", "clock"))
def test_a_user_registers_to_a_project(intra42: Target) -> None:
    with school(intra42, at=AT, work=WORKS, credentials=CREDENTIALS) as own:
        for path, attributes in (
            ("projects/12/register", {"user_id": 1}),
            ("projects_users", {"project_id": 12, "user_id": "2"}),
            ("projects/printf/projects_users", {"user_id": 3}),
            ("users/dan/projects_users", {"project_id": 12}),
        ):
            record = write(own, "POST", path, projects_user=attributes).json
            team = record["current_team_id"]
            expect("the status", "in_progress", record["status"])
            expect("its mark", [None, None], [record["final_mark"], record["validated?"]])
            expect("its teams", [team], ids(record["teams"]))
            members = page(own, f"/v2/teams/{team}").json["users"]
            expect("the members of its team", [record["user"]["id"]], ids(members))
            expect("the record", record, page(own, f"/v2/projects_users/{record['id']}").json)
            below = ids(listed(own, f"/v2/users/{record['user']['login']}/projects_users"))
            expect("that it is listed below its user", True, record["id"] in below)
        expect("all", [1, 2, 3, 4], sorted(ids(listed(own, "/v2/projects/12/users"))))


@behaviour("intra42.projects_users.refused", needs=("data", "clock"))
def test_a_registration_that_is_refused(intra42: Target) -> None:
    with school(intra42, at=AT, work=WORKS, credentials=CREDENTIALS) as own:
        for attributes, field in (
            ({"user_id": 1}, "project_id"),
            ({"user_id": 99}, "user_id"),
            ({}, "user_id"),
            ({"user_id": 3, "status": "nothing"}, "status"),
        ):
            answer = write(
                own, "POST", "projects/11/register", status=422, projects_user=attributes
            )
            expect(f"what is wrong with {attributes}", [field], list(answer.json["errors"]))


@behaviour("intra42.projects_users.change", needs=("data", "clock"))
def test_a_record_of_work_is_marked_and_taken_away(intra42: Target) -> None:
    with school(intra42, at=AT, work=WORKS, credentials=CREDENTIALS) as own:
        marked = {"final_mark": 80, "status": "finished", "marked_at": "2026-05-02T10:00:00Z"}
        for method, attributes, mark, is_passed in (
            ("PATCH", marked, 80, True),
            ("PUT", {"final_mark": "79"}, 79, False),
            ("PATCH", {"final_mark": None}, None, None),
        ):
            write(own, method, "projects_users/2", projects_user=attributes)
            record = page(own, "/v2/projects_users/2").json
            verdict = [record["final_mark"], record["validated?"], record["marked_at"]]
            expect("the mark", [mark, is_passed, "2026-05-02T10:00:00.000Z"], verdict)
        write(own, "DELETE", "projects_users/2")
        own.get("/v2/projects_users/2").expect_status(404)


@behaviour("intra42.projects_users.of_people", needs=("data", "clock"))
def test_people_register_themselves_alone(intra42: Target) -> None:
    with school(intra42, at=AT, work=WORKS, credentials=CREDENTIALS) as own:
        path = "projects/12/register"
        for attributes in ({"user_id": 2}, {"final_mark": 100}, {"status": "finished"}):
            answer = write(own, "POST", path, "ada", 403, projects_user=attributes)
            answer.expect_json(DENIED)
        for token in ("app", "bare"):
            write(own, "POST", path, token, 403, projects_user={"user_id": 1})
        record = write(own, "POST", path, "ada").json
        expect("the user", "ada", record["user"]["login"])
        write(own, "PATCH", "projects_users/1", "ada", 403, projects_user={"final_mark": 100})
        write(own, "DELETE", "projects_users/2", "ada", 403)
        write(own, "DELETE", f"projects_users/{record['id']}", "ada")


@behaviour("intra42.writes.bare", needs=("data", "clock"))
def test_attributes_of_a_json_body_may_stand_alone(intra42: Target) -> None:
    with school(intra42, at=AT, work=WORKS, credentials=CREDENTIALS) as own:
        write(own, "PATCH", "projects_users/2", final_mark=42)
        expect("the mark", 42, page(own, "/v2/projects_users/2").json["final_mark"])


TAKING = [{"id": 11, "name": "Libft", "slug": "libft", "cursus_ids": [21]}]
CLOSED = {"id": 12, "name": "Rush", "slug": "rush", "visible": False}
PROJECTS = {"records": [*TAKING, CLOSED]}


@behaviour("intra42.projects_users.permission", needs=("data", "clock"))
def test_a_project_that_takes_nobody(intra42: Target) -> None:
    with school(intra42, at=AT, projects=PROJECTS, credentials=CREDENTIALS) as own:
        sessions = page(own, "/v2/projects/12").json["project_sessions"]
        expect("the sessions", {False}, {session["is_subscriptable"] for session in sessions})
        for token in ("ada", "staff"):
            answer = write(own, "POST", "projects/12/register", token, 422, user_id=1)
            expect("what is wrong", ["project_id"], list(answer.json["errors"]))
        expect("who is registered", [], ids(listed(own, "/v2/projects/12/users")))
        write(own, "POST", "projects/12/register", user_id=1, skip_check_permission=True)


def _level(own: Target) -> float:
    (study,) = listed(own, "/v2/users/1/cursus_users")
    level: float = study["level"]
    return level


@behaviour("intra42.projects_users.levels", needs=("data", "clock"))
def test_a_mark_raises_the_level(intra42: Target) -> None:
    works = [work_on(1), work_on(2, user_id=3)]
    with school(intra42, at=AT, work=works, projects=PROJECTS, credentials=CREDENTIALS) as own:
        (before, others) = _level(own), listed(own, "/v2/users/3/cursus_users")
        levels = []
        for mark in (80, 100, 79):
            write(own, "PATCH", "projects_users/1", projects_user={"final_mark": mark})
            levels.append(_level(own))
        expect("a better mark gives more", sorted({before, *levels[:2]}), [before, *levels[:2]])
        expect("a mark that does not validate gives nothing", before, levels[2])
        expect("the levels of others", others, listed(own, "/v2/users/3/cursus_users"))
