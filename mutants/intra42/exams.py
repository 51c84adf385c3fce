"""Defects of exams, and of what roles let an application see."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "roles-ignored",
        "An application without a role sees what asks for one.",
        _edit("login.declared_access:_require", "raise AccessDeniedError", "return"),
        "access.roles",
    ),
    _mutant(
        "balances-for-all",
        "The flat list of balances is open to every application.",
        _edit(
            "login.declared_access:_operation_of",
            "index(API).operations.get(endpoint)",
            'None if request.path == "/v2/balances" else index(API).operations.get(endpoint)',
        ),
        "collections.roles:list_balances",
    ),
    _mutant(
        "any-role-is-good",
        "A list that asks for a role is open to no application.",
        _edit("login.declared_access:has_role", "role.casefold() in roles", "role in roles"),
        "access.roles",
    ),
    _mutant(
        "exams-of-any-project",
        "An exam shows its projects without their own keys.",
        _edit("resources.exams:_Exams.projects", ".summaries", ".shown_in_lists"),
        "exams.inner",
    ),
    _mutant(
        "exam-campus-with-endpoint",
        "The campus of an exam has its endpoint.",
        _edit("resources.campus:_Campus.summaries", 'if name != "endpoint"', "if name"),
        "exams.inner",
    ),
    _mutant(
        "exams-validated-by-end",
        "An exam counts as confirmed once it has an end.",
        _edit(
            "dialect.filter_options:_present",
            "resource.table.c[column]",
            'resource.table.c[column if column != "validated_at" else "end_at"]',
        ),
        "exams.validated",
    ),
)
