"""Errors and media types as the document of an API shows them."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import Response, has_request_context

from fake_server.rest.api_definition import Dialect, plain_error
from fake_server.rest.api_errors import ApiError
from fake_server.rest.context import DECLARATION, ROUTE, current_request
from fake_server.rest.schema.requested_operation import operation_of
from fake_server.rest.schema.schema_values import Mistake
from fake_server.rest.schema.spec import spec
from fake_server.rest.standard.documented import (
    DocumentedAnswer,
    answers_of,
    good_answer,
    is_json,
    schema_of,
)
from fake_server.rest.standard.sketches import fits, sketch
from fake_server.world.seeded_random import SeededRandom

_MESSAGES = {"message", "detail", "error", "error_description", "title", "description", "reason"}
_STATUSES = {"status", "code", "statuscode", "status_code", "errorcode"}


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
        return ApiError(status, _with_message(schema, body, status, message))

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


def _with_message(schema: Mapping[str, Any], body: Any, status: int, message: str) -> Any:
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
