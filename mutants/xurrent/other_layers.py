"""Defects that no behaviour speaks of: the schema layer sees them, or the recorded shapes."""

from fake_server.contract.mutants import ApiMutants, SourceEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_layer_mutant, _edit = _API.layer_mutant, _API.edit

MUTANTS = (
    _layer_mutant(
        "request-id-bare",
        "X-Request-Id is a UUID without its hyphens.",
        SourceEdit("fake_server.rest.rails.tracing:_trace", ".uuid()", '.uuid().replace("-", "")'),
        "schema",
    ),
    _layer_mutant(
        "picture-empty",
        "A holiday without a picture has an empty picture_uri, not null.",
        SourceEdit(
            "fake_server.rest.resources.rendering:_value",
            "        return column\n",
            "        return f\"{column} or ''\" if name == 'picture_uri' else column\n",
        ),
        "schema",
    ),
    _layer_mutant(
        "limit-is-a-fraction",
        "The limit that GET /v1/rate_limit tells is 3600.0.",
        _edit("service:rate_limit", '"limit": usage.limit', '"limit": float(usage.limit)'),
        "shape",
    ),
    _layer_mutant(
        "server-named",
        "A header names the web server.",
        _edit(
            "dialect.answer.responses:with_security_headers",
            "return response",
            'response.headers["X-Powered-By"] = "Phusion Passenger"\n    return response',
        ),
        "shape",
    ),
)
