"""Defects of what the live profile does."""

from fake_server.contract.mutants import ApiMutants, SourceEdit

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "live-campus-of-nobody",
        "filter[campus_id] keeps every slot.",
        _edit("resources.slots:_of_campus", "in_(values))", "is_not(None))"),
        "filter.slots.campus_id",
        profile="live",
    ),
    _mutant(
        "live-ids-to-87",
        "filter[cursus] takes 78 to 86, not 87.",
        _edit(
            "resources.projects_users:in_groups",
            "ids = {*documented, *existing}",
            "ids = {*documented, *existing} - {87}",
        ),
        "filter.lists",
        profile="live",
    ),
    _mutant(
        "live-ascending-ids",
        "Slots come by id, ascending.",
        _edit(
            "dialect.parameters:sort_keys",
            "if not keys:\n        return list(declared.order)",
            "if not keys:\n        return [SortKey(key.field, False) for key in declared.order]",
        ),
        "slots.order",
        profile="live",
    ),
    _mutant(
        "live-token-type-upper",
        "token_type is BEARER.",
        _edit("login.oauth:render_token", '"Bearer" if', '"BEARER" if'),
        "oauth.token_type",
        profile="live",
    ),
    _mutant(
        "live-origin-star",
        "Any origin is let in as *, which excludes credentials.",
        SourceEdit(
            "fake_server.rest.cors:allow_origin",
            '["Access-Control-Allow-Origin"] = origin',
            '["Access-Control-Allow-Origin"] = "*"',
        ),
        "answer.cors",
        profile="live",
    ),
    _mutant(
        "live-user-agent-401",
        "A request without a User-Agent is answered with 401.",
        _edit("dialect.errors:NoUserAgentError.__init__", "403", "401"),
        "request.user_agent",
        profile="live",
    ),
)
