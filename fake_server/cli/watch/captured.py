"""An exchange as a reverse proxy saw it, for the checks after it."""

import io
from dataclasses import dataclass, field
from datetime import datetime

from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError
from werkzeug.datastructures import Headers

LARGEST_BODY = 16 * 1024 * 1024
"""The most bytes of a body that is checked, as it was sent and decoded."""

_PIECE = 16 * 1024

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class CapturedBody:
    """The bytes of a body while it passes; a body above `LARGEST_BODY` is dropped."""

    data: bytearray = field(default_factory=bytearray)
    is_too_large: bool = False

    def add(self, piece: bytes | bytearray) -> None:
        """Take the next bytes."""
        if self.is_too_large:
            return
        if len(self.data) + len(piece) > LARGEST_BODY:
            self.is_too_large = True
            self.data = bytearray()
        else:
            self.data += piece


@dataclass(slots=True)
class CapturedExchange:
    """A request and its answer as they passed.

    - `number`: of the exchange, from 1.
    - `target`: as on the client's request line.
    - `reason`: why the client got no whole answer of the target; None: it got one.
    - `is_dropped`: its bodies were dropped, since too many exchanges waited.
    """

    number: int
    at: datetime
    method: str
    target: str
    request_headers: RawHeaders
    request_body: CapturedBody = field(default_factory=CapturedBody)
    status: int = 0
    headers: RawHeaders = field(default_factory=list)
    body: CapturedBody = field(default_factory=CapturedBody)
    seconds: float = 0.0
    reason: str | None = None
    is_dropped: bool = False

    def drop_bodies(self) -> None:
        """Drop the bytes of both bodies."""
        self.request_body, self.body = CapturedBody(), CapturedBody()

    @property
    def size(self) -> int:
        """The bytes of both bodies."""
        return len(self.request_body.data) + len(self.body.data)


def decoded_headers(headers: RawHeaders) -> list[tuple[str, str]]:
    """Return headers as texts."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def decoded_body(body: bytes, headers: Headers) -> bytes | None:
    """Return a body without its Content-Encoding; None where it cannot be undone within limits."""
    coding = headers.get("Content-Encoding", "").strip().lower()
    if not body or coding in {"", "identity"}:
        return body
    response = HTTPResponse(io.BytesIO(body), {"Content-Encoding": coding}, preload_content=False)
    decoded = bytearray()
    try:
        while piece := response.read(_PIECE, decode_content=True):
            decoded += piece
            if len(decoded) > LARGEST_BODY:
                return None
    except HTTPError:
        return None
    return None if bytes(decoded) == body else bytes(decoded)
