"""What an application with roles writes of a user, where the credentials of the run name both."""

from typing import Any

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import WORK, ids, listed, page
from .oauth import GRANT, ask

PROJECTS = "/v2/projects"


def staff_options(target: Target) -> dict[str, Any]:
    """Return the options of a request of the application with roles."""
    client = {name: target.credential(f"staff_{name}") for name in ("client_id", "client_secret")}
    answer = ask(target, {"grant_type": GRANT, **client})
    need(answer.status == 200, "an application with roles")
    token = answer.json["access_token"]
    target.mask("staff_token", token)
    return {"headers": {"Authorization": f"Bearer {token}"}, "auth": False}


def expect_done(answer: Answer) -> None:
    """Assert a 204, which has no body."""
    expect("the body", b"", answer.expect_status(204).body)


@behaviour("intra42.projects_users.create", needs=("writes",))
@behaviour("intra42.projects_users.refused", needs=("writes",))
@behaviour("intra42.projects_users.change", needs=("writes",))
def test_a_registration_is_made_marked_and_taken_away(intra42: Target) -> None:
    staff, user = staff_options(intra42), f"/v2/users/{intra42.credential('written_user')}"
    below = f"{user}/projects_users"
    path = _registered(intra42, below, staff)
    try:
        number = int(path.rpartition("/")[2])
        expect("where it is listed", True, number in ids(_works(intra42, below)))
        record = page(intra42, path).json
        again = {"projects_user": {"project_id": record["project"]["id"]}}
        intra42.post(below, json=again, **staff).expect_status(422)
        marked = {"final_mark": 100, "status": "finished"}
        expect_done(intra42.patch(path, json={"projects_user": marked}, **staff))
        shown = page(intra42, path).json
        expect("the mark", (100, "finished"), (shown["final_mark"], shown["status"]))
        is_told = isinstance(shown["validated?"], bool)
        expect_that("validated?", is_told, "true or false", shown["validated?"])
        row = next((row for row in _works(intra42, below) if row["id"] == number), {})
        expect("the row below the user", shown, row)
    finally:
        ended = intra42.delete(path, **staff)
    expect_done(ended)
    intra42.get(path).expect_status(404)
    expect("where it is listed", False, number in ids(_works(intra42, below)))


def _registered(target: Target, below: str, staff: dict[str, Any]) -> str:
    """Return the path of a new registration of the user to a project."""
    known = {work["project"]["id"] for work in _works(target, below)}
    projects = listed(target, PROJECTS, {"per_page": 100})
    project = next((project["id"] for project in projects if project["id"] not in known), None)
    need(project is not None, "a project that the user is not registered to")
    body = {"projects_user": {"project_id": project}}
    record = target.post(below, json=body, **staff).expect_status(201).json
    return f"{WORK}/{record['id']}"


def _works(target: Target, below: str) -> list[dict[str, Any]]:
    return listed(target, below, {"per_page": 100})
