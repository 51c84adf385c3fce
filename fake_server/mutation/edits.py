"""Edits at run time: a function with one text changed, or another constant."""

import ast
import builtins
import dis
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


class StaleEditError(Exception):
    """The product has changed and an edit no longer fits it; the text says where."""


class Edit(Protocol):
    """A change of one function or value of the product."""

    def check(self) -> None:
        """Raise `StaleEditError` unless the target exists and would change."""

    def applied(self) -> Any:
        """Return a context manager that applies the change."""


@dataclass(frozen=True, slots=True)
class SourceEdit:
    """Replaces `old`, which stands once in the source of a function, by `new`.

    `target` is `module:name` or `module:Class.name`. The edit exchanges the code object of the
    function: modules that imported it, or registered it as a view, get the changed one.
    """

    target: str
    old: str
    new: str

    def check(self) -> None:
        """Raise `StaleEditError` unless the function exists and has the text once.

        It raises it too for a name that the module of the function does not have.
        """
        function = _function_at(self.target)
        known = {*function.__globals__, *dir(builtins)}
        for name in _global_names(self._edited_code(function)):
            if name not in known:
                raise StaleEditError(f"{self.target} has no {name}")

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply the change, and revert it when the block ends."""
        function = _function_at(self.target)
        code, defaults = function.__code__, function.__defaults__
        function.__code__ = self._edited_code(function)
        try:
            yield
        finally:
            function.__code__, function.__defaults__ = code, defaults

    def _edited_code(self, function: FunctionType) -> CodeType:
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(self.old) != 1:
            raise StaleEditError(f"{self.target} has {self.old!r} {source.count(self.old)} times")
        return _compiled(source.replace(self.old, self.new), function)


@dataclass(frozen=True, slots=True)
class ConstantEdit:
    """Replaces a module's constant by `change` of its value."""

    target: str
    change: Callable[[Any], Any]

    def check(self) -> None:
        """Raise `StaleEditError` unless the constant exists and would change."""
        value = _value_at(self.target)
        if self.change(value) == value:
            raise StaleEditError(f"{self.target} stays what it is")

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply the change, and revert it when the block ends."""
        value = _value_at(self.target)
        module, _, name = self.target.partition(":")
        with patch.object(import_module(module), name, self.change(value)):
            yield


@dataclass(frozen=True, slots=True)
class MappingEdit:
    """Replaces entries of a module's dictionary, for all modules that imported it."""

    target: str
    changed: Mapping[Any, Any]

    def check(self) -> None:
        """Raise `StaleEditError` unless the dictionary exists and would change."""
        mapping = _value_at(self.target)
        if {**mapping, **self.changed} == mapping:
            raise StaleEditError(f"{self.target} stays what it is")

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply the change, and revert it when the block ends."""
        with patch.dict(_value_at(self.target), self.changed):
            yield


def _value_at(target: str) -> Any:
    module, _, path = target.partition(":")
    try:
        value: Any = import_module(module)
        for name in path.split("."):
            value = inspect.getattr_static(value, name)
    except (ImportError, AttributeError):
        raise StaleEditError(f"there is no {target}") from None
    return value


def _function_at(target: str) -> FunctionType:
    value = _value_at(target)
    if isinstance(value, property):
        value = value.fget
    elif isinstance(value, classmethod | staticmethod | cached_property):
        value = value.func if isinstance(value, cached_property) else value.__func__
    value = inspect.unwrap(value)
    if not isinstance(value, FunctionType):
        raise StaleEditError(f"{target} is no function")
    return value


def _compiled(source: str, function: FunctionType) -> CodeType:
    """Compile a function's source with the same free variables, such as `super` needs."""
    definition = ast.parse(source).body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise StaleEditError(f"{function.__qualname__} is no function")
    definition.decorator_list = []
    outer = ast.parse("def outer(): pass").body[0]
    if not isinstance(outer, ast.FunctionDef):
        raise AssertionError("a def is a function")
    names = function.__code__.co_freevars
    # Its own name is no variable of the outer function: it may call itself.
    before = [f"global {definition.name}", *(f"{name} = None" for name in names)]
    outer.body = [*ast.parse("\n".join(before)).body, definition]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    compiled = compile(module, function.__code__.co_filename, "exec", dont_inherit=True)
    return _code_named(_code_named(compiled, "outer"), definition.name)


def _global_names(code: CodeType) -> Iterator[str]:
    """Yield the names that code, and the functions within it, take from their module."""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant)


def _code_named(code: CodeType, name: str) -> CodeType:
    return next(
        constant
        for constant in code.co_consts
        if isinstance(constant, CodeType) and constant.co_name == name
    )
