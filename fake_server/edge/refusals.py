"""What is refused before the application sees it, in plain text."""

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

MAX_TARGET = 16 * 1024
"""The longest request target, in bytes; a longer one gets 414."""

MAX_HEADERS = 64 * 1024
"""The most bytes of headers; more get 431."""

MAX_HEADER_COUNT = 200
"""The most headers; more get 431."""

Refusal = tuple[int, str]
"""Status and text."""

LONG_TARGET = (414, f"The request target is longer than {MAX_TARGET} bytes.")
LARGE_HEADERS = (431, f"More than {MAX_HEADER_COUNT} headers, or more than {MAX_HEADERS} bytes.")
LARGE_HEAD = (431, "The message's head or trailer is too large.")
OTHER_VERSION = (400, "This server speaks HTTP/1.0 and HTTP/1.1.")
NO_PROXY = (400, "This server is no proxy.")
NO_HOST = (400, "Expected one valid Host.")


def not_http(error: Exception) -> Refusal:
    """Return the refusal of what the parser cannot read, for its reason."""
    return 400, f"Invalid HTTP request: {error}."


def on_the_wire(refusal: Refusal, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the answer to a message that is refused, which ends the connection."""
    status, text = refusal
    fixed = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(text)),
        (b"connection", b"close"),
    ]
    lines = b"".join(b"%s: %s\r\n" % header for header in [*headers, *fixed])
    return STATUS_LINE[status] + lines + b"\r\n" + text.encode("ascii", "replace")
