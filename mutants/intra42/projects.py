"""Defects of projects, their sessions, teams and evaluations."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "project-without-children",
        "A project does not show its children.",
        _edit("resources.projects:_Projects.summaries", "children[row.parent_id]", "children[0]"),
        "projects.family",
    ),
    _mutant(
        "project-with-general-sessions",
        "A project does not show its sessions of a single campus.",
        _edit(
            "resources.project_sessions:_ProjectSessions.nested",
            "sessions[row.project_id].append(item)",
            "sessions[row.project_id].extend([item] if row.campus_id is None else [])",
        ),
        "projects.sessions",
    ),
    _mutant(
        "team-of-one",
        "A team has its leader alone.",
        _edit("resources.teams:members_of", "team.append(", "team or team.append("),
        "teams.same",
    ),
    _mutant(
        "teams-of-any-project",
        "The teams of a user on a project are all teams of the user.",
        _edit(
            "resources.teams:_Teams.of_parent",
            "ids.where(_projects.id == parent_id)",
            "ids",
        ),
        "teams.parents",
    ),
    _mutant(
        "closed-when-marked",
        "A team is closed when it is marked.",
        _edit(
            "resources.teams:_base",
            '"closed_at": optional_timestamp(row.closed_at)',
            '"closed_at": optional_timestamp(row.final_mark and row.updated_at or row.closed_at)',
        ),
        "teams.handed_in",
    ),
    _mutant(
        "evaluation-begins-when-booked",
        "An evaluation begins when it was booked.",
        _edit(
            "resources.scale_teams:_item",
            '"begin_at": timestamp(row.begin_at)',
            '"begin_at": timestamp(row.created_at)',
        ),
        "scale_teams.booked",
    ),
    _mutant(
        "corrector-of-the-future",
        "Everybody sees who evaluates in the future.",
        _edit("resources.scale_teams:_may_see", "return has_begun or", "return True or"),
        "scale_teams.visible",
    ),
    _mutant(
        "corrected-alone",
        "Of a team, only who booked gets an evaluation.",
        _edit(
            "resources.scale_teams:_ScaleTeams.of_side",
            "or_(own.corrected_id == user_id, own.team_id.in_(mates))",
            "own.corrected_id == user_id",
        ),
        "scale_teams.sides",
    ),
)
