"""The errors of the API, with its own texts."""

from collections.abc import Mapping

from fake_server.api.serve import ApiError, phrase_of, to_json

ENDPOINT_HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "0",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
"""The headers of every answer of the endpoint, errors included."""

_ERROR_HEADERS = {**ENDPOINT_HEADERS, "Cache-Control": "no-cache"}
_WITH_PAGE = {404, 500}


class UnauthorizedError(ApiError):
    """The request has no token, or an unknown one."""

    def __init__(self) -> None:
        super().__init__(401, {"errors": ["Bad credentials"]}, _ERROR_HEADERS)


class BadRequestError(ApiError):
    """A parameter is of the wrong kind, or the query cannot be read."""

    def __init__(self, message: str) -> None:
        super().__init__(400, {"errors": ["Bad request", message]}, _ERROR_HEADERS)


class NoSuchRecordError(ApiError):
    """The record does not exist.

    The path names it by the id `number`, or by a slug if `number` is None.
    """

    def __init__(self, model: str, number: str | None) -> None:
        message = "ActiveRecord::RecordNotFound"
        if number is not None:
            message = f"Couldn't find {model} with 'id'={number}"
        super().__init__(404, {"errors": ["Not found", message]}, _ERROR_HEADERS)


class GoneRecordError(ApiError):
    """The record is marked as deleted. The answer has no body."""

    def __init__(self) -> None:
        super().__init__(404, b"", {**_ERROR_HEADERS, "Content-Type": "application/json"})


class BrokenRecordError(Exception):
    """The real service's code fails on a record.

    The text is that of Ruby's exception.
    """


class ServerError(ApiError):
    """The endpoint answers with an exception of Ruby. Only the profile `live` has it."""

    def __init__(self, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(
            500, {"error": ["Server error", message]}, {**_ERROR_HEADERS, **(headers or {})}
        )


class FrameworkError(ApiError):
    """The framework answers outside the endpoint, in the format that the request asks for.

    `kind` is `json`, `xml`, `yaml` or `html`.
    """

    def __init__(self, status: int, kind: str = "json") -> None:
        phrase = phrase_of(status)
        media, body = _page(status, phrase, kind)
        super().__init__(status, body, {"Content-Type": f"{media}; charset=UTF-8"})


def _page(status: int, phrase: str, kind: str) -> tuple[str, bytes]:
    if kind == "json":
        return "application/json", to_json({"status": status, "error": phrase})
    if kind == "xml":
        return "application/xml", (
            '<?xml version="1.0" encoding="UTF-8"?>\n<hash>\n'
            f'  <status type="integer">{status}</status>\n  <error>{phrase}</error>\n</hash>\n'
        ).encode()
    if kind == "yaml":
        return "application/x-yaml", f"---\n:status: {status}\n:error: {phrase}\n".encode()
    page = f"<!DOCTYPE html>\n<title>{phrase}</title>\n<h1>{phrase}</h1>\n"
    return "text/html", page.encode() if status in _WITH_PAGE else b""
