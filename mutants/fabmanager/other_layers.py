"""Defects that no behaviour speaks of: the schema layer sees them, or the recorded shapes."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_layer_mutant, _edit = _API.layer_mutant, _API.edit

MUTANTS = (
    _layer_mutant(
        "bad-request-repeats-status",
        "The body of a 400 has the status, too.",
        _edit("dialect.errors:BadRequestError.__init__", "message]}", 'message], "status": 400}'),
        "schema",
    ),
    _layer_mutant(
        "not-modified-uncached",
        "A 304 says that it may not be kept.",
        _edit(
            "dialect.hooks:after",
            "response = _with_etag(response, request)",
            "response = _with_etag(response, request)\n"
            "            if response.status_code == 304:\n"
            '                response.headers["Cache-Control"] = "no-cache"',
        ),
        "schema",
    ),
    _layer_mutant(
        "server-named",
        "A header names the web server.",
        _edit(
            "dialect.hooks:after",
            "return add_trace",
            'response.headers["X-Powered-By"] = "Phusion Passenger"\n    return add_trace',
        ),
        "shape",
    ),
)
