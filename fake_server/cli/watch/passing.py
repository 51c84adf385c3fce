"""How a proxy passes messages on, and why it cannot."""

import errno
import os
import ssl
from dataclasses import dataclass

import h11

from fake_server.cli.watch.address_rewriting import LinkRewriter
from fake_server.cli.watch.peer import Headers

_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization", b"te", b"upgrade"}
)


@dataclass(frozen=True, slots=True)
class ProxyOptions:
    """How a proxy passes messages on.

    - `timeout`: seconds without a byte of the target after which the client gets 504.
    - `rewrite_links`: replace the target's address by the proxy's in answers.
    """

    timeout: float = 60.0
    rewrite_links: bool = False


def passed_response(
    response: h11.Response, rewriter: LinkRewriter | None, *, changes_body: bool
) -> h11.Response:
    """Return the head of an answer as the client gets it.

    `rewriter` replaces links in headers; with `changes_body` the length of the body is left out.
    """
    headers = passed_headers(list(response.headers.raw_items()))
    if rewriter is not None:
        headers = [(name, rewriter.header(name, value)) for name, value in headers]
    if changes_body:
        headers = [header for header in headers if header[0].lower() != b"content-length"]
    return h11.Response(status_code=response.status_code, headers=headers, reason=response.reason)


def passed_headers(headers: Headers) -> Headers:
    """Return the headers of a message without those of the connection alone."""
    named = {
        name.strip().lower()
        for header, value in headers
        if header.lower() == b"connection"
        for name in value.split(b",")
    } - {b"content-length", b"transfer-encoding"}
    dropped = _HOP_BY_HOP | named
    return [header for header in headers if header[0].lower() not in dropped]


def reason_of(error: Exception) -> str:
    """Return, in one line, why a connection failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, ConnectionRefusedError):
        return os.strerror(errno.ECONNREFUSED)
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "the connection ended before an answer"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())
