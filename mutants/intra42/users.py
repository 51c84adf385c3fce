"""Defects of users."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "any-campus-is-primary",
        "filter[primary_campus_id] keeps the users of any of their campus.",
        _edit("resources.users:_in_primary_campus", ", campus_users.c.position == 0", ""),
        "users.primary_campus",
    ),
    _mutant(
        "staff-inverted",
        "filter[staff?]=true keeps those who do not work for the school.",
        _edit("dialect.options:_flag", 'value == "true"', 'value != "true"'),
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
)
