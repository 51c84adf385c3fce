"""Answers in this process for the real hosts: for clients with hard-coded URLs."""

import inspect
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack
from copy import copy
from functools import wraps
from types import TracebackType
from typing import Any, TypeVar, overload

from fake_server.errors import SettingError
from fake_server.testing.interception.hosts import Hosts, Origin
from fake_server.testing.interception.libraries import patched
from fake_server.testing.interception.url_locations import read_allowed
from fake_server.testing.planes import LocalPlane
from fake_server.testing.shared import shared_app
from fake_server.testing.world import FakeWorld

__all__ = ["Interception", "intercept"]

_F = TypeVar("_F", bound=Callable[..., Any])
_FIXTURE_ATTRIBUTES = ("_fixture_function_marker", "_pytestfixturefunction")
"""The attribute that marks a fixture of pytest: since 8.4, and before."""


class Interception:
    """Answers requests, httpx, httpx2 and aiohttp for the real hosts while its `with` block runs.

    A decorated function, plain or `async`, is intercepted while it runs; a generator from its first
    step to its end. Interceptions may be nested and used again: the innermost one answers.
    """

    def __init__(
        self,
        world: FakeWorld | None,
        hosts: Mapping[str, str],
        allow: str | Iterable[str],
        options: dict[str, Any],
    ) -> None:
        if world is not None and options:
            raise TypeError(f"a world is given: it cannot also be made with {', '.join(options)}")
        self._world = world
        self._hosts = Hosts.of(hosts)
        self._allow = read_allowed(allow)
        self._options = options
        self._open: list[ExitStack] = []

    def __enter__(self) -> FakeWorld:
        """Start to answer; return the world, with the base URLs of the real hosts."""
        with ExitStack() as stack:
            world = self._world or stack.enter_context(_new_world(self._options))
            plane = world.plane
            if not isinstance(plane, LocalPlane):
                raise SettingError(
                    f"{world.url}: interception answers in this process;"
                    " it cannot reach a world of a server elsewhere"
                )
            hosts = self._hosts.only(world.apis)
            origin = Origin(plane.app, world.name, hosts, self._allow)
            stack.enter_context(patched(origin))
            self._open.append(stack.pop_all())
            return world.at({name: hosts.url(name) for name in world.apis})

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Send requests to the network again."""
        self._open.pop().close()

    def __call__(self, function: _F) -> _F:
        """Return a function that runs intercepted; raises TypeError for any other object."""
        _require_function(function)
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def run_async(*args: Any, **options: Any) -> Any:
                with self._copy():
                    return await function(*args, **options)

            return run_async  # type: ignore[return-value]  # has the signature of what it wraps

        if inspect.isgeneratorfunction(function):

            @wraps(function)
            def run_steps(*args: Any, **options: Any) -> Generator[Any, Any, Any]:
                with self._copy():
                    return (yield from function(*args, **options))

            return run_steps  # type: ignore[return-value]  # has the signature of what it wraps

        @wraps(function)
        def run(*args: Any, **options: Any) -> Any:
            with self._copy():
                return function(*args, **options)

        return run  # type: ignore[return-value]  # has the signature of what it wraps

    def _copy(self) -> "Interception":
        """Return a copy for a single call: concurrent calls end in any order."""
        copied = copy(self)
        copied._open = []
        return copied


@overload
def intercept(target: _F, /) -> _F: ...


@overload
def intercept(
    target: FakeWorld | None = None,
    /,
    *,
    hosts: Mapping[str, str] | None = None,
    fabmanager: str | None = None,
    allow: str | Iterable[str] = (),
    **options: Any,
) -> Interception: ...


def intercept(
    target: Any = None,
    /,
    *,
    hosts: Mapping[str, str] | None = None,
    fabmanager: str | None = None,
    allow: str | Iterable[str] = (),
    **options: Any,
) -> Any:
    """Answer for the real hosts in this process.

    It is a context manager, `with intercept() as world:`, and a decorator.

    - `target`: a world of this process that answers. Without it, a new world answers, and the end
      of the block deletes that world.
    - `hosts`: URLs by API in place of the real ones: `{"fabmanager": "https://lab.example"}`. An
      API without a host gets one such as `https://library.example`.
    - `fabmanager`: short for `hosts={"fabmanager": ...}`.
    - `allow`: one or more URLs whose requests go to the network: scheme, host and port are equal,
      and the path is equal or below. No other request goes out.
    - `options`: attributes of a new world, such as `dataset="documented"` or `frozen=True`.

    Requests of requests, httpx, httpx2 and aiohttp are answered. Any other client that is about to
    reach one of the hosts, by `http.client` or a socket, gets `InterceptionError`.

    Raises `UserError` (one line) for a malformed URL, and if neither `responses` nor `respx` is
    installed.
    """
    named = dict(hosts or {}) if fabmanager is None else {**(hosts or {}), "fabmanager": fabmanager}
    if target is not None and not isinstance(target, FakeWorld):
        return Interception(None, named, allow, options)(target)
    return Interception(target, named, allow, options)


def _require_function(function: Any) -> None:
    name = getattr(function, "__name__", repr(function))
    if any(hasattr(function, mark) for mark in _FIXTURE_ATTRIBUTES):
        raise TypeError(f"intercept decorates no fixture: put @pytest.fixture above it, on {name}")
    if inspect.isclass(function):
        raise TypeError(f"intercept decorates functions, not the class {name}")
    if inspect.isasyncgenfunction(function):
        raise TypeError(
            f"intercept decorates no async generator: in {name}, use `with intercept():` instead"
        )
    if not callable(function):
        raise TypeError(f"intercept decorates functions, or takes a world of a test; found {name}")


def _new_world(options: dict[str, Any]) -> FakeWorld:
    attributes = options if "dataset_yaml" in options else {"dataset": "demo", **options}
    return FakeWorld.create(LocalPlane(shared_app()), **attributes)
