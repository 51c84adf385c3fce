"""Projects, and the sessions in which they are offered."""

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import WORK, a_project, expect_keys_of_some, first_ones, ids, listed, page, school

PROJECTS, SESSIONS = "/v2/projects", "/v2/project_sessions"


@behaviour("intra42.projects.shape")
def test_a_project_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, PROJECTS, keys.PROJECT_RECORD)[:3]:
        expect("the project by its id", record, page(intra42, f"{PROJECTS}/{record['id']}").json)
        expect(
            "the project by its slug", record, page(intra42, f"{PROJECTS}/{record['slug']}").json
        )


@behaviour("intra42.projects.parents")
def test_projects_are_listed_under_their_cursus(intra42: Target) -> None:
    projects = expect_keys_of_some(intra42, PROJECTS, keys.PROJECT_RECORD)
    offered = [project for project in projects if project["cursus"]]
    need(bool(offered), "a project of a cursus")
    cursus = offered[0]["cursus"][0]["id"]
    nested = listed(intra42, f"/v2/cursus/{cursus}/projects", {"per_page": 100})
    expect("the project", True, offered[0]["id"] in ids(nested))
    for project in nested:
        expect("its cursus", True, cursus in [entry["id"] for entry in project["cursus"]])


@behaviour("intra42.projects.family", needs=("data",))
@behaviour("intra42.projects.parents", needs=("data",))
def test_a_project_shows_parent_and_children(intra42: Target) -> None:
    with school(intra42) as own:
        whole, part = (page(own, f"{PROJECTS}/{slug}").json for slug in ("libft", "printf"))
        for relative, reference in ((part, whole["children"][0]), (whole, part["parent"])):
            expect("the keys of a relative", keys.PROJECT_REFERENCE, list(reference))
            shown = {key: relative[key] for key in ("id", "name", "slug")}
            expect("the relative", shown, {key: reference[key] for key in shown})
        expect("the parts", [part], listed(own, f"{PROJECTS}/{whole['id']}/projects"))
        expect("the parts of a part", [], listed(own, f"{PROJECTS}/{part['id']}/projects"))
        expect("the parent of a whole", None, whole["parent"])


@behaviour("intra42.projects.difficulty")
def test_projects_are_found_by_difficulty(intra42: Target) -> None:
    projects = expect_keys_of_some(intra42, PROJECTS, keys.PROJECT_RECORD)
    sessions = [session for project in projects for session in project["project_sessions"]]
    known = {session["difficulty"] for session in sessions} - {None}
    need(len(known) > 1, "sessions of two difficulties")
    for difficulty in sorted(known)[:2]:
        params = {"filter[difficulty]": difficulty, "per_page": 100}
        kept = ids(listed(intra42, PROJECTS, params))
        for project in projects:
            its = [session["difficulty"] for session in project["project_sessions"]]
            expect(f"{project['slug']} kept", difficulty in its, project["id"] in kept)


@behaviour("intra42.project_sessions.shape")
def test_a_session_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, SESSIONS, keys.SESSION)[:3]:
        expect("the session", record, page(intra42, f"{SESSIONS}/{record['id']}").json)
        nested = record["project"]
        expect("the keys of its project", keys.PROJECT_NESTED, list(nested))
        expect("its project", record["project_id"], nested["id"])
        for name in ("campus", "cursus"):
            shown = None if record[name] is None else record[name]["id"]
            expect(f"its {name}", record[f"{name}_id"], shown)


@behaviour("intra42.projects.sessions")
def test_a_project_shows_its_sessions(intra42: Target) -> None:
    project = a_project(intra42)
    shown = page(intra42, f"{PROJECTS}/{project['id']}").json["project_sessions"]
    need(bool(shown), "a session of a project")
    nested = listed(intra42, f"{PROJECTS}/{project['id']}/project_sessions", {"per_page": 100})
    expect("the ids", sorted(ids(shown)), sorted(ids(nested)))
    by_id = {session["id"]: session for session in nested}
    for session in shown:
        expect("the keys", [*keys.SESSION_NESTED, "minimum_mark"], list(session))
        whole = by_id[session["id"]]
        expect(
            "the session",
            {key: whole[key] for key in keys.SESSION_NESTED},
            {key: session[key] for key in keys.SESSION_NESTED},
        )


@behaviour("intra42.project_sessions.own")
def test_a_team_works_in_a_session_of_its_project(intra42: Target) -> None:
    teams = [team for work in first_ones(intra42, WORK) for team in work["teams"]]
    need(bool(teams), "a team")
    for team in teams[:3]:
        session = page(intra42, f"{SESSIONS}/{team['project_session_id']}").json
        expect("the project of the session", team["project_id"], session["project_id"])
