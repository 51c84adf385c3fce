"""The target of a reverse proxy, and the connections to it."""

import asyncio
import base64
import ssl
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import h11

from fake_server.cli.watch.peer import Peer
from fake_server.errors import VerificationError
from fake_server.server_urls import is_loopback_host
from fake_server.verify.server.transport import require_safe

CONNECT_SECONDS = 30.0
"""How long a connection to the target may take to open."""

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class WatchedTarget:
    """The server behind a reverse proxy.

    - `url`: its URL; a path in it comes before every request target.
    - `ca_file`: the authorities that its certificate may be of; None: those of the system.
    """

    url: str
    ca_file: Path | None = None

    @classmethod
    def checked(cls, url: str, ca_file: Path | None, *, insecure: bool) -> "WatchedTarget":
        """Return the target of a URL; raises `VerificationError` for one that is not usable."""
        target = cls(url.rstrip("/"), ca_file)
        require_safe(target.url, insecure)
        if target._parts.query or target._parts.fragment:
            raise VerificationError(f"{url}: expected a URL without a query")
        try:
            _ = target.port, target._ssl
        except ValueError as error:
            raise VerificationError(f"{url}: {error}") from None
        except OSError as error:
            reason = error.strerror or error
            raise VerificationError(f"{ca_file}: no certificates: {reason}") from None
        return target

    @cached_property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def host(self) -> str:
        """The name or address of the host, without brackets."""
        return self._parts.hostname or ""

    @property
    def port(self) -> int:
        """The port."""
        return self._parts.port or _PORTS[self._parts.scheme]

    @property
    def origin(self) -> str:
        """Scheme, host and port as the URL has them."""
        return f"{self._parts.scheme}://{self._parts.netloc}"

    @property
    def authority(self) -> bytes:
        """The value of `Host`."""
        return self._parts.netloc.encode("idna" if not self._parts.netloc.isascii() else "ascii")

    @property
    def prefix(self) -> bytes:
        """The path before every request target; empty for most targets."""
        return self._parts.path.encode()

    @cached_property
    def _ssl(self) -> ssl.SSLContext | None:
        if self._parts.scheme == "http":
            return None
        return ssl.create_default_context(cafile=self.ca_file)

    @cached_property
    def _proxy(self) -> SplitResult | None:
        """The proxy on the way, by the environment; a loopback target never has one."""
        if is_loopback_host(self.host) or proxy_bypass(self.host):
            return None
        url = getproxies().get(self._parts.scheme) or getproxies().get("all")
        return urlsplit(url if "://" in url else f"http://{url}") if url else None

    def target_on_the_line(self, target: bytes) -> bytes:
        """Return a request target as the request line has it."""
        if self._proxy is not None and self._ssl is None:
            return self.origin.encode() + self.prefix + target
        return self.prefix + target if target.startswith(b"/") else target

    def proxy_headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers for a proxy on the way that reads each request."""
        return _authorization(self._proxy) if self._proxy and self._ssl is None else []

    async def open(self) -> Peer:
        """Return a new connection; raises OSError and TimeoutError."""
        async with asyncio.timeout(CONNECT_SECONDS):
            if self._proxy is None:
                streams = await asyncio.open_connection(self.host, self.port, ssl=self._ssl)
            else:
                streams = await self._through(self._proxy)
        return Peer(h11.Connection(h11.CLIENT), *streams)

    async def _through(
        self, proxy: SplitResult
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = ssl.create_default_context() if proxy.scheme == "https" else None
        streams = await asyncio.open_connection(
            proxy.hostname, proxy.port or _PORTS.get(proxy.scheme, 80), ssl=context
        )
        if self._ssl is None:
            return streams
        peer = Peer(h11.Connection(h11.CLIENT), *streams)
        address = f"[{self.host}]" if ":" in self.host else self.host
        name = f"{address}:{self.port}".encode()
        await peer.send(
            h11.Request(
                method=b"CONNECT", target=name, headers=[(b"Host", name), *_authorization(proxy)]
            )
        )
        await peer.send(h11.EndOfMessage())
        answer = await peer.next_event()
        if not isinstance(answer, h11.Response) or not 200 <= answer.status_code < 300:
            peer.abort()
            status = getattr(answer, "status_code", "nothing")
            raise ConnectionError(f"the proxy {proxy.hostname} answers {status} to CONNECT")
        await streams[1].start_tls(self._ssl, server_hostname=self.host)
        return streams


def _authorization(proxy: SplitResult) -> list[tuple[bytes, bytes]]:
    if proxy.username is None:
        return []
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return [(b"Proxy-Authorization", b"Basic " + base64.b64encode(pair.encode()))]
