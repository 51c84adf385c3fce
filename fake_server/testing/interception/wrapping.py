"""Attributes that replace others while blocks run; the blocks may end in any order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_MISSING = object()

_users: dict[Any, int] = {}
"""The number of open blocks by wrapper."""


@contextmanager
def wrapped(owner: Any, name: str, make: Callable[[Any], Any]) -> Iterator[None]:
    """Replace an attribute of a module or class by `make(attribute)` while the block runs.

    Blocks share a wrapper, and the last one undoes it. A wrapper that another library has covered
    meanwhile stays, since what covers it would bring it back: it must do nothing without a block.
    """
    if vars(owner).get(name, _MISSING) not in _users:
        previous = vars(owner).get(name, _MISSING)
        wrapper = make(getattr(owner, name))
        wrapper.__understudy_previous__ = previous
        setattr(owner, name, wrapper)
        _users[wrapper] = 0
    wrapper = vars(owner)[name]
    _users[wrapper] += 1
    try:
        yield
    finally:
        _users[wrapper] -= 1
        if not _users[wrapper] and vars(owner).get(name) is wrapper:
            del _users[wrapper]
            if wrapper.__understudy_previous__ is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, wrapper.__understudy_previous__)
