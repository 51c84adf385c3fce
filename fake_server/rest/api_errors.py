"""The base of every error that an API answers with."""

from collections.abc import Mapping


class ApiError(Exception):
    """An answer that is an error, in the API's own dialect.

    An API has one subclass per error; its constructor fixes status, body and headers. A `body`
    of type str is sent as plain text, bytes as they are, None as an empty body, anything else
    as JSON.
    """

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


class MalformedParametersError(ValueError):
    """Query or body cannot be read as parameters; the text says why, in one line."""


class MalformedJsonError(MalformedParametersError):
    """A body or value is not JSON, or not the JSON object that parameters need."""


class DeepJsonError(MalformedJsonError):
    """A body or value is JSON that nests too deeply."""
