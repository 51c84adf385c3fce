"""Answers the real hosts in this process: for clients that have them hard-coded."""

import inspect
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from copy import copy
from functools import wraps
from types import TracebackType
from typing import Any, TypeVar, overload

from fake_server.testing.interception.hosts import Hosts, Place
from fake_server.testing.interception.libraries import patched
from fake_server.testing.planes import LocalPlane
from fake_server.testing.shared import shared_app
from fake_server.testing.world import FakeWorld
from fake_server.world.errors import UserError

__all__ = ["Interception", "intercept"]

_F = TypeVar("_F", bound=Callable[..., Any])


class Interception:
    """Answers requests of requests and httpx to the real hosts while its `with` block runs.

    As a decorator it does so while the function runs, plain or `async`. It can be used again, and
    within itself: the innermost answers.
    """

    def __init__(
        self,
        world: FakeWorld | None,
        fabmanager: str | None,
        allow: Sequence[str],
        options: dict[str, Any],
    ) -> None:
        if world is not None and options:
            raise TypeError(f"a world is given: it cannot also be made with {', '.join(options)}")
        self._world = world
        self._given = {} if fabmanager is None else {"fabmanager": fabmanager}
        self._allow = tuple(allow)
        self._options = options
        self._open: list[ExitStack] = []

    def __enter__(self) -> FakeWorld:
        """Start answering; gives the world, its base URLs being those of the real hosts."""
        with ExitStack() as stack:
            world = self._world or stack.enter_context(_own_world(self._options))
            plane = world.plane
            if not isinstance(plane, LocalPlane):
                raise UserError(
                    f"{world.url}: interception answers in this process;"
                    " it cannot reach a world of a server elsewhere"
                )
            hosts = Hosts.of(self._given)
            stack.enter_context(patched(Place(plane.app, world.name, hosts, self._allow)))
            self._open.append(stack.pop_all())
            return world.at({name: hosts.url(name) for name in world.apis})

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let requests go where they went before."""
        self._open.pop().close()

    def __call__(self, function: _F) -> _F:
        """Return a function that runs intercepted; raises TypeError for a class."""
        if inspect.isclass(function):
            raise TypeError(f"intercept decorates functions, not the class {function.__name__}")
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def run_async(*args: Any, **options: Any) -> Any:
                with self._another():
                    return await function(*args, **options)

            return run_async  # type: ignore[return-value]  # has the signature of what it wraps

        @wraps(function)
        def run(*args: Any, **options: Any) -> Any:
            with self._another():
                return function(*args, **options)

        return run  # type: ignore[return-value]  # has the signature of what it wraps

    def _another(self) -> "Interception":
        """Return one for a single call: calls at a time end in any order."""
        another = copy(self)
        another._open = []
        return another


@overload
def intercept(given: _F, /) -> _F: ...


@overload
def intercept(
    given: FakeWorld | None = None,
    /,
    *,
    fabmanager: str | None = None,
    allow: Sequence[str] = (),
    **options: Any,
) -> Interception: ...


def intercept(
    given: Any = None,
    /,
    *,
    fabmanager: str | None = None,
    allow: Sequence[str] = (),
    **options: Any,
) -> Any:
    """Answer the real hosts in this process: `with intercept() as world:`, or as a decorator.

    - `given`: a world of this process that answers; a new one, deleted at the end, if left out.
    - `fabmanager`: the lab that answers for Fab-manager, such as `https://lab.example`.
    - `allow`: beginnings of URLs that may be reached for real. Nothing else goes out.
    - `options`: those of a new world, such as `dataset="documented"` or `frozen=True`.

    Raises `UserError` where neither `responses` nor `respx` is installed.
    """
    if given is not None and not isinstance(given, FakeWorld):
        return Interception(None, fabmanager, allow, options)(given)
    return Interception(given, fabmanager, allow, options)


def _own_world(options: dict[str, Any]) -> FakeWorld:
    own = options if "dataset_yaml" in options else {"dataset": "demo", **options}
    return FakeWorld.create(LocalPlane(shared_app()), **own)
