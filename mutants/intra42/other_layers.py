"""Defects that no behaviour speaks of: the schema layer sees them, or the recorded shapes."""

from fake_server.contract.mutants import ApiMutants, SourceEdit

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_layer_mutant, _edit = _API.layer_mutant, _API.edit

MUTANTS = (
    _layer_mutant(
        "errors-untraced",
        "Errors have neither X-Request-Id nor X-Runtime.",
        _edit(
            "hooks:after",
            "return add_trace(response, request)",
            "return response if response.status_code >= 400 else add_trace(response, request)",
        ),
        "schema",
    ),
    _layer_mutant(
        "leader-is-1",
        "Whether a user leads a team is 1, not true.",
        _edit("resources.teams:members_of", '"leader": not team,', '"leader": int(not team),'),
        "schema",
    ),
    _layer_mutant(
        "request-id-bare",
        "X-Request-Id is a UUID without its hyphens.",
        SourceEdit("fake_server.rest.rails.tracing:_trace", ".uuid()", '.uuid().replace("-", "")'),
        "schema",
    ),
    _layer_mutant(
        "server-named",
        "A header names the web server.",
        _edit(
            "hooks:after",
            "return add_trace",
            'response.headers["X-Powered-By"] = "Phusion Passenger"\n    return add_trace',
        ),
        "shape",
    ),
)
