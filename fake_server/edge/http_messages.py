"""Requests as a reader returns them, and interim answers."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class RequestBody(NamedTuple):
    """A request's body. A body that is too large has a `length` and no `data`.

    `abandoned`: the reader stops in the middle of the body, and the connection must be closed.
    """

    data: bytes
    length: int
    abandoned: bool = False


class Request(NamedTuple):
    """A whole request.

    - `path`, `query`: the two parts of the target around the `?`, as the client spells them; those
      of CONNECT are its target, and nothing.
    - `version`: the version of HTTP, such as `1.1`.
    - `headers`: by lower-case names, in the order of the message.
    - `keeps_connection`: whether the client may send another request after the answer.
    """

    method: str
    path: bytes
    query: bytes
    version: str
    headers: list[tuple[bytes, bytes]]
    body: RequestBody
    keeps_connection: bool = True


class Interim(Enum):
    """An interim answer, which a client awaits before it sends the body."""

    CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
