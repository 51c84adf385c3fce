"""The reference of Python names: `python -m tools.python_reference` prints `docs/python-api.md`.

It has the docstrings of `fake_server`, of `fake_server.testing` and of the pytest fixtures. A test
holds the page to this.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from fake_server.errors import tree

_Callable = ast.FunctionDef | ast.AsyncFunctionDef

_HEAD = """# Python API

The public names of Understudy, as their docstrings describe them. Other modules may change with any
version, but for [the surface for API packages](api-packages.md). [Testing a client with
pytest](testing.md) shows the names in use; [errors](errors.md) has all exceptions.
"""
_PLUGIN = "fake_server.testing.plugin"
_ERRORS = {error.__name__ for error in tree()}
_WIDTH = 80


def reference() -> str:
    """Return the page in Markdown."""
    parts = [_HEAD, *_module("fake_server"), *_module("fake_server.testing"), *_fixtures()]
    return "\n".join(parts).rstrip() + "\n"


def names(module: str) -> list[str]:
    """Return the public names of a module that the page describes."""
    return sorted(set(import_module(module).__all__) - _ERRORS - {"__version__"}, key=str.lower)


def _module(module: str) -> Iterator[str]:
    yield f"## `{module}`\n"
    yield f"{_first_sentence(str(import_module(module).__doc__))}\n"
    for name in names(module):
        home = getattr(import_module(module), name).__module__
        if module != "fake_server" and name in names("fake_server"):
            yield f"### `{name}`\n\nThe same as [`fake_server.{name}`](#{name.lower()}).\n"
        else:
            yield from _described(_definition(home, name))
    if module == "fake_server":
        yield "### `UserError`\n\nThe base of [all errors](errors.md) of a user's making.\n"


def _fixtures() -> Iterator[str]:
    yield "## Fixtures of pytest\n"
    yield "The plugin is there wherever Understudy is installed beside pytest.\n"
    for node in _tree(_PLUGIN).body:
        if isinstance(node, _Callable) and any("fixture" in name for name in _decorators(node)):
            yield f"### `{node.name}` (fixture)\n\n{_text(node)}\n"


def _definition(module: str, name: str) -> ast.ClassDef | _Callable:
    """Return the last definition of a name: the ones before it are overloads."""
    definitions = [
        node
        for node in _tree(module).body
        if isinstance(node, ast.ClassDef | _Callable) and node.name == name
    ]
    if not definitions:
        raise LookupError(f"{module} has no {name}")
    return definitions[-1]


def _described(node: ast.ClassDef | _Callable) -> Iterator[str]:
    yield f"### `{node.name}`\n"
    if isinstance(node, ast.ClassDef):
        yield from _class(node)
    else:
        yield f"{_signature(node.name, node)}\n\n{_text(node)}\n"


def _class(node: ast.ClassDef) -> Iterator[str]:
    methods = [member for member in node.body if isinstance(member, _Callable)]
    constructors = [member for member in methods if member.name == "__init__"]
    if any(name.startswith("dataclass") for name in _names(node.decorator_list)):
        yield f"{_block(node.name, list(_fields(node)), '')}\n"
    elif constructors and not _is_made_by_others(constructors[0]):
        yield f"{_signature(node.name, constructors[0], bound=True)}\n"
    yield f"{_text(node)}\n"
    for member in methods:
        if not member.name.startswith("_"):
            yield from _member(node.name, member)


def _is_made_by_others(init: _Callable) -> bool:
    """Whether a class is made by other public names alone, from what is not public."""
    return any(ast.unparse(each.annotation or each).endswith("Plane") for each in init.args.args)


def _member(owner: str, node: _Callable) -> Iterator[str]:
    decorators = _decorators(node)
    if "overload" in decorators:
        return
    yield f"#### `{owner}.{node.name}`\n"
    if "property" not in decorators:
        yield f"{_signature(node.name, node, bound='staticmethod' not in decorators)}\n"
    elif node.returns is not None:
        yield f"```python\n{node.name}: {ast.unparse(node.returns)}\n```\n"
    yield f"{_text(node)}\n"


def _decorators(node: _Callable) -> list[str]:
    return _names(node.decorator_list)


def _names(decorators: list[ast.expr]) -> list[str]:
    return [ast.unparse(decorator) for decorator in decorators]


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """Return the fields of a data class as parameters."""
    for member in node.body:
        if isinstance(member, ast.AnnAssign):
            default = None if isinstance(member.value, ast.Call) else member.value
            yield _parameter(ast.arg(ast.unparse(member.target), member.annotation), default)


def _signature(name: str, node: _Callable, *, bound: bool = False) -> str:
    """Return a signature as a code block, one parameter a line where it is long."""
    parameters = list(_parameters(node.args))[1 if bound else 0 :]
    returned = ast.unparse(node.returns).strip("'") if node.returns is not None else "None"
    end = "" if returned == "None" else f" -> {returned}"
    return _block(name, parameters, end)


def _block(name: str, parameters: list[str], end: str) -> str:
    line = f"{name}({', '.join(parameters)}){end}"
    if len(line) > _WIDTH:
        lines = "".join(f"    {parameter},\n" for parameter in parameters)
        line = f"{name}(\n{lines}){end}"
    return f"```python\n{line}\n```"


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults = [*missing, *arguments.defaults]
    for number, (parameter, default) in enumerate(zip(positional, defaults, strict=True), start=1):
        yield _parameter(parameter, default)
        if number == len(arguments.posonlyargs):
            yield "/"
    if arguments.vararg is not None:
        yield f"*{_parameter(arguments.vararg, None)}"
    elif arguments.kwonlyargs:
        yield "*"
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(parameter, default)
    if arguments.kwarg is not None:
        yield f"**{_parameter(arguments.kwarg, None)}"


def _parameter(parameter: ast.arg, default: ast.expr | None) -> str:
    text = parameter.arg
    if parameter.annotation is not None:
        text += f": {ast.unparse(parameter.annotation)}"
    if default is not None:
        equals = " = " if parameter.annotation is not None else "="
        text += equals + ast.unparse(default)
    return text


def _text(node: ast.ClassDef | _Callable) -> str:
    """Return a docstring as Markdown, its examples as blocks of code."""
    docstring = ast.get_docstring(node)
    if docstring is None:
        raise LookupError(f"{node.name} has no docstring")
    examples = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)
    return examples.sub(lambda match: f"```pycon\n{match[0]}\n```", docstring)


def _first_sentence(text: str) -> str:
    return text.partition("\n\n")[0].strip()


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(Path(str(import_module(module).__file__)).read_text(encoding="utf-8"))


if __name__ == "__main__":
    print(reference(), end="")
