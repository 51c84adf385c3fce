"""Which APIs there are: the bundled ones, and those that distributions announce."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.errors import UserError

DESCRIBED: dict[str, Any] = {
    "name": "toy",
    "title": "Toys",
    "surface": 1,
    "server": "toy_api.server:api",
    "base_path": "/toys",
    "prefixes": ["/toys"],
    "example": "/toys/1",
}

Announce = Callable[..., Path]


@pytest.fixture
def announce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Announce:
    """Return a function that puts a distribution of one API on sys.path and returns its folder."""

    def put(
        described: Any = DESCRIBED, entry_point: str = "toy = toy_api.data", name: str = "toy_api"
    ) -> Path:
        site = tmp_path / name
        folder = site / name / "data"
        folder.mkdir(parents=True)
        (site / name / "__init__.py").write_text("raise RuntimeError('nobody may import this')\n")
        text = described if isinstance(described, str) else yaml.safe_dump(described)
        (folder / "api.yaml").write_text(text)
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        lines = ["[console_scripts]", "toy = toy:main", "", "[understudy.apis]", entry_point]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
        monkeypatch.syspath_prepend(str(site))
        return folder

    return put


def test_the_bundled_apis_are_found() -> None:
    assert registry.names()[:3] == ["fabmanager", "intra42", "xurrent"]
    assert not registry.mistakes()
    intra42 = registry.package("intra42")
    assert intra42.schemas == data_files.schemas() / "intra42"
    assert (intra42.prefixes, intra42.wants_host) == (("/v2", "/oauth"), False)
    assert registry.package("fabmanager").wants_host


def test_an_api_of_a_distribution_is_found_without_importing_it(announce: Announce) -> None:
    folder = announce()
    assert registry.names()[-1] == "toy"
    toy = registry.package("toy")
    assert (toy.title, toy.hosts, toy.wants_host) == ("Toys", (), True)
    assert (toy.schemas, toy.mutants) == (folder / "schemas", folder / "mutants")
    assert "toy_api" not in sys.modules


def test_an_api_may_name_its_folders(announce: Announce) -> None:
    folder = announce({**DESCRIBED, "schemas": "documents", "fixtures": "../sections"})
    toy = registry.package("toy")
    assert toy.schemas == folder / "documents"
    assert toy.fixtures == folder / "../sections"


@pytest.mark.parametrize("key", ["name", "title", "surface", "server", "prefixes", "example"])
def test_a_missing_key_is_named_with_its_file(announce: Announce, key: str) -> None:
    folder = announce({name: value for name, value in DESCRIBED.items() if name != key})
    _expect_refused(f"{folder / 'api.yaml'}: {key} is missing: expected ")


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        ({"name": "toys"}, "name: expected toy, as the entry point says, found toys"),
        ({"name": "seed"}, "name: expected small letters"),
        ({"surface": 7}, "surface: this version has 1, the API is written for 7"),
        ({"surface": True}, "surface: expected a number, found True"),
        ({"titel": "Toys"}, "titel: no such key; meant title?"),
        ({"prefixes": []}, "prefixes: expected a list of paths such as /v2, found []"),
        ({"prefixes": ["/"]}, "prefixes: expected a list of paths"),
        ({"server": "toy_api.server"}, "server: expected a module and a name in it"),
        ({"default_for": ["/v2"]}, "default_for: /v2 is none of its prefixes, /toys"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_mistake_is_named_with_file_and_key(
    announce: Announce, changed: dict[str, Any], mistake: str
) -> None:
    folder = announce({**DESCRIBED, **changed})
    _expect_refused(f"{folder / 'api.yaml'}: {mistake}")


@pytest.mark.parametrize("text", ["[1", "- a", ""])
def test_a_file_that_is_no_mapping_is_refused(announce: Announce, text: str) -> None:
    folder = announce(text)
    _expect_refused(f"{folder / 'api.yaml'}: ")


def test_a_package_that_is_not_there_is_refused(announce: Announce) -> None:
    folder = announce(entry_point="toy = toy_api.nowhere")
    file = folder.parent.parent / "toy_api-1.0.dist-info" / "entry_points.txt"
    _expect_refused(f"{file}: toy: there is no package toy_api.nowhere")


def test_a_package_without_a_description_is_refused(announce: Announce) -> None:
    folder = announce()
    (folder / "api.yaml").unlink()
    registry._registry.cache_clear()
    _expect_refused(f"{folder / 'api.yaml'}: cannot be read: ")


@pytest.mark.parametrize("name", ["intra42", "toy"])
def test_a_second_api_of_a_name_is_refused(announce: Announce, name: str) -> None:
    announce()
    announce({**DESCRIBED, "name": name}, f"{name} = other_api.data", "other_api")
    assert "there is another API of this name" in str(registry.mistakes()[name])
    assert registry.package(name).title != "Other"


def test_a_bundled_api_has_the_name_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toys").mkdir()
    (tmp_path / "toys" / "api.yaml").write_text(yaml.safe_dump(DESCRIBED))
    monkeypatch.setattr(data_files, "schemas", lambda: tmp_path)
    expected = "name: expected toys, as its folder is called, found toy"
    assert expected in str(registry.mistakes()["toys"])


def test_a_name_that_none_has_gets_a_suggestion() -> None:
    with pytest.raises(UserError, match=r"intra: no such API; meant intra42\?"):
        registry.package("intra")


def test_a_change_of_a_file_shows_in_the_next_process(announce: Announce) -> None:
    folder = announce()
    script = "from fake_server.data_files import registry; print(registry.package('toy').title)"
    titles = []
    for title in ("Toys", "Games"):
        (folder / "api.yaml").write_text(yaml.safe_dump({**DESCRIBED, "title": title}))
        path = str(folder.parent.parent)
        ran = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r}); {script}"],
            capture_output=True,
            text=True,
            check=True,
        )
        titles.append(ran.stdout.strip())
    assert titles == ["Toys", "Games"]


def test_finding_the_apis_a_second_time_imports_neither_yaml_nor_metadata() -> None:
    script = (
        "import sys; from fake_server.data_files import registry; registry.names();"
        "print({'yaml', 'importlib.metadata'} & set(sys.modules))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert runs[-1].stdout == "set()\n"


def _expect_refused(beginning: str) -> None:
    assert "toy" not in registry.packages()
    with pytest.raises(UserError) as refused:
        registry.package("toy")
    assert str(refused.value).startswith(beginning)
    assert "\n" not in str(refused.value)
