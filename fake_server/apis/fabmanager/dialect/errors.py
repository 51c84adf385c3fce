"""Every error of the API, in its own words."""

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
"""What every answer of the endpoint itself carries, errors included."""

_ERROR_HEADERS = {**ENDPOINT_HEADERS, "Cache-Control": "no-cache"}
_WITH_PAGE = {404, 500}


class UnauthorizedError(ApiError):
    """No token, or one that is not known."""

    def __init__(self) -> None:
        super().__init__(401, {"errors": ["Bad credentials"]}, _ERROR_HEADERS)


class BadRequestError(ApiError):
    """A parameter that is of the wrong kind, or a query that cannot be read."""

    def __init__(self, message: str) -> None:
        super().__init__(400, {"errors": ["Bad request", message]}, _ERROR_HEADERS)


class NoSuchRecordError(ApiError):
    """A record that does not exist, named by a number or, where `number` is None, by a slug."""

    def __init__(self, model: str, number: str | None) -> None:
        message = "ActiveRecord::RecordNotFound"
        if number is not None:
            message = f"Couldn't find {model} with 'id'={number}"
        super().__init__(404, {"errors": ["Not found", message]}, _ERROR_HEADERS)


class BrokenRecordError(Exception):
    """A record that the real service's code fails on; the text is that of Ruby's exception."""


class ServerError(ApiError):
    """Live only: an exception of Ruby that the endpoint turns into an answer."""

    def __init__(self, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(
            500, {"error": ["Server error", message]}, {**_ERROR_HEADERS, **(headers or {})}
        )


class FrameworkError(ApiError):
    """An answer of the framework, made outside the endpoint, in the format asked for.

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
