"""Defects of tokens, limits, answers and headers."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit, SourceEdit

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "no-token-needed",
        "Any token opens the list.",
        _edit("dialect.auth:require_token", 'current_world.auth == "dataset"', "False"),
        "auth.*",
    ),
    _mutant(
        "token-any-case",
        "The token is compared without regard to case.",
        _edit(
            "dialect.auth:require_token",
            "token not in _tokens()",
            "token.lower() not in [one.lower() for one in _tokens()]",
        ),
        "auth.*",
    ),
    _mutant(
        "bare-token",
        "A token without a scheme is accepted.",
        _edit("dialect.auth:token_of", 'return ""', "return header"),
        "auth.*",
    ),
    _mutant(
        "challenge",
        "A 401 carries WWW-Authenticate.",
        _edit(
            "dialect.errors:UnauthorizedError.__init__",
            "_ERROR_HEADERS)",
            '{**_ERROR_HEADERS, "WWW-Authenticate": "Token"})',
        ),
        "auth.unauthorized",
    ),
    _mutant(
        "unauthorized-in-other-words",
        "A 401 has the body of a framework's error.",
        _edit(
            "dialect.errors:UnauthorizedError.__init__",
            '{"errors": ["Bad credentials"]}',
            '{"error": "Bad credentials"}',
        ),
        "auth.unauthorized",
    ),
    _mutant(
        "parameters-before-token",
        "Parameters are checked before the token.",
        _edit(
            "dialect.request_checks:authorized_parameters",
            "    require_token(request)\n    return",
            "    from fake_server.apis.fabmanager.resources import RESOURCES\n"
            '    RESOURCES["availabilities"].list_query(parameters)\n'
            "    require_token(request)\n    return",
        ),
        "auth.first",
    ),
    _mutant(
        "unprocessable",
        "A parameter of the wrong kind is answered with 422.",
        _edit("dialect.errors:BadRequestError.__init__", "400", "422"),
        "errors.*",
    ),
    _mutant(
        "last-error-first",
        "per_page is checked before the dates.",
        _edit(
            "dialect.collection:list_records",
            "query = resource.list_query(parameters)",
            "window_of(resource, parameters)\n    query = resource.list_query(parameters)",
        ),
        "errors.bad_request",
    ),
    _mutant(
        "method-not-allowed",
        "Another method is answered with 405.",
        _edit(
            "dialect.hooks:not_routed",
            "FrameworkError(404",
            "FrameworkError(404 if request.method == 'GET' else 405",
        ),
        "routing.*",
    ),
    _mutant(
        "content-type-without-charset",
        "Content-Type names no charset.",
        ConstantEdit("fake_server.rest.answers:JSON", lambda value: value.partition(";")[0]),
        "availabilities.compact",
    ),
    _mutant(
        "etag-of-status",
        "The ETag is the same for every page.",
        _edit(
            "dialect.hooks:_with_etag",
            "return with_etag(response, request)",
            'response.headers["ETag"] = etag_of(b"")\n    return response',
        ),
        "headers.*",
    ),
    _mutant(
        "never-304",
        "If-None-Match is never looked at.",
        SourceEdit("fake_server.rest.answers:with_etag", "known is not None\n", "False\n"),
        "headers.not_modified",
    ),
    _mutant(
        "304-without-total",
        "A 304 has lost Total, Per-Page and Link.",
        SourceEdit(
            "fake_server.rest.answers:with_etag",
            '("Content-Length", "Content-Type")',
            '("Content-Length", "Content-Type", "Total", "Per-Page", "Link")',
        ),
        "headers.not_modified",
    ),
    _mutant(
        "etag-list-unread",
        "Of If-None-Match, only a single ETag is understood.",
        SourceEdit("fake_server.rest.answers:_matches", 'known.split(",")', "[known]"),
        "headers.if_none_match",
    ),
    _mutant(
        "vary-missing",
        "No answer carries Vary.",
        _edit("dialect.hooks:after", "and varies(", "and False and varies("),
        "accept.vary",
    ),
    _mutant(
        "head-without-total",
        "HEAD has other headers than GET.",
        _edit(
            "dialect.hooks:after",
            "response.status_code in {200, 201}",
            "request.method == 'HEAD' and response.headers.pop('Total', None):\n            pass\n"
            "        elif response.status_code in {200, 201}",
        ),
        "availabilities.head",
    ),
    _mutant(
        "request-id-not-echoed",
        "The client's X-Request-Id is not given back.",
        SourceEdit(
            "fake_server.rest.rails.tracing:_trace", "client_id or SeededRandom(", "SeededRandom("
        ),
        "headers.request_id",
    ),
    _mutant(
        "unknown-method-not-found",
        "What is no method is answered with 404.",
        _edit("dialect.hooks:not_routed", "404 if request.method in _METHODS else 405", "404"),
        "routing.unknown_method",
    ),
    _mutant(
        "download-options-missing",
        "X-Download-Options is not sent.",
        ConstantEdit(
            "fake_server.apis.fabmanager.dialect.collection:ENDPOINT_HEADERS",
            lambda value: {k: v for k, v in value.items() if k != "X-Download-Options"},
        ),
        "headers.security",
    ),
    _mutant(
        "frame-options-deny",
        "X-Frame-Options is DENY.",
        ConstantEdit(
            "fake_server.apis.fabmanager.dialect.collection:ENDPOINT_HEADERS",
            lambda value: {**value, "X-Frame-Options": "DENY"},
        ),
        "headers.security",
    ),
)
