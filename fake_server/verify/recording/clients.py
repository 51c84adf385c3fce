"""Distinguishes the servers and clients of a recording: each pair has a memory of its own."""

import hashlib

from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.operation_matching import RouteMatch
from fake_server.verify.recording.several import Memory

_READING = {"GET", "HEAD", "OPTIONS"}
_IDENTITY = {"authorization", "cookie", "x-4me-account", "x-xurrent-account"}


class Clients:
    """The memories of all pairs of a server and a client."""

    def __init__(self) -> None:
        self._memories: dict[str, Memory] = {}

    def memory_of(self, exchange: Exchange, match: RouteMatch) -> Memory:
        """Return the memory of an exchange's server and client; what changes records empties it."""
        server = server_of(exchange, match)
        is_grant = match.route.declared is None and "token" in match.route.template
        if exchange.answer.request.method not in _READING and not is_grant:
            for key, memory in self._memories.items():
                if key.startswith(f"{server} "):
                    memory.forget()
        return self._memories.setdefault(self.key_of(exchange, match), Memory())

    def note_unrouted(self, exchange: Exchange) -> None:
        """Forget everything if a request without an operation may have changed records."""
        if exchange.answer.request.method not in _READING:
            for memory in self._memories.values():
                memory.forget()

    def key_of(self, exchange: Exchange, match: RouteMatch | None) -> str:
        """Return the key of a server and a client; it holds no credentials."""
        identity = sorted(
            f"{name.lower()}={value}"
            for name, value in exchange.answer.request.headers
            if name.lower() in _IDENTITY
        )
        digest = hashlib.sha256("\n".join(identity).encode("utf-8", "replace")).hexdigest()
        return f"{server_of(exchange, match)} {digest[:16]}"


def server_of(exchange: Exchange, match: RouteMatch | None) -> str:
    """Return the server of an exchange: its host, and the path before those of the API."""
    return f"{exchange.answer.base_url}{match.prefix if match else ''}"
