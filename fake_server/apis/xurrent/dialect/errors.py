"""The errors of the API, as `{"message": …}` with its own texts."""

from flask import Request

from fake_server.api.serve import ApiError, MalformedJsonError, MalformedParametersError

DOCUMENTATION = "https://developer.xurrent.com/v1/#rate-limiting"
INVALID_JSON = "Invalid JSON string posted"


class BadRequestError(ApiError):
    """400: a parameter or the body is not valid."""

    def __init__(self, message: str) -> None:
        super().__init__(400, {"message": message})


class UnauthorizedError(ApiError):
    """401: the credentials are missing or not valid."""

    def __init__(self) -> None:
        super().__init__(401, {"message": "Unauthorized"})


class ForbiddenError(ApiError):
    """403: the user has no access to the account, or the role does not allow the action."""

    def __init__(self) -> None:
        super().__init__(403, {"message": "Forbidden"})


class NotFoundError(ApiError):
    """404: the record or path does not exist."""

    def __init__(self) -> None:
        super().__init__(404, {"message": "Not Found"})


class TooLargeError(ApiError):
    """413: the body exceeds the server's limit."""

    def __init__(self) -> None:
        super().__init__(413, {"message": "Request Entity Too Large"})


class ValidationFailedError(ApiError):
    """422: the record is not valid. `errors` are pairs of field and message."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(422, {"message": "Validation Failed", "errors": errors})


class TooManyRequestsError(ApiError):
    """429: a rate limit is exceeded. `wait` is the Retry-After in seconds."""

    def __init__(self, wait: int) -> None:
        body = {"message": "Too Many Requests", "documentation_url": DOCUMENTATION}
        super().__init__(429, body, {"Retry-After": str(wait)})


class StatusError(ApiError):
    """A status whose body has the phrase alone, such as those from 500 on."""

    def __init__(self, status: int, phrase: str) -> None:
        super().__init__(status, {"message": phrase})


def not_routed(request: Request) -> ApiError:
    """Return the error for a path or method without a route."""
    return NotFoundError()


def bad_request(reason: MalformedParametersError) -> ApiError:
    """Return the error for a query or body that cannot be read as parameters."""
    if isinstance(reason, MalformedJsonError):
        return BadRequestError(INVALID_JSON)
    message = str(reason)
    return BadRequestError(message[:1].upper() + message[1:])
