"""Errors on demand, with the texts of the service."""

from collections.abc import Callable

from flask import Request

from fake_server.api.serve import ApiError, phrase_of
from fake_server.apis.xurrent.dialect.access.limits import hour_limit_reached
from fake_server.apis.xurrent.dialect.errors import (
    ForbiddenError,
    NotFoundError,
    StatusError,
    TooLargeError,
    UnauthorizedError,
    ValidationFailedError,
)

_DOCUMENTED: dict[int, Callable[[], ApiError]] = {
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    413: TooLargeError,
    422: lambda: ValidationFailedError([]),
}
_PHRASES = {504: "Gateway timeout"}


def failure(request: Request, status: int) -> ApiError:
    """Return an error with a status, as the documents list it."""
    if status == 429:
        return hour_limit_reached(request)
    if status in _DOCUMENTED:
        return _DOCUMENTED[status]()
    return StatusError(status, _PHRASES.get(status) or phrase_of(status))
