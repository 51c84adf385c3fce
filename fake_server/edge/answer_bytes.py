"""Answers and refusals as bytes, for a connection on a socket and for one in memory."""

from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

from fake_server.edge.adapter import WsgiAnswer
from fake_server.edge.http_messages import Request
from fake_server.edge.refusals import Refusal

Headers = list[tuple[bytes, bytes]]

_WITHOUT_BODY = frozenset({204, 304})


class AnswerBytes(NamedTuple):
    """The bytes of an answer; `closes`: the server closes the connection after them."""

    data: bytes
    closes: bool


def answer_bytes(answer: WsgiAnswer, request: Request, date: Headers) -> AnswerBytes:
    """Return an answer as its delivery has it; `date`: the header of one whose maker gave none."""
    delivery = answer.delivery
    if delivery.headless:
        return AnswerBytes(b"", closes=True)
    headers = answer.headers
    if not any(name == b"date" for name, _ in headers):
        headers = [*date, *headers]
    chunked = delivery.chunked and request.version == "1.1"
    if chunked:
        headers = [header for header in headers if header[0] != b"content-length"]
    if not request.keeps_connection:
        headers = [*headers, (b"connection", b"close")]
    if chunked:
        headers = [*headers, (b"transfer-encoding", b"chunked")]
    body = b""
    if request.method != "HEAD" and answer.status not in _WITHOUT_BODY:
        body = answer.body[: delivery.cut]
    if chunked and body:
        body = b"%x\r\n%s\r\n" % (len(body), body)
    closes = delivery.cut is not None or not request.keeps_connection
    return AnswerBytes(_message(answer.status, headers, body), closes)


def refusal_bytes(refusal: Refusal, date: Headers) -> bytes:
    """Return the answer to a refused message, after which the server closes the connection."""
    text = refusal.text.encode("ascii", "replace")
    headers = [
        *date,
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(text)),
        (b"connection", b"close"),
    ]
    return _message(refusal.status, headers, text)


def _message(status: int, headers: Headers, body: bytes) -> bytes:
    lines = b"".join([b"%s: %s\r\n" % header for header in headers])
    return b"%s%s\r\n%s" % (status_line(status), lines, body)


@lru_cache(600)
def status_line(status: int) -> bytes:
    """Return the first line of an answer, without a phrase for an unregistered status."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode("ascii")
