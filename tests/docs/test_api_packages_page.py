"""docs/api-packages.md: its reference is what the modules of the surface say."""

import ast
import json
from importlib import import_module
from pathlib import Path

import pytest

from tools.surface_reference import MODULES, homes, reference

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api-packages.md").read_text(encoding="utf-8")
OWN = ("fabmanager", "intra42", "xurrent")
HINT = "behind its marker, the page has what python -m tools.surface_reference prints"


def test_the_reference_is_current() -> None:
    assert PAGE.partition("<!-- surface -->\n")[2].strip() == reference().strip(), HINT


@pytest.mark.parametrize("module", MODULES)
def test_every_name_is_there(module: str) -> None:
    surface = import_module(module)
    assert set(surface.__all__) == set(homes(module))
    for name, home in homes(module).items():
        assert getattr(surface, name) is getattr(import_module(home), name)


def test_a_name_that_is_none_is_missing() -> None:
    with pytest.raises(AttributeError, match=r"'fake_server.api.serve' has no attribute 'nothing'"):
        import_module("fake_server.api.serve").nothing  # noqa: B018


def test_surface_1_is_frozen() -> None:
    """The list may grow. A name that goes or changes its meaning makes surface 2."""
    listed = json.loads(Path(__file__).with_name("surface_1.json").read_text(encoding="utf-8"))
    assert {module: sorted(homes(module)) for module in MODULES} == listed


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_that_it_is_frozen(module: str) -> None:
    text = " ".join(str(import_module(module).__doc__).split())
    assert "The names are part of surface 1 and stay as they are." in text


def _imports(folder: Path) -> set[str]:
    return {
        node.module
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0
    }


@pytest.mark.parametrize(
    "folder",
    [
        "examples/library-api",
        *(
            f"{root}/{api}"
            for api in OWN
            for root in ("fake_server/apis", "contract_tests", "mutants")
        ),
    ],
)
def test_an_api_imports_the_surface_alone(folder: str) -> None:
    used = {
        name
        for name in _imports(ROOT / folder)
        if name.startswith("fake_server.") and not name.startswith("fake_server.apis.")
    }
    assert used <= set(MODULES)
    assert used
