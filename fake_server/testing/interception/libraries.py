"""The interception of the installed client libraries."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fake_server.errors import MissingExtraError
from fake_server.testing.interception.hosts import Origin
from fake_server.testing.interception.stopping import stop

_PATCHES = {
    "requests": ("responses", "fake_server.testing.interception.with_requests"),
    "httpx": ("respx", "fake_server.testing.interception.with_httpx"),
}

_origins: list[Origin] = []
_task_origins: ContextVar[tuple[Origin, ...]] = ContextVar("_task_origins", default=())
"""The origins of the current task or thread, which concurrent ones do not see."""


def find(url: str) -> Origin | None:
    """Return the innermost origin that answers a URL; those of the current task come first."""
    task_origins = (origin for origin in reversed(_task_origins.get()) if origin in _origins)
    return next(
        (origin for origin in (*task_origins, *reversed(_origins)) if origin.answers(url)), None
    )


def let_out(url: str) -> bool:
    """Return whether a request to a URL without an origin may go to the network."""
    return any(origin.lets_out(url) for origin in _origins)


@contextmanager
def patched(origin: Origin) -> Iterator[None]:
    """Send the requests of the installed libraries to an origin while the block runs.

    Raises `UserError` if no interceptor of an installed library is installed.
    """
    with ExitStack() as stack:
        for patch in _patches():
            stack.enter_context(patch())
        _origins.append(origin)
        stack.callback(_origins.remove, origin)
        _task_origins.set((*(outer for outer in _task_origins.get() if outer in _origins), origin))
        yield


def _patches() -> list[Callable[[], AbstractContextManager[Any]]]:
    """Return an interceptor for each installed library, or a function that stops its requests."""
    installed = [library for library in _PATCHES if _is_installed(library)]
    intercepted = [library for library in installed if _is_installed(_PATCHES[library][0])]
    if not intercepted:
        raise MissingExtraError(
            "interception needs responses (for requests) or respx (for httpx):"
            " install understudy with its extra, understudy[intercept]"
        )
    return [
        import_module(_PATCHES[library][1]).patch
        if library in intercepted
        else partial(stop, library)
        for library in installed
    ]


def _is_installed(library: str) -> bool:
    return find_spec(library) is not None
