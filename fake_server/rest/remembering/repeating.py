"""The effects and headers that each request has anew, also for a remembered answer."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fake_server.rest.context import WORLD
from fake_server.world.world import World

REPEATED = "fake_server.repeated"
"""The key, in the environ, of what the answer needs anew: pairs of a `Repeat` and the names of its
headers."""

Headers = Mapping[str, str]
Repeat = Callable[[dict[str, Any]], Headers]
"""Takes a request's WSGI environ, and returns the headers that its answer has beside the others."""

_T = TypeVar("_T")


def repeat(
    environ: dict[str, Any],
    act: Callable[[dict[str, Any]], _T],
    headers: Callable[[_T], Headers],
) -> _T:
    """Return `act(environ)`, which each request for a remembered answer does as well.

    - `act`: counts a request, draws an id, reads the clock. It has the environ and no context of
      Flask: a remembered answer is given without one.
    - `headers`: the headers that the answer has from the result, which the caller adds.
    """
    repeated: list[tuple[Repeat, frozenset[str]]] | None = environ.get(REPEATED)
    if repeated is None:
        # Nobody is going to remember the answer.
        return act(environ)
    with world_of(environ).observed.excused():
        result = act(environ)
    repeated.append((lambda later: headers(act(later)), frozenset(headers(result))))
    return result


def world_of(environ: Mapping[str, Any]) -> World:
    """Return the world that a request is for."""
    world: World = environ[WORLD]
    return world
