"""The errors of the 42 intra API, with its own texts."""

from collections.abc import Mapping, Sequence
from typing import Any

from fake_server.api.serve import ApiError, has_quirk

_NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
SCOPES = {
    "elearning": "Access the e-learning platform",
    "forum": "Create, update and destroy topics and messages",
    "profile": "Access and manage the user's profile",
    "projects": "Manage the user's projects",
    "public": "Access the user public data",
    "tig": "Manage the user's community services",
}
"""What each scope lets an application do."""

DESCRIPTIONS = {
    "access_denied": "The resource owner or authorization server denied the request.",
    "invalid_client": (
        "Client authentication failed due to unknown client, no client authentication included,"
        " or unsupported authentication method."
    ),
    "invalid_grant": (
        "The provided authorization grant is invalid, expired, revoked, does not match the"
        " redirection URI used in the authorization request, or was issued to another client."
    ),
    "invalid_redirect_uri": "The redirect uri included is not valid.",
    "invalid_request": (
        "The request is missing a required parameter, includes an unsupported parameter value,"
        " or is otherwise malformed."
    ),
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "unsupported_grant_type": (
        "The authorization grant type is not supported by the authorization server."
    ),
    "unsupported_response_type": ("The authorization server does not support this response type."),
}
"""What Doorkeeper says of each error of OAuth, by its code."""


def to_sentence(names: Sequence[str]) -> str:
    """Return names as Rails' `to_sentence` joins them: `a`, `a and b`, `a, b, and c`."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def challenge(error: str, description: str) -> dict[str, str]:
    """Return the headers of an answer that refuses a credential."""
    return {
        "WWW-Authenticate": (
            f'Bearer realm="42 API", error="{error}", error_description="{description}"'
        ),
        **_NOT_STORED,
    }


class HttpError(ApiError):
    """The request reaches no action. The body has `status` and `error`."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(status, {"status": status, "error": error})


class _NamedError(ApiError):
    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(status, {"error": error, "message": message})


class UnknownFieldError(_NamedError):
    """A request filters or ranges by an unknown field. `verb` is filter or range."""

    def __init__(self, verb: str, name: str, fields: Sequence[str]) -> None:
        super().__init__(
            400,
            f"{verb.capitalize()} Error",
            f"Attributes {name} doesn't exists. You can only {verb} on: [{', '.join(fields)}]",
        )


class OptionError(_NamedError):
    """A filter's value is not one of its fixed options."""

    def __init__(self, name: str, value: str, options: Sequence[str]) -> None:
        super().__init__(
            400,
            "Filter Error",
            f"The value {value} is not one of those for the field {name}: [{', '.join(options)}]",
        )


class ValueKindError(_NamedError):
    """A filter's or range's value is not of its field's kind."""

    def __init__(self, verb: str, name: str, value: object) -> None:
        super().__init__(
            422,
            f"{verb.capitalize()} Error",
            f"The value {value} is not valid for the field {name}",
        )


class SortError(_NamedError):
    """A request sorts by a field that is not sortable."""

    def __init__(self, name: str) -> None:
        super().__init__(400, "Sort Error", f"The {name} field is not sortable")


class GraphFieldError(_NamedError):
    """A request asks for the graph of a field that has none."""

    def __init__(self, name: str, fields: Sequence[str]) -> None:
        super().__init__(
            422,
            "Graph Error",
            f"Attribute {name} do not exist or isn't graphable."
            f" Available fields are: {to_sentence(fields)}",
        )


class GraphIntervalError(_NamedError):
    """A request asks for a graph by an unknown interval."""

    def __init__(self, name: str, intervals: Sequence[str]) -> None:
        super().__init__(
            422,
            "Graph Error",
            f"Interval {name} do not exist. Available intervals are: {to_sentence(intervals)}",
        )


class NoSuchRecordError(ApiError):
    """A user or project does not exist."""

    def __init__(self) -> None:
        super().__init__(404, {})


class TokenError(ApiError):
    """An access token is not valid. `message` gives the reason."""

    def __init__(self, message: str) -> None:
        super().__init__(
            401,
            {"error": "Not authorized", "message": message},
            challenge("invalid_token", message),
        )


class ScopeError(ApiError):
    """An access token lacks the scope of an action."""

    def __init__(self, scope: str) -> None:
        needed = f"The action need the following scopes: [{scope}]"
        super().__init__(
            403,
            {"error": "Forbidden", "message": f"Insufficient scope. {needed} ({SCOPES[scope]})"},
            challenge("insufficient scope", needed),
        )


class AccessDeniedError(_NamedError):
    """The application lacks a role."""

    def __init__(self) -> None:
        super().__init__(403, "Access Denied", "You are not authorized to access this page.")


class InvalidRecordError(ApiError):
    """What a request writes is not valid. `errors` has the sentences of each field."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        body: dict[str, Any] = {"errors": {name: [*texts] for name, texts in errors.items()}}
        if has_quirk("invalid-records-in-one-message"):
            messages = [f"{name} {text}" for name, texts in errors.items() for text in texts]
            body = {"error": "Unprocessable Entity", "message": ", ".join(messages)}
        super().__init__(422, body)


class NoUserAgentError(ApiError):
    """A request has no User-Agent."""

    def __init__(self) -> None:
        super().__init__(403, "", {"Cache-Control": "no-store"})


class OAuthError(ApiError):
    """The token endpoint refuses a token, with an error code of RFC 6749, section 5.2."""

    def __init__(self, code: str) -> None:
        description = DESCRIPTIONS[code]
        super().__init__(
            401,
            {"error": code, "error_description": description},
            challenge(code, description),
        )


class LimitError(ApiError):
    """An application exceeds its rate limit.

    `wait` is the Retry-After in seconds, or None for an answer without it.
    """

    def __init__(self, wait: int | None) -> None:
        super().__init__(
            429,
            "429 Too Many Requests (Spam Rate Limit Exceeded)",
            {} if wait is None else {"Retry-After": str(wait)},
        )


class HtmlNotFoundError(ApiError):
    """The page that the service shows for a path that is not routed."""

    def __init__(self) -> None:
        page = (
            "<!DOCTYPE html>\n<html><head><title>Not Found</title></head>"
            "<body><h1>404</h1><p>There is no such page.</p></body></html>\n"
        )
        super().__init__(404, page.encode(), {"Content-Type": "text/html; charset=utf-8"})
