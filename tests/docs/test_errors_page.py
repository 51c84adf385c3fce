"""docs/errors.md: its table is the tree of errors, and its examples are true."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import fake_server
from fake_server import FakeServer, UserError, errors
from fake_server.errors import tree
from fake_server.testing.planes import LocalPlane
from tests.support.pages import held_by, run_sample, samples

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)`(?:, a `(\w+)`)? \| `([a-z-]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def _first_fact(error: type[UserError]) -> str:
    return " ".join(str(error.__doc__).split("\n\n")[0].split())


def test_the_table_is_the_tree() -> None:
    rows = [(name, parent, code, when) for name, parent, code, when, _ in ROW.findall(PAGE)]
    assert rows == [
        (
            error.__name__,
            "" if error.__base__ in {UserError, Exception} else str(error.__base__.__name__),
            error.code,
            _first_fact(error),
        )
        for error in tree()
        if error.__base__ is not None
    ]


def test_the_docstring_of_the_module_prints_the_tree() -> None:
    printed = re.findall(r"^[│ ]*[├└]── (\w+) +([a-z-]+)$", str(errors.__doc__), re.MULTILINE)
    assert printed == [(error.__name__, error.code) for error in tree()][1:]


def test_each_code_means_one_class() -> None:
    codes = [error.code for error in tree()]
    assert len(codes) == len(set(codes))


def test_all_errors_are_names_of_the_package() -> None:
    names = {error.__name__ for error in tree()}
    assert set(fake_server.__all__) == names | {"FakeServer", "Fault", "__version__", "create_app"}
    for error in tree():
        assert getattr(fake_server, error.__name__) is error


def test_importing_the_package_imports_no_error() -> None:
    code = "import fake_server, sys; print('fake_server.errors' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_example_in_python_runs() -> None:
    (example,) = samples(PAGE, "python")
    run_sample(example, "docs/errors.md")


def test_the_problem_is_what_the_control_plane_answers() -> None:
    (text,) = samples(PAGE, "json")
    with FakeServer(dataset="documented") as server:
        answer = server.app.test_client().get("/_fake/worlds/w2")
        assert held_by(json.loads(text), answer.get_json())
        with pytest.raises(fake_server.UnknownWorldError):
            LocalPlane(server.app).ask("GET", "/worlds/w2")
