"""Errors on demand, with the texts of the service."""

from flask import Request

from fake_server.api.serve import ApiError, phrase_of
from fake_server.apis.intra42.dialect.errors import (
    AccessDeniedError,
    HttpError,
    NoSuchRecordError,
    OAuthError,
    TokenError,
)
from fake_server.apis.intra42.limits import hour_limit_reached, second_limit_reached
from fake_server.apis.intra42.login.auth import current_application


def failure(request: Request, status: int) -> ApiError:
    """Return an error with a status, in the words of the service or of its framework."""
    if status == 401:
        return TokenError("The access token is invalid")
    if status == 403:
        return AccessDeniedError()
    if status == 404 and request.url_rule is not None:
        return NoSuchRecordError()
    if status == 429:
        return second_limit_reached()
    return HttpError(status, phrase_of(status))


def token_expired(request: Request) -> ApiError:
    """Return the error for an expired token."""
    if request.path == "/oauth/token/info":
        return OAuthError("invalid_request")
    return TokenError("The access token expired")


def second_limit(request: Request) -> ApiError:
    """Return the error for more requests in a second than an application may make."""
    return second_limit_reached()


def hour_limit(request: Request) -> ApiError:
    """Return the error for more requests in an hour than an application may make."""
    return hour_limit_reached(current_application())
