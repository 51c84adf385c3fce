"""How a defect is made at run time: a function with one text changed, or another constant."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any, Protocol
from unittest.mock import patch


class StaleError(Exception):
    """The product has changed, so that a slip no longer fits it; says where."""


class Slip(Protocol):
    """A change of one place of the product."""

    def check(self) -> None:
        """Raise `StaleError` unless the place is there and would change."""

    def made(self) -> Any:
        """Return a context manager, within which the change is made."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A function in whose source `old`, which stands there once, is `new`.

    `target` is `module:name` or `module:Class.name`. Whoever has imported the
    function, or registered it as a view, gets the changed one: its code object is exchanged.
    """

    target: str
    old: str
    new: str

    def check(self) -> None:
        """Raise `StaleError` unless the function is there and has the text once."""
        self._edited(_function(self.target))

    @contextmanager
    def made(self) -> Iterator[None]:
        """Make the change, and take it back."""
        function = _function(self.target)
        code, defaults = function.__code__, function.__defaults__
        function.__code__ = self._edited(function)
        try:
            yield
        finally:
            function.__code__, function.__defaults__ = code, defaults

    def _edited(self, function: FunctionType) -> CodeType:
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(self.old) != 1:
            raise StaleError(f"{self.target} has {self.old!r} {source.count(self.old)} times")
        return _compiled(source.replace(self.old, self.new), function)


@dataclass(frozen=True, slots=True)
class Constant:
    """A module's constant that has another value: `change` of the one it has."""

    target: str
    change: Callable[[Any], Any]

    def check(self) -> None:
        """Raise `StaleError` unless the constant is there and would change."""
        value = _found(self.target)
        if self.change(value) == value:
            raise StaleError(f"{self.target} stays what it is")

    @contextmanager
    def made(self) -> Iterator[None]:
        """Make the change, and take it back."""
        value = _found(self.target)
        module, _, name = self.target.partition(":")
        with patch.object(import_module(module), name, self.change(value)):
            yield


@dataclass(frozen=True, slots=True)
class Entries:
    """A module's dictionary in which some entries are others, for all who have imported it."""

    target: str
    changed: Mapping[Any, Any]

    def check(self) -> None:
        """Raise `StaleError` unless the dictionary is there and would change."""
        found = _found(self.target)
        if {**found, **self.changed} == found:
            raise StaleError(f"{self.target} stays what it is")

    @contextmanager
    def made(self) -> Iterator[None]:
        """Make the change, and take it back."""
        with patch.dict(_found(self.target), self.changed):
            yield


def _found(target: str) -> Any:
    module, _, path = target.partition(":")
    try:
        found: Any = import_module(module)
        for name in path.split("."):
            found = inspect.getattr_static(found, name)
    except (ImportError, AttributeError):
        raise StaleError(f"there is no {target}") from None
    return found


def _function(target: str) -> FunctionType:
    found = _found(target)
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, classmethod | staticmethod | cached_property):
        found = found.func if isinstance(found, cached_property) else found.__func__
    found = inspect.unwrap(found)
    if not isinstance(found, FunctionType):
        raise StaleError(f"{target} is no function")
    return found


def _compiled(source: str, function: FunctionType) -> CodeType:
    """Compile a function's source with the same free variables, such as `super` needs."""
    definition = ast.parse(source).body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise StaleError(f"{function.__qualname__} is no function")
    definition.decorator_list = []
    outer = ast.parse("def outer(): pass").body[0]
    if not isinstance(outer, ast.FunctionDef):
        raise AssertionError("a def is a function")
    names = function.__code__.co_freevars
    # Its own name is no variable of the outer function: it may call itself.
    before = [f"global {definition.name}", *(f"{name} = None" for name in names)]
    outer.body = [*ast.parse("\n".join(before)).body, definition]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    whole = compile(module, function.__code__.co_filename, "exec", dont_inherit=True)
    return _inner(_inner(whole, "outer"), definition.name)


def _inner(code: CodeType, name: str) -> CodeType:
    return next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)
