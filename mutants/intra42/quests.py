"""Defects of quests, pools and balances."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "quests-of-other-campus",
        "filter[campus_id] keeps who is at another campus.",
        _edit(
            "resources.quests_users:_of_campus", "user_id.in_(members)", "user_id.not_in(members)"
        ),
        "quests_users.campus",
    ),
    _mutant(
        "quest-with-relatives",
        "Who is on a quest is shown with its cursus.",
        _edit("resources.quests:_Quests.summaries", "if name not in _RELATIVES", "if name"),
        "quests_users.shape",
    ),
    _mutant(
        "balances-in-other-words",
        "The times of balances have a T.",
        _edit("resources.balances:_text", "%Y-%m-%d %H", "%Y-%m-%dT%H"),
        "balances.shape",
    ),
    _mutant(
        "roles-in-their-own-case",
        "A role counts in the spelling of the page alone.",
        _edit(
            "login.declared_access:has_role",
            "role.casefold() for role in application.roles",
            "role for role in application.roles",
        ),
        "pools.roles",
    ),
)
