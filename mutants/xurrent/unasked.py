"""Defects that no behaviour speaks of: the schema layer sees them, or the recorded shapes."""

from fake_server.contract.mutants import Defects, Edit

_API = Defects("xurrent", "fake_server.apis.xurrent")
_unasked, _edit = _API.unasked, _API.edit

MUTANTS = (
    _unasked(
        "request-id-bare",
        "X-Request-Id is a UUID without its hyphens.",
        Edit("fake_server.rest.rails.tracing:add_trace", ".uuid()", '.uuid().replace("-", "")'),
        "schema",
    ),
    _unasked(
        "picture-empty",
        "A holiday without a picture has an empty picture_uri, not null.",
        Edit(
            "fake_server.rest.resources.rendering:_value",
            "        return column\n",
            "        return f\"{column} or ''\" if name == 'picture_uri' else column\n",
        ),
        "schema",
    ),
    _unasked(
        "limit-is-a-fraction",
        "The limit that GET /v1/rate_limit tells is 3600.0.",
        _edit("service:rate_limit", '"limit": usage.limit', '"limit": float(usage.limit)'),
        "shape",
    ),
    _unasked(
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
