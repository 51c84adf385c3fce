"""Stops the requests of libraries whose interceptor is not installed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from fake_server.errors import MissingExtraError

_SENDERS = {
    "requests": ("responses", ["requests.adapters.HTTPAdapter.send"]),
    "httpx": (
        "respx",
        ["httpx.HTTPTransport.handle_request", "httpx.AsyncHTTPTransport.handle_async_request"],
    ),
}


@contextmanager
def stop(library: str) -> Iterator[None]:
    """Raise `UserError` for all requests of a library while the block runs."""
    interceptor, senders = _SENDERS[library]

    def refuse(*_: Any, **__: Any) -> Any:
        raise MissingExtraError(
            f"{library} is not intercepted without {interceptor}:"
            " install understudy with its extra, understudy[intercept]"
        )

    with ExitStack() as stack:
        for sender in senders:
            stack.enter_context(patch(sender, refuse))
        yield
