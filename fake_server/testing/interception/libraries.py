"""The interception of the installed client libraries."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fake_server.errors import MissingExtraError
from fake_server.testing.interception.hosts import Origin
from fake_server.testing.interception.network import closed_network
from fake_server.testing.interception.origins import opened
from fake_server.testing.interception.stopping import stop

_PATCHES = {
    "requests": ("responses", "fake_server.testing.interception.with_requests"),
    "httpx": ("respx", "fake_server.testing.interception.with_httpx"),
    "httpx2": (None, "fake_server.testing.interception.with_httpx2"),
    "aiohttp": (None, "fake_server.testing.interception.with_aiohttp"),
}
"""The interceptor that each library needs, and the module that intercepts it."""


@contextmanager
def patched(origin: Origin) -> Iterator[None]:
    """Send the requests of the installed libraries to an origin while the block runs.

    Raises `UserError` if no interceptor is installed.
    """
    with ExitStack() as stack:
        for patch in _patches():
            stack.enter_context(patch())
        stack.enter_context(closed_network())
        stack.enter_context(opened(origin))
        yield


def _patches() -> list[Callable[[], AbstractContextManager[Any]]]:
    """Return an interceptor for each installed library, or a function that stops its requests."""
    installed = [library for library in _PATCHES if _is_installed(library)]
    interceptors = {interceptor for interceptor, _ in _PATCHES.values() if interceptor}
    missing = {interceptor for interceptor in interceptors if not _is_installed(interceptor)}
    if missing == interceptors:
        raise MissingExtraError(
            "interception needs responses (for requests) or respx (for httpx):"
            " install understudy with its extra, understudy[intercept]"
        )
    return [
        import_module(_PATCHES[library][1]).patch
        if _PATCHES[library][0] not in missing
        else partial(stop, library)
        for library in installed
    ]


def _is_installed(library: str) -> bool:
    return find_spec(library) is not None
