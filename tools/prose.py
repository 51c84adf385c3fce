"""Holds prose to the style in `.vale/styles`: `python -m tools.prose [FILE OR FOLDER]...`.

The rules are in the format of Vale (https://vale.sh), two kinds of them: `existence` and
`substitution`. Vale's own program reads the same files, but no package index has it. Checked are
Markdown pages without their code, and the docstrings and comments of Python modules. A line says
file, line and rule; the status is 1 if there is any.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[1]
STYLES = ROOT / ".vale" / "styles"

_FENCE = re.compile(r"^```.*?^```[^\n]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")


class Rule(NamedTuple):
    """A rule: its name, a pattern, its message, and what to write instead of each match."""

    name: str
    pattern: re.Pattern[str]
    message: str
    instead: dict[str, str]


class Passage(NamedTuple):
    """A piece of prose and the number of its first line in its file."""

    line: int
    text: str


def rules() -> list[Rule]:
    """Return the rules of all styles; raises KeyError for a kind of rule that is not supported."""
    return [_rule(path) for path in sorted(STYLES.rglob("*.yml"))]


def _rule(path: Path) -> Rule:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    instead = {"existence": {}, "substitution": document.get("swap", {})}[document["extends"]]
    words = "|".join(instead or document["tokens"])
    text = f"(?:{words})" if document.get("nonword") else rf"\b(?:{words})\b"
    flags = re.MULTILINE | (re.IGNORECASE if document.get("ignorecase") else 0)
    name = ".".join(path.relative_to(STYLES).with_suffix("").parts)
    return Rule(name, re.compile(text, flags), document["message"], instead)


def passages(path: Path) -> Iterator[Passage]:
    """Yield the prose of a Markdown page or a Python module."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield Passage(1, _CODE.sub(_blank, _FENCE.sub(_blank, text)))
        return
    for node in ast.walk(ast.parse(text)):
        docstring = _docstring(node)
        if docstring is not None:
            yield docstring
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield Passage(token.start[0], token.string.lstrip("# "))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "-", match[0])


def _docstring(node: ast.AST) -> Passage | None:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return None
    value = node.value.value
    return Passage(node.lineno, value) if isinstance(value, str) else None


def mistakes(paths: Iterable[Path]) -> Iterator[str]:
    """Yield a line for each match of a rule in the prose of files."""
    style = rules()
    for path in paths:
        for passage in passages(path):
            for rule in style:
                for match in rule.pattern.finditer(passage.text):
                    line = passage.line + passage.text[: match.start()].count("\n")
                    yield f"{path.relative_to(ROOT)}:{line}: {_worded(rule, match[0])}"


def _worded(rule: Rule, text: str) -> str:
    arguments: tuple[str, ...] = (text,)
    for pattern, replacement in rule.instead.items():
        if re.fullmatch(pattern, text, re.IGNORECASE):
            arguments = (replacement, text)
    return f"{rule.message % arguments} ({rule.name})"


def files(within: Sequence[str] = ()) -> list[Path]:
    """Return the Markdown pages and Python modules that Git holds, all or those within paths."""
    command = ["git", "ls-files", "--", *(within or ["."])]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in {".md", ".py"} and path.is_file()]


def main() -> None:
    """Print all mistakes; exit with status 1 if there are any."""
    lines = [*mistakes(files(sys.argv[1:]))]
    print("\n".join(lines) or "The prose follows the style.")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
