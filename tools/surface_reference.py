"""The reference of the surface for API packages: `python -m tools.surface_reference` prints it.

`docs/api-packages.md` has it behind its marker, and a test holds it to this.
"""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

MODULES = (
    *("fake_server.api.declare", "fake_server.api.serve", "fake_server.api.records"),
    *("fake_server.api.invent", "fake_server.contract", "fake_server.contract.mutants"),
)


def reference() -> str:
    """Return one Markdown table of names for each module of the surface."""
    return "\n".join(_table(module) for module in MODULES)


def homes(module: str) -> dict[str, str]:
    """Return the modules where the names of a module of the surface are defined, by name."""
    return {
        alias.name: node.module
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.ImportFrom) and node.module and _is_home(node.module)
        for alias in node.names
    }


def _is_home(module: str) -> bool:
    return module.startswith("fake_server.") and module != "fake_server.api.homes"


def _table(module: str) -> str:
    entries = sorted(homes(module).items(), key=lambda item: item[0].lower())
    rows = [f"| `{name}` | {_summary(home, name)} |" for name, home in entries]
    return "\n".join([f"### `{module}`", "", "| name | what it is |", "|---|---|", *rows, ""])


def _summary(module: str, name: str) -> str:
    """Return the first sentence of what is said of a name where it is defined."""
    for node, following in _definitions(_tree(module)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            if [ast.unparse(decorator) for decorator in node.decorator_list] == ["overload"]:
                continue
            return _first_sentence(ast.get_docstring(node) or "")
        if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}:
            return _summary(str(node.module), name)
        if name in _assigned(node):
            said = _text_of(following)
            return _first_sentence(said) if said else f"`{ast.unparse(node)}`"
    raise LookupError(f"{module} has no {name}")


def _definitions(tree: ast.Module) -> Iterator[tuple[ast.stmt, ast.stmt | None]]:
    return zip(tree.body, [*tree.body[1:], None], strict=True)


def _assigned(node: ast.stmt) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _text_of(node: ast.stmt | None) -> str:
    value = node.value if isinstance(node, ast.Expr) else None
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.partition("\n\n")[0].split())
    sentence, dot, _ = paragraph.partition(". ")
    return (sentence + dot.strip()).replace("|", "\\|")


@cache
def _tree(module: str) -> ast.Module:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


if __name__ == "__main__":
    print(reference())
