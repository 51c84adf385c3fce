"""A way to reach a target: what it sends and returns, and which URLs are safe."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult

from werkzeug.datastructures import Headers

from fake_server.errors import VerificationError
from fake_server.server_urls import http_parts, is_loopback_host
from fake_server.verify.server.raw_messages import ApiRequest


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as a transport received it: status, headers in order, decompressed body."""

    status: int
    headers: Headers
    body: bytes


class Transport(Protocol):
    """Sends one request and returns its answer; it follows no redirect."""

    @property
    def base_url(self) -> str:
        """Scheme, host and path before every target, without a slash at its end."""

    @property
    def name(self) -> str:
        """The server in a report: its base URL, or where it is if nobody listens there."""

    def send(self, request: ApiRequest) -> RawAnswer:
        """Send a request; raises `NoAnswerError` if no complete answer came."""


def url_parts(url: str) -> SplitResult:
    """Return the parts of a server's URL; raises `VerificationError` for a malformed one."""
    parts = http_parts(url)
    if parts is None:
        raise VerificationError(f"{url}: expected a URL such as https://api.example.com")
    return parts


def require_safe(url: str, insecure: bool) -> None:
    """Raise `VerificationError` for a URL that holds credentials or sends them in the clear.

    `insecure` allows plain HTTP to another machine.
    """
    parts = url_parts(url)
    if parts.username is not None or parts.password is not None:
        raise VerificationError("the target's URL holds credentials: give them by --credential")
    if parts.scheme == "http" and not is_loopback_host(parts.hostname) and not insecure:
        raise VerificationError(
            f"{url}: plain http would send credentials in the clear;"
            " use https, or --insecure if you mean it"
        )
