"""Defects of tokens, limits, answers and headers."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "other-accounts-record",
        "A record of another account is shown.",
        _edit(
            "dialect.model.resource:XurrentResource.numbered_row",
            'rows = store().rows(_by_number(self), {"id": number, "scope": scope})',
            'rows = store().rows(_by_number(self), {"id": number, "scope": scope})'
            ' or store().rows(_by_number(self), {"id": number, "scope": current_identity().home})',
        ),
        "ids.unknown",
    ),
    _mutant(
        "unknown-account-is-own",
        "An account that is not there is the user's own.",
        _edit("dialect.access.auth:_account", 'world().auth != "dataset" and ', ""),
        "accounts.unknown",
    ),
    _mutant(
        "account-header-ignored",
        "The account's header is ignored.",
        _edit("dialect.access.auth:_account", "return account", "return home"),
        "accounts.*",
    ),
    _mutant(
        "account-not-named",
        "A record of another account does not name it.",
        _edit(
            "dialect.model.printing:Printer.show_account", "if account != self.home:", "if False:"
        ),
        "accounts.reference",
    ),
    _mutant(
        "any-token",
        "Any token opens everything.",
        _edit(
            "dialect.access.auth:identify", 'entry is None and world().auth == "dataset"', "False"
        ),
        "auth.unauthorized",
    ),
    _mutant(
        "password-is-token",
        "The password of Basic is taken for the token.",
        _edit(
            "dialect.access.auth:_token",
            "return user if colon and user else None",
            "return _ or None if colon else None",
        ),
        "auth.basic",
    ),
    _mutant(
        "unauthorized-with-cache-control",
        "A 401 carries Cache-Control.",
        _edit(
            "dialect.answer.responses:with_security_headers",
            "if response.status_code != 401:",
            "if True:",
        ),
        "auth.unauthorized",
    ),
    _mutant(
        "root-needs-token",
        "GET /v1 needs a token.",
        ConstantEdit("fake_server.apis.xurrent:_PUBLIC", lambda value: value - {"/v1"}),
        "auth.public",
    ),
    _mutant(
        "node-ids-unread",
        "A nodeID in a path is not understood.",
        _edit(
            "dialect.values.node_ids:record_id",
            "return int(match[2]) if match and match[1] == kind else None",
            "return None",
        ),
        "ids.node",
    ),
    _mutant(
        "node-id-of-any-class",
        "The nodeID of a holiday finds the calendar of its number.",
        _edit("dialect.values.node_ids:record_id", "if match and match[1] == kind", "if match"),
        "ids.node",
        "ids.unknown",
    ),
)
