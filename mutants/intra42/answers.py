"""Defects of answers and errors."""

from fake_server.contract.mutants import ApiMutants, MappingEdit, SourceEdit

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "etag-of-length",
        "Two answers of the same length have the same ETag.",
        SourceEdit(
            "fake_server.rest.rails.json_and_etag:etag_of",
            "sha256(body)",
            "sha256(str(len(body)).encode())",
        ),
        "answer.etag",
    ),
    _mutant(
        "304-never",
        "If-None-Match is never looked at.",
        SourceEdit("fake_server.rest.answers:with_etag", "known is not None\n", "False\n"),
        "answer.etag",
    ),
    _mutant(
        "timestamps-without-milliseconds",
        "Timestamps end in whole seconds.",
        _edit("dialect.timestamps:timestamp", "'milliseconds'", "'seconds'"),
        "answer.json",
    ),
    _mutant(
        "roles-empty",
        "X-Application-Roles is empty where there is no role.",
        _edit("hooks:_add_application", 'or "None"', 'or ""'),
        "answer.application",
    ),
    _mutant(
        "vary-accept",
        "Vary names the Accept header.",
        MappingEdit("fake_server.apis.intra42.hooks:_COMMON_HEADERS", {"Vary": "Accept"}),
        "answer.headers",
    ),
    _mutant(
        "body-unread",
        "Parameters in the body of a GET are ignored.",
        SourceEdit(
            "fake_server.rest.parameters:request_parameters",
            "(body or {}) | query_values(request)",
            "((body or {}) if request.method != 'GET' else {}) | query_values(request)",
        ),
        "request.body",
    ),
    _mutant(
        "token-before-route",
        "A path that is not routed is answered with 401 without a token.",
        _edit("hooks:before", "request.url_rule is not None and not", "not"),
        "request.not_routed",
    ),
    _mutant(
        "malformed-422",
        "A query that cannot be read is answered with 422.",
        SourceEdit(
            "fake_server.app:_dialect_answer",
            "answer(worded.status, worded.body",
            "answer(422 if worded.status == 400 else worded.status, worded.body",
        ),
        "request.malformed",
    ),
    _mutant(
        "suffix-unread",
        "The suffix .json is part of the last name.",
        SourceEdit(
            "fake_server.rest.urls:canonical",
            '_SUFFIX.sub("", tidy(path))',
            "tidy(path)",
        ),
        "request.paths",
    ),
)
