"""Defects of users."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "any-campus-is-primary",
        "filter[primary_campus_id] keeps the users of any of their campus.",
        _edit(
            "resources.users.memberships:_in_primary_campus", ", campus_users.c.position == 0", ""
        ),
        "users.primary_campus",
    ),
    _mutant(
        "staff-inverted",
        "filter[staff?]=true keeps those who do not work for the school.",
        _edit("dialect.filter_options:_flag", 'value == "true"', 'value != "true"'),
        "users.flags",
    ),
    _mutant(
        "users-of-any-cursus",
        "The users of a cursus are those of the campus with its id.",
        _edit(
            "resources.users:_Users.of_parent",
            '"cursus": (cursus_users.c.user_id, cursus_users.c.cursus_id)',
            '"cursus": (campus_users.c.user_id, campus_users.c.campus_id)',
        ),
        "users.parents",
    ),
    _mutant(
        "work-of-others",
        "A user alone shows the work of everybody.",
        _edit(
            "resources.users.user_record:_records",
            ".where(condition)",
            '.where(condition if name != "projects_users" else child.table.c.id > 0)',
        ),
        "users.show.projects_users",
    ),
    _mutant(
        "campus-with-endpoint",
        "A user alone shows each campus as the list of campus does.",
        _edit("resources.campus:_Campus.summaries", 'if name != "endpoint"', "if name"),
        "users.show.campus",
    ),
    _mutant(
        "belongings-latest-first",
        "What belongs to a user stands with the latest id first.",
        _edit(
            "resources.users.user_record:_records",
            "order_by(child.table.c.id)",
            "order_by(child.table.c.id.desc())",
        ),
        "users.show.order",
    ),
    _mutant(
        "future-studies-active",
        "filter[active]=true keeps studies that have not begun.",
        _edit("resources.cursus_users:_active", "own.begin_at <= instant, ", ""),
        "cursus_users.active",
    ),
    _mutant(
        "studies-of-any-campus",
        "filter[campus_id] looks at the record instead of its user.",
        _edit(
            "resources.users.memberships:_in_primary_campus",
            "resource.table.c[column]",
            "resource.table.c.id",
        ),
        "cursus_users.campus",
    ),
    _mutant(
        "whole-levels",
        "Ranges of levels look at whole numbers.",
        _edit(
            "dialect.parameters:_range",
            "kind.reader(part) if part",
            'kind.reader(part.partition(".")[0]) if part',
        ),
        "cursus_users.level",
    ),
    _mutant(
        "titles-of-everybody",
        "A user alone shows the titles of everybody.",
        _edit(
            "resources.users.user_record:_records",
            ".where(condition)",
            '.where(condition if name != "titles" else child.table.c.id > 0)',
        ),
        "users.show.members",
    ),
    _mutant(
        "steps-of-steps",
        "An achievement shows itself as its only step.",
        _edit(
            "resources.achievements:_Achievements.achievements",
            "own.parent_id.in_(",
            "own.id.in_(",
        ),
        "achievements.shape",
    ),
    _mutant(
        "days-of-utc",
        "Days begin at midnight in UTC.",
        _edit("graphs.logtime:_by_day", "moment(begin).astimezone(days)", "moment(begin)"),
        "stats.midnight",
    ),
    _mutant(
        "open-locations-empty",
        "A location without an end does not count.",
        _edit(
            "graphs.logtime:show_stats",
            "instant if row.end_at is None",
            "row.begin_at if row.end_at is None",
        ),
        "stats.open",
    ),
    _mutant(
        "span-with-its-end",
        "The day of end_at counts as well.",
        _edit(
            "graphs.logtime:show_stats",
            "upper is None else upper",
            "upper is None else upper + 86_400_000",
        ),
        "stats.span",
    ),
)
