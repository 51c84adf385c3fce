"""Defects of answers and errors."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit, SourceEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "etag-list-unread",
        "Of If-None-Match, only a single ETag is understood.",
        SourceEdit("fake_server.rest.answers:_matches", 'known.split(",")', "[known]"),
        "answers.known_etags",
    ),
    _mutant(
        "etag-of-errors",
        "Errors have an ETag.",
        SourceEdit(
            "fake_server.rest.answers:with_etag",
            "not in {200, 201}",
            "not in {200, 201, 400, 404, 422}",
        ),
        "answers.etag",
    ),
    _mutant(
        "304-for-any",
        "Any If-None-Match is answered with 304.",
        SourceEdit("fake_server.rest.answers:_matches", 'known.strip() == "*"', "known"),
        "answers.not_modified",
    ),
    _mutant(
        "json-unescaped",
        "&, < and > are not escaped.",
        ConstantEdit("fake_server.rest.rails.json_and_etag:_ESCAPES", lambda value: {}),
        "answers.json",
    ),
    _mutant(
        "content-security-policy-missing",
        "Content-Security-Policy is missing.",
        ConstantEdit(
            "fake_server.apis.xurrent.dialect.answer.responses:_SECURITY_HEADERS",
            lambda value: {
                name: text for name, text in value.items() if name != "Content-Security-Policy"
            },
        ),
        "answers.headers",
    ),
    _mutant(
        "cors-for-every-origin",
        "Every answer lets any origin in.",
        ConstantEdit(
            "fake_server.apis.xurrent.dialect.answer.responses:_SECURITY_HEADERS",
            lambda value: {**value, "Access-Control-Allow-Origin": "*"},
        ),
        "answers.cors",
    ),
    _mutant(
        "gzip-unasked",
        "Long answers are compressed for every client.",
        _edit(
            "dialect.answer.compression:compressed",
            '"HTTP_ACCEPT_ENCODING" in request.environ and request.accept_encodings["gzip"] > 0',
            "True",
        ),
        "answers.gzip",
    ),
    _mutant(
        "gzip-of-all",
        "Short answers are compressed as well.",
        ConstantEdit("fake_server.apis.xurrent.dialect.answer.compression:_LEAST", lambda value: 1),
        "answers.gzip",
    ),
    _mutant(
        "validation-stops-at-first",
        "A 422 tells the first mistake only.",
        _edit(
            "dialect.attributes.validation:Validator.changes",
            "ValidationFailedError(self._errors)",
            "ValidationFailedError(self._errors[:1])",
        ),
        "errors.validation",
    ),
    _mutant(
        "validation-by-field",
        "The errors of a 422 are an object by field.",
        _edit(
            "dialect.errors:ValidationFailedError.__init__",
            '"errors": errors',
            '"errors": dict(errors)',
        ),
        "errors.validation",
    ),
    _mutant(
        "english-only",
        "Validation messages are English, whatever language is asked for.",
        _edit(
            "dialect.attributes.validation_messages:language",
            "return code if code in _MESSAGES else",
            "return",
        ),
        "errors.language",
    ),
    _mutant(
        "bad-json-in-other-words",
        "A body that is no JSON is answered with what a parser says.",
        _edit(
            "dialect.errors:bad_request", "if isinstance(reason, MalformedJsonError)", "if False"
        ),
        "errors.json",
    ),
    _mutant(
        "not-routed-405",
        "A path or method that is not there is answered with 405.",
        _edit(
            "dialect.errors:not_routed",
            "return NotFoundError()",
            "error = NotFoundError()\n    error.status = 405\n    return error",
        ),
        "errors.method",
        "calendars.delete",
    ),
    _mutant(
        "limit-of-5000",
        "The rate limit is 5000.",
        ConstantEdit(
            "fake_server.apis.xurrent.dialect.access.limits:_DEFAULT_LIMIT", lambda value: 5000
        ),
        "rate_limit.headers",
    ),
    _mutant(
        "looking-costs",
        "GET /v1/rate_limit counts as a request.",
        _edit("dialect.access.limits:show_usage", ".peek(", ".count("),
        "rate_limit.get",
    ),
    _mutant(
        "reset-in-seconds",
        "X-RateLimit-Reset is how many seconds are left.",
        _edit(
            "dialect.access.limits:_headers_of",
            "int(usage.closes.timestamp())",
            "int((usage.closes - now()).total_seconds())",
        ),
        "rate_limit.headers",
    ),
    _mutant(
        "retry-after-30",
        "Retry-After is always 30.",
        _edit("dialect.errors:TooManyRequestsError.__init__", "str(wait)", '"30"'),
        "rate_limit.retry_after",
    ),
    _mutant(
        "retry-after-rounded-down",
        "Retry-After is rounded down, so that a client comes back too early.",
        _edit("dialect.access.limits:_too_many", "-(-wait // _SECOND)", "wait // _SECOND"),
        "rate_limit.retry_after",
    ),
    _mutant(
        "burst-of-21",
        "21 requests in 2 seconds are answered.",
        ConstantEdit(
            "fake_server.apis.xurrent.dialect.access.limits:_BURST_LIMIT", lambda value: value + 1
        ),
        "rate_limit.burst",
    ),
    _mutant(
        "burst-refusals-count",
        "Refused requests count for the burst.",
        SourceEdit(
            "fake_server.world.rate_counters:RecentRequests.count",
            "    if len(instants) >= limit:\n",
            "    if len(instants) >= limit:\n        instants.append(now)\n",
        ),
        "rate_limit.burst",
        "rate_limit.retry_after",
    ),
    _mutant(
        "undecoded-where-unasked",
        "What cannot be decoded is refused only where a parameter is read.",
        SourceEdit("fake_server.apis.xurrent:_before", "request.url_rule is not None", "False"),
        "errors.query",
    ),
)
