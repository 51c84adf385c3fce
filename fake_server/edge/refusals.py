"""Refusals of the server, in plain text, of messages that the application never gets."""

from typing import NamedTuple

MAX_TARGET = 16 * 1024
"""The longest request target, in bytes; a longer one gets 414."""

MAX_HEADERS = 64 * 1024
"""The most bytes of headers; more get 431."""

MAX_HEADER_COUNT = 200
"""The most headers; more get 431."""

MAX_FORM = 24 * 1024 * 1024
"""The most bytes of a form with files that reach the application, which may take less."""

MAX_DRAIN = 64 * 1024 * 1024
"""The most bytes of a too large body that the server reads and drops to keep the connection."""


class Refusal(NamedTuple):
    """The answer to a message that the application never gets: status and text."""

    status: int
    text: str


LONG_TARGET = Refusal(414, f"The request target is longer than {MAX_TARGET} bytes.")
LARGE_HEADERS = Refusal(
    431, f"More than {MAX_HEADER_COUNT} headers, or more than {MAX_HEADERS} bytes."
)
LARGE_HEAD = Refusal(431, "The message's head or trailer is too large.")
OTHER_VERSION = Refusal(400, "This server speaks HTTP/1.0 and HTTP/1.1.")
OTHER_CODING = Refusal(501, "This server undoes no transfer coding but chunked.")
NO_PROXY = Refusal(400, "This server is no proxy.")
NO_BODY = Refusal(400, "CONNECT has no body.")
NO_HOST = Refusal(400, "Expected one valid Host.")


def not_http(error: Exception) -> Refusal:
    """Return the refusal of a message that the parser cannot read, with the parser's reason."""
    return Refusal(400, f"Invalid HTTP request: {error}.")
