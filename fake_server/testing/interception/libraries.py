"""Which client libraries are intercepted: those that are installed, with what intercepts them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fake_server.errors import MissingExtraError
from fake_server.testing.interception.hosts import Place
from fake_server.testing.interception.stopping import stop

_PATCHES = {
    "requests": ("responses", "fake_server.testing.interception.with_requests"),
    "httpx": ("respx", "fake_server.testing.interception.with_httpx"),
}

_places: list[Place] = []
_own: ContextVar[tuple[Place, ...]] = ContextVar("_own", default=())
"""The places of the current task or thread: those that run at a time do not get each other's."""


def find(url: str) -> Place | None:
    """Return the innermost place that answers a URL; of the current task, if it has one."""
    own = (place for place in reversed(_own.get()) if place in _places)
    return next((place for place in (*own, *reversed(_places)) if place.answers(url)), None)


def let_out(url: str) -> bool:
    """Return whether a request that nobody answers may go to the network."""
    return any(place.lets_out(url) for place in _places)


@contextmanager
def patched(place: Place) -> Iterator[None]:
    """Have a place answer what the installed libraries send, while the block runs.

    Raises `UserError` where none can be intercepted.
    """
    with ExitStack() as stack:
        for patch in _patches():
            stack.enter_context(patch())
        _places.append(place)
        stack.callback(_places.remove, place)
        _own.set((*(known for known in _own.get() if known in _places), place))
        yield


def _patches() -> list[Callable[[], AbstractContextManager[Any]]]:
    """Return the interceptors of the installed libraries, and the blocks of all others."""
    there = [library for library in _PATCHES if _is_installed(library)]
    usable = [library for library in there if _is_installed(_PATCHES[library][0])]
    if not usable:
        raise MissingExtraError(
            "interception needs responses (for requests) or respx (for httpx):"
            " install understudy with its extra, understudy[intercept]"
        )
    return [
        import_module(_PATCHES[library][1]).patch if library in usable else partial(stop, library)
        for library in there
    ]


def _is_installed(library: str) -> bool:
    return find_spec(library) is not None
