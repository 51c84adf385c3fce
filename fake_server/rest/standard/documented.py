"""Answers that an API's document shows: examples, errors of the document's own form."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Response, has_request_context

from fake_server.rest.answers import answer, json_answer
from fake_server.rest.api_definition import Dialect, plain_error
from fake_server.rest.api_errors import ApiError
from fake_server.rest.attribute_reader import body_schema, read_body, with_references
from fake_server.rest.context import DECLARATION, ROUTE, current_request, now, world
from fake_server.rest.parameters import query_parameters
from fake_server.rest.resources.resource_routes import Call
from fake_server.rest.schema.flattening import flattened
from fake_server.rest.schema.requested_operation import operation_of
from fake_server.rest.schema.schema_values import Mistake
from fake_server.rest.schema.spec import resolved, spec
from fake_server.rest.standard.sketches import fits, sketch
from fake_server.world.instants import milliseconds
from fake_server.world.seeded_random import SeededRandom

_MESSAGES = {"message", "detail", "error", "error_description", "title", "description", "reason"}
_STATUSES = {"status", "code", "statuscode", "status_code", "errorcode"}

_DATA = {"example", "examples", "default", "enum", "const"}


class DocumentedAnswer(NamedTuple):
    """An answer of an operation: its node in the document, and its status."""

    status: int
    node: Mapping[str, Any]

    def content(self) -> tuple[str, Mapping[str, Any]]:
        """Return the media type that it prefers, JSON if it may, and what is said of it."""
        kinds: Mapping[str, Any] = self.node.get("content") or {}
        chosen = next((kind for kind in kinds if is_json(kind)), next(iter(kinds), ""))
        return chosen, (kinds.get(chosen) or {})


def is_json(kind: str) -> bool:
    """Return whether a media type is that of JSON."""
    return kind.partition(";")[0].strip().endswith("json")


def answers_of(api: str, operation: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the answers of an operation, named without its API, by status."""
    document = spec(api).document
    declared = spec(api).operation(operation)
    node = document["paths"][declared.path][declared.method.lower()]
    return {
        str(status): resolved(document, about)
        for status, about in (node.get("responses") or {}).items()
    }


def good_answer(api: str, operation: str) -> DocumentedAnswer:
    """Return the answer to a good request: the first of 2xx, else of 3xx, else the default one."""
    answers = answers_of(api, operation)
    for first in "23":
        for status in sorted(answers):
            if status[0] == first:
                return DocumentedAnswer(int(status.upper().replace("XX", "00")), answers[status])
    return DocumentedAnswer(200, answers.get("default", {}))


def answer_example(resource: Any, call: Call) -> Response:
    """Answer an action with the document's example, or with one made from the schema."""
    api, operation = resource.api, call.operation.id
    query_parameters(current_request())
    if body_schema(api, operation).get("properties"):
        read_body(operation).checked()
    shown = good_answer(api, operation)
    kind, content = shown.content()
    if not kind or shown.status in {204, 205, 304}:
        return answer(shown.status, None, _headers(api, operation, shown))
    value = _example(api, operation, content)
    headers = _headers(api, operation, shown)
    if is_json(kind):
        return json_answer(value, shown.status, headers)
    text = value if isinstance(value, str) else ""
    return Response(text, shown.status, headers, content_type=kind.replace("*", "plain"))


def _example(api: str, operation: str, content: Mapping[str, Any]) -> Any:
    """Return the first example of some content that fits its schema, else a value made from it."""
    whole = with_references(content.get("schema") or {}, spec(api).document)
    schema = answered(flattened(whole))
    for value in _examples(api, content, schema):
        if fits(answered(whole), value):
            return value
    return sketch(schema, _random(operation), milliseconds(now()))


def answered(schema: Any) -> Any:
    """Return a schema without its write-only parts, at any depth: no answer may have them."""
    if isinstance(schema, list):
        return [answered(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    whole = {name: answered(value) for name, value in schema.items() if name not in _DATA}
    kept = {name: value for name, value in schema.items() if name in _DATA}
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return {**whole, **kept}
    hidden = {
        name
        for name, about in properties.items()
        if isinstance(about, Mapping) and about.get("writeOnly")
    }
    whole["properties"] = {
        name: False if name in hidden else answered(about) for name, about in properties.items()
    }
    required = [name for name in schema.get("required") or () if name not in hidden]
    return {**whole, **kept, "required": required}


def _examples(api: str, content: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Any]:
    if "example" in content:
        yield content["example"]
    for example in (content.get("examples") or {}).values():
        shown = resolved(spec(api).document, example)
        if "value" in shown:
            yield shown["value"]
    if "example" in schema:
        yield schema["example"]
    yield from schema.get("examples") or ()


def fits_document(api: str, schema: Mapping[str, Any], value: Any) -> bool:
    """Return whether a JSON value fits a schema of an API's document, at any depth.

    A schema that is within itself holds there, too.
    """
    whole = {**schema, "components": spec(api).document.get("components") or {}}
    return fits(whole, value)


def property_schema(api: str, schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the schema of a property in an API's document; empty if there is none."""
    whole = resolved(spec(api).document, schema)
    own: Mapping[str, Any] | None = (whole.get("properties") or {}).get(name)
    parts = [property_schema(api, part, name) for part in whole.get("allOf") or ()]
    said = [part for part in (own, *parts) if part]
    return said[0] if len(said) == 1 else {"allOf": said} if said else {}


def without_written(api: str, schema: Mapping[str, Any], value: Any) -> Any:
    """Return a JSON value without what its schema says is only written, at any depth."""
    if isinstance(value, list):
        items = resolved(spec(api).document, schema).get("items")
        return [without_written(api, items, item) for item in value] if items else value
    if not isinstance(value, Mapping):
        return value
    members = {name: property_schema(api, schema, name) for name in value}
    return {
        name: without_written(api, members[name], member)
        for name, member in value.items()
        if not resolved(spec(api).document, members[name]).get("writeOnly")
    }


def sent_schema(api: str, operation: str) -> Mapping[str, Any]:
    """Return the schema of an operation's JSON body as the document has it; empty without one."""
    document = spec(api).document
    declared = spec(api).operation(operation)
    node = document["paths"][declared.path][declared.method.lower()]
    body = resolved(document, node.get("requestBody") or {})
    contents = (body.get("content") or {}).items()
    return next((about.get("schema") or {} for kind, about in contents if is_json(kind)), {})


def schema_of(api: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of some content, references and `allOf` resolved."""
    whole = flattened(with_references(content.get("schema") or {}, spec(api).document))
    return whole if isinstance(whole, Mapping) else {}


def _random(operation: str) -> SeededRandom:
    return SeededRandom(world().seed, operation, current_request().path)


def _headers(api: str, operation: str, shown: DocumentedAnswer) -> dict[str, str]:
    """Return the headers that the document says are always there."""
    headers = {}
    for name, about in (shown.node.get("headers") or {}).items():
        header = resolved(spec(api).document, about)
        if header.get("required") and name.lower() != "content-type":
            value = sketch(schema_of(api, header), _random(operation), milliseconds(now()), name)
            headers[name] = str(value)
    return headers


def documented_dialect(api: str, tokenless: Iterable[str] | None = None) -> Dialect:
    """Return the dialect of an API whose errors look as its document has them.

    An operation whose document has no such error gets `{"error": "Not Found"}`. A body with
    mistakes is a 422 where the operation declares one, else a 400 if it declares that. A body that
    cannot be read is a 400, unless the operation declares 422 alone.

    - `tokenless`: the ids of operations that need no credential; None for those whose `security`
      in the document says so.
    """

    def error(status: int, message: str) -> ApiError:
        if status == 400 and _refuses_with_422(api, _operation(api)):
            status = 422
        shown = _error_body(api, _operation(api), status)
        if shown is None:
            return plain_error(status, message)
        schema, body = shown
        return ApiError(status, _told(schema, body, status, message))

    def invalid(mistakes: list[Mistake]) -> ApiError:
        return error(
            _invalid_status(api),
            "; ".join(f"{mistake.field} {mistake.message}" for mistake in mistakes),
        )

    free = None if tokenless is None else frozenset(tokenless)
    return Dialect(error=error, invalid=invalid, tokenless=free)


def _operation(api: str) -> str:
    if not has_request_context():
        return ""
    request = current_request()
    operation = operation_of(api, request.method, request.environ.get(ROUTE)) or ""
    return operation.partition(".")[2]


def _invalid_status(api: str) -> int:
    operation = _operation(api)
    declared = answers_of(api, operation) if operation else {}
    return next((status for status in (422, 400) if str(status) in declared), 422)


def _refuses_with_422(api: str, operation: str) -> bool:
    """Return whether an operation declares 422 for requests that are not valid, and no 400."""
    if not operation or _error_answer(api, operation, 400) is not None:
        return False
    return "422" in answers_of(api, operation)


def _error_answer(api: str, operation: str, status: int) -> Mapping[str, Any] | None:
    answers = answers_of(api, operation)
    for key in (str(status), f"{str(status)[0]}XX", f"{str(status)[0]}xx", "default"):
        if key in answers:
            return answers[key]
    return None


@lru_cache(4096)
def _error_content(api: str, operation: str, status: int) -> tuple[str, Mapping[str, Any]]:
    """Return media type and content of an error: the operation's, or that of any with such one."""
    others = [name for name in spec(api).operations if name != operation]
    for name in [*([operation] if operation else []), *others]:
        about = _error_answer(api, name, status)
        kind, content = DocumentedAnswer(status, about or {}).content()
        if is_json(kind):
            return kind, content
        if about is not None and name == operation:
            return "", {}
    return "", {}


def _error_body(api: str, operation: str, status: int) -> tuple[Mapping[str, Any], Any] | None:
    """Return the schema of an error's body, and a body of it; None if the document has none."""
    kind, content = _error_content(api, operation, status)
    if not kind:
        return None
    schema = schema_of(api, content)
    if not schema.get("properties"):
        return None
    return schema, sketch(schema, SeededRandom(1, "error", status), 0)


def _told(schema: Mapping[str, Any], body: Any, status: int, message: str) -> Any:
    """Return the body of an error with its message and status where its schema admits them."""
    whole = _filled(body, status, message)
    if fits(schema, whole) or not fits(schema, body):
        return whole
    # The document may list the messages of an error.
    return _with_own(schema, body, whole)


def _with_own(schema: Mapping[str, Any], body: Any, whole: Any) -> Any:
    """Return a body with those outermost members of `whole` that its schema admits."""
    for name in whole if isinstance(whole, dict) else ():
        changed = {**body, name: whole[name]}
        body = changed if fits(schema, changed) else body
    return body


def _filled(body: Any, status: int, message: str) -> Any:
    """Return the body of an error with its message and status where its members are called so."""
    if isinstance(body, list):
        return [_filled(item, status, message) for item in body]
    if not isinstance(body, dict):
        return body
    filled: dict[str, Any] = {}
    for name, value in body.items():
        plain = name.lower()
        if plain in _STATUSES and isinstance(value, int) and not isinstance(value, bool):
            filled[name] = status
        elif plain in _STATUSES and isinstance(value, str) and value.isascii() and value.isdigit():
            filled[name] = str(status)
        elif plain in _MESSAGES and isinstance(value, str):
            filled[name] = message
        else:
            filled[name] = _filled(value, status, message)
    return filled


def with_documented_type(response: Response) -> Response:
    """Give a JSON answer the media type that the document has for it."""
    api = current_request().environ[DECLARATION].name
    operation = _operation(api)
    if not is_json(response.mimetype or ""):
        return response
    if response.status_code >= 400:
        kind, _ = _error_content(api, operation, response.status_code)
    elif operation:
        kind, _ = good_answer(api, operation).content()
    else:
        return response
    if is_json(kind) and kind.partition(";")[0] != response.mimetype and "*" not in kind:
        response.headers["Content-Type"] = kind
    return response
