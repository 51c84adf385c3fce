"""The schema layer of a recording: status, headers, body and parameters as the document says."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from fake_server.verify.api_files.declared_operations import (
    Document,
    SchemaIdentity,
    resolve,
    with_references,
)
from fake_server.verify.outcome_errors import brief
from fake_server.verify.recording.checked_exchange import query_pairs
from fake_server.verify.recording.operation_matching import RouteMatch
from fake_server.verify.server.raw_messages import Answer


class SchemaViolation(NamedTuple):
    """A mistake of an answer: the name of the check as Schemathesis has it, and two sentences."""

    check: str
    expected: str
    seen: str


@lru_cache(maxsize=2048)
def _validator(identified: SchemaIdentity) -> Any:
    # The extra `verify` installs it, and only a run needs it.
    import jsonschema_rs

    return jsonschema_rs.validator_for(
        dict(with_references(identified.document, identified.schema))
    )


def mistakes_of(answer: Answer, match: RouteMatch, document: Document) -> Iterator[SchemaViolation]:
    """Yield the mistakes of an answer by the document."""
    responses = match.route.operation.get("responses", {})
    status = str(answer.status)
    response = next(
        (responses[key] for key in (status, f"{status[0]}XX", "default") if key in responses), None
    )
    if response is None:
        yield SchemaViolation(
            "status_code_conformance",
            f"one of the statuses {', '.join(map(str, responses))}",
            f"{status} {brief(answer.text, 120)}".strip(),
        )
        return
    response = resolve(document, response)
    yield from _header_mistakes(answer, response, document)
    yield from _body_mistakes(answer, response, document)
    if 200 <= answer.status < 300:
        yield from _accepted_mistakes(answer, match, document)


def _header_mistakes(
    answer: Answer, response: Mapping[str, Any], document: Document
) -> Iterator[SchemaViolation]:
    for name, raw in response.get("headers", {}).items():
        header = resolve(document, raw)
        value = answer.headers.get(name)
        if name.lower() == "content-type":
            continue
        if value is None:
            if header.get("required"):
                yield SchemaViolation("response_headers_conformance", f"the header {name}", "none")
            continue
        schema = header.get("schema", {})
        if not _accepts(document, schema, value):
            expected = f"the header {name} as {brief(str(dict(schema)), 120)}"
            yield SchemaViolation("response_headers_conformance", expected, brief(value, 120))


def _body_mistakes(
    answer: Answer, response: Mapping[str, Any], document: Document
) -> Iterator[SchemaViolation]:
    content = response.get("content", {})
    if answer.request.method == "HEAD" or answer.status in {204, 304}:
        return
    if not content:
        return
    content_type = answer.headers.get("Content-Type", "")
    kind = content_type.partition(";")[0].strip().lower()
    media = next((content[key] for key in content if key.partition(";")[0].lower() == kind), None)
    if media is None:
        if answer.body or "" not in content:
            yield SchemaViolation(
                "content_type_conformance", " or ".join(content), content_type or "no Content-Type"
            )
        return
    if "json" not in kind:
        value: Any = answer.text
    else:
        try:
            value = answer.json
        except AssertionError:
            yield SchemaViolation("response_schema_conformance", "JSON", brief(answer.text, 120))
            return
    schema = media.get("schema", {})
    errors = _validator(SchemaIdentity(schema, document)).iter_errors(value)
    for index, error in enumerate(errors):
        where = "".join(f"/{step}" for step in error.instance_path) or "the body"
        yield SchemaViolation(
            "response_schema_conformance",
            "a body as the schema has it",
            f"{where}: {error.message}",
        )
        if index == 2:
            return


def _accepted_mistakes(
    answer: Answer, match: RouteMatch, document: Document
) -> Iterator[SchemaViolation]:
    """Yield the parameters that the document refuses, and the server took."""
    values: dict[tuple[str, str], list[str]] = {}
    for name, value in query_pairs(answer.request.target):
        values.setdefault(("query", name), []).append(value)
    for name, value in match.values.items():
        values[("path", name)] = [value]
    for parameter in match.route.parameters:
        kind, name = parameter["in"], parameter["name"]
        schema = resolve(document, parameter.get("schema", {}))
        texts = values.get((kind, name), [])
        if kind not in {"query", "path"} or len(texts) != 1 or not texts[0]:
            if kind == "query" and parameter.get("required") and not texts:
                yield from _lacking(answer, name)
            continue
        if not _accepts(document, schema, texts[0]):
            yield SchemaViolation(
                "negative_data_rejection",
                f"a refusal: the {kind}'s {name} is not as the document has it",
                f"{answer.status} for {name}={brief(texts[0], 80)}",
            )


def _lacking(answer: Answer, name: str) -> Iterator[SchemaViolation]:
    # Parameters may stand in the body of a GET, too: see the documents of the APIs.
    if not answer.request.body:
        yield SchemaViolation(
            "negative_data_rejection", f"a refusal: {name} is missing", str(answer.status)
        )


def _accepts(document: Document, schema: Mapping[str, Any], text: str) -> bool:
    """Return whether a schema accepts a text, or what the text may stand for."""
    validator = _validator(SchemaIdentity(schema, document))
    return any(validator.is_valid(value) for value in _meanings(text))


def _meanings(text: str) -> Iterator[Any]:
    yield text
    plain = _plain(text)
    if plain is not None:
        yield plain
    parts = text.removeprefix("[").removesuffix("]").split(",")
    yield parts
    yield [_plain(part) if _plain(part) is not None else part for part in parts]


def _plain(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    digits = text.strip().removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 4000:
        return int(text)
    try:
        return float(text)
    except ValueError:
        return None
