"""The files for contributors: workflows, forms, hooks and pages agree with the project."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.pages import samples

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(
    set((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) - {GITHUB / "ISSUE_TEMPLATE/config.yml"}
)
PAGES = sorted([*ROOT.glob("*.md"), *GITHUB.glob("*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
CODE = ("fake_server", "contract_tests", "mutants", "tools", "bench", "tests", "examples")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def document(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in document(workflow)["jobs"].values():
        yield from job["steps"]


def test_the_matrix_has_the_versions_that_the_package_names() -> None:
    matrix = document(GITHUB / "workflows" / "test.yml")["jobs"]["tests"]["strategy"]["matrix"]
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if " :: 3." in line]
    assert matrix["python"] == named
    assert PROJECT["requires-python"] == f">={named[0]}"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_bounded(workflow: Path) -> None:
    content = document(workflow)
    assert content["permissions"] == {"contents": "read"}
    assert all(0 < job["timeout-minutes"] <= 60 for job in content["jobs"].values())
    for step in steps(workflow):
        assert ("uses" in step) != ("run" in step)
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|release/v\d+)", step["uses"])


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_targets_and_extras_that_exist(workflow: Path) -> None:
    for step in steps(workflow):
        command = step.get("run", "")
        assert set(re.findall(r"\bmake ([a-z-]+)", command)) <= TARGETS
        for extras in re.findall(r"\.\[([a-z,]+)\]", command):
            assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])


def test_only_a_job_that_needs_it_gets_a_token_to_write() -> None:
    jobs = document(GITHUB / "workflows" / "release.yml")["jobs"]
    writing = {
        name: {scope for scope, right in job.get("permissions", {}).items() if right == "write"}
        for name, job in jobs.items()
    }
    assert writing == {
        "build": {"id-token", "attestations"},
        "publish": {"id-token"},
        "announce": {"contents"},
    }
    assert not any("checkout" in step.get("uses", "") for step in jobs["publish"]["steps"])


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_is_complete(form: Path) -> None:
    content = document(form)
    fields = [field for field in content["body"] if field["type"] != "markdown"]
    ids = [field["id"] for field in fields]
    assert {"name", "description", "labels"} <= set(content)
    assert len(set(ids)) == len(ids)
    assert all(field["attributes"]["label"] for field in fields)
    assert {field["type"] for field in fields} <= {"dropdown", "input", "textarea"}


def test_hooks_run_what_lint_runs() -> None:
    (repository,) = document(ROOT / ".pre-commit-config.yaml")["repos"]
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlint:")[2]
    lines = recipe.partition("\n\n")[0]
    for hook in repository["hooks"]:
        command = hook["entry"].partition(" --")[0].removeprefix(".venv/bin/")
        assert f"$(BIN)/{command}" in lines


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_of_the_project_leads_to_what_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text)]
    assert [link for link in links if link and not (page.parent / link).exists()] == []
    assert set(re.findall(r"`make ([a-z-]+)`", text)) <= TARGETS
    assert not re.search(r"[\w.]+@[\w-]+\.\w+", text)


def test_a_version_of_the_changelog_has_sections_in_their_order() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    for version in versions:
        sections = re.findall(r"^### (.*)$", version, re.MULTILINE)
        order = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
        assert sections == [name for name in order if name in sections]
        assert not re.search(r"^- ", version.partition("### ")[0], re.MULTILINE)


def test_the_source_distribution_has_these_files() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = configuration["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    expected = {".github", ".pre-commit-config.yaml", "constraints.txt"}
    assert expected | {page.name for page in ROOT.glob("*.md")} <= set(included)


VAGUE = {"found", "given", "one", "place", "wanted"}
"""Names that leave open what a variable holds."""

# `docs/python-api.md` is made from the code.
SAMPLES = sorted(
    {ROOT / "README.md", *(ROOT / "docs").glob("*.md")} - {ROOT / "docs/python-api.md"}
)


def names_in(tree: ast.AST) -> Iterator[str]:
    """Go through the names of variables, parameters, attributes, functions and classes.

    An imported name, such as `given` of Hypothesis, is somebody else's.
    """
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in ast.walk(tree):
        name = (
            getattr(node, "id", None)
            or getattr(node, "arg", None)
            or getattr(node, "attr", None)
            or getattr(node, "asname", None)
            or getattr(node, "name", None)
        )
        if isinstance(name, str) and name not in imported:
            yield name


@pytest.mark.parametrize("folder", CODE)
def test_a_name_says_what_it_holds(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        names = {name.strip("_") for name in names_in(ast.parse(path.read_text(encoding="utf-8")))}
        assert names & VAGUE == set(), path


@pytest.mark.parametrize("page", SAMPLES, ids=lambda path: path.stem)
def test_a_name_of_a_sample_says_what_it_holds(page: Path) -> None:
    for sample in samples(page.read_text(encoding="utf-8"), "python"):
        assert set(names_in(ast.parse(sample))) & VAGUE == set()


SAME_ROLES = {
    # A class of each API: an error of its dialect, what a request selects, a kind of credentials.
    *("BadRequestError", "NoSuchRecordError", "Selection", "Tokens", "UnauthorizedError"),
    # A resource of each API.
    *("Events", "Groups", "Users"),
    # A class for each client library that is intercepted.
    *("Connection", "Stream"),
}
"""The names that classes share because they have the same role in equal packages."""


def test_a_class_name_has_one_meaning() -> None:
    modules: dict[str, set[Path]] = {}
    for folder in ("fake_server", "contract_tests", "tools", "bench", "tests/support"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    modules.setdefault(node.name.lstrip("_"), set()).add(path)
    assert {name for name, paths in modules.items() if len(paths) > 1} == SAME_ROLES
    packages = {"fake_server/apis", "fake_server/testing/interception"}
    for name in SAME_ROLES:
        (package,) = {
            package
            for package in packages
            if all(path.is_relative_to(ROOT / package) for path in modules[name])
        }
        owners = {path.relative_to(ROOT / package).parts[0] for path in modules[name]}
        assert len(owners) == len(modules[name]), name


def test_no_test_module_imports_another() -> None:
    """What tests share has a module of its own, so that a test can move by itself."""
    imports = {
        (path.name, node.module)
        for folder in ("tests", "contract_tests")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None
        if node.module.rpartition(".")[2].startswith("test_")
    }
    assert imports == set()


ROLES_OF_DIALECTS = {
    # What each API has of its own, and the standard dialect in `rest/standard/`.
    *("access", "auth", "collection", "cursors", "dialect", "document", "errors"),
    *("events", "failures", "filters", "groups", "hooks", "invention", "limits", "list_query"),
    *("pages", "parameters", "people", "record", "resource", "resources", "selection", "settings"),
    *("users", "writing", "written"),
}
"""The names of modules that APIs share because these have the same role in each."""

BASES = {
    # What all APIs have of the same in common.
    *("access", "pages", "parameters", "resource", "resources"),
}
"""The roles of dialects that have a base in `rest/` as well."""

THINGS_OF_A_WORLD = {"clock", "faults", "records", "requests", "world", "worlds"}
"""Things that several layers know: the state, the control plane, the client, the command."""

COMMANDS = {"mutation", "verify"}
"""The packages that have one of their commands in `cli/`, under the same name."""


def _modules() -> dict[str, set[str]]:
    """Return the modules and packages of `fake_server` by their last names."""
    package = ROOT / "fake_server"
    modules: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        module = path.parent if path.stem == "__init__" else path.with_suffix("")
        modules.setdefault(module.name, set()).add(module.relative_to(package).as_posix())
    return modules


def _owner(module: str) -> str:
    """Return whose a module is: an API's, the standard dialect's, or a package's."""
    depth = 2 if module.startswith(("apis/", "rest/standard/")) else 1
    return "/".join(module.split("/")[:depth])


def test_a_module_name_has_one_meaning() -> None:
    several = {
        # `journal/journal.py` holds what its package is named for; so with others.
        name: {path for path in paths if path.rpartition("/")[0] not in paths}
        for name, paths in _modules().items()
    }
    several = {name: paths for name, paths in several.items() if len(paths) > 1}
    # Each command that has a package of its own begins in a module of this name.
    assert all(path.startswith("cli/") for path in several.pop("command"))
    # The tree of a user's mistakes; the errors of each dialect are answers.
    several["errors"].remove("errors")
    assert set(several) == ROLES_OF_DIALECTS | THINGS_OF_A_WORLD | COMMANDS
    for name, paths in several.items():
        owners = {_owner(path) for path in paths}
        assert len(owners) == len(paths), name
        if name in ROLES_OF_DIALECTS:
            shared = {owner for owner in owners if not owner.startswith(("apis/", "rest/"))}
            assert shared == ({"rest"} if name in BASES else set()), name
        elif name in COMMANDS:
            assert paths == {name, f"cli/{name}"}
        else:
            assert owners <= {"api", "cli", "control", "rest", "testing", "world"}, name


LONGEST_FUNCTION = 60
"""The most lines of a function, without its docstring: what fits a screen."""


def test_a_function_fits_a_screen() -> None:
    longer = []
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    text = (ast.get_docstring(node, clean=False) or "").count("\n")
                    if (node.end_lineno or 0) - node.lineno + 1 - text > LONGEST_FUNCTION:
                        longer.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert longer == []
