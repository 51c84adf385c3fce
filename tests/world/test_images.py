import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

import fake_server.data_files.cache as cache_files
from fake_server import data_files
from fake_server.data_files import code_version, temporary
from fake_server.errors import DatasetError, RecordError
from fake_server.world import images
from fake_server.world.datasets.dataset import Dataset, load
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.images import Images
from fake_server.world.records.definition import StoreDefinition
from fake_server.world.storage.store import Store
from tests.world.shop import (
    API,
    DEFINITION,
    SCHEMA,
    START,
    TABLES,
    TEXT,
    names,
    rename,
    shop_dataset,
)

DAY = 24 * 60 * 60

pytestmark = pytest.mark.usefixtures("shop_schemas")


def _inputs(dataset: Dataset, seed: int = 1, start: datetime = START) -> ImageInputs:
    return ImageInputs(dataset.section("shop"), seed, start)


def _store(
    images: Images,
    *,
    text: str = TEXT,
    seed: int = 1,
    start: datetime = START,
    definition: StoreDefinition = DEFINITION,
    on_disk: bool = False,
) -> Store:
    dataset = shop_dataset(text)
    return images.get(definition, dataset, _inputs(dataset, seed, start), on_disk=on_disk).store()


class Counted:
    """A definition that counts how often it is used."""

    def __init__(self) -> None:
        self.uses = 0
        self.definition = StoreDefinition("shop", lambda: TABLES, self._populate)

    def _populate(self, connection: object, inputs: ImageInputs) -> None:
        self.uses += 1
        DEFINITION.populate(connection, inputs)  # type: ignore[arg-type]  # passed on as it came


@pytest.fixture
def folder() -> Path:
    cache = cache_files.cache_folder()
    assert cache is not None
    return cache


def _images_in(folder: Path) -> list[Path]:
    """Return the images in the cache folder, without their checksums and what else is there."""
    images = folder.glob("shop-*") if folder.exists() else ()
    return [path for path in images if not path.name.endswith(".disk.sqlite.kept")]


@pytest.mark.parametrize("on_disk", [False, True])
def test_an_image_is_built_once_for_a_process(on_disk: bool) -> None:
    counted, made = Counted(), Images()
    for _ in range(3):
        assert len(names(_store(made, definition=counted.definition, on_disk=on_disk))) == 20
    assert counted.uses == 1


@pytest.mark.parametrize("on_disk", [False, True])
def test_an_image_is_kept_for_the_next_process(on_disk: bool) -> None:
    counted = Counted()
    first = names(_store(Images(), definition=counted.definition, on_disk=on_disk))
    assert names(_store(Images(), definition=counted.definition, on_disk=on_disk)) == first
    assert counted.uses == 1


def test_seed_start_and_dataset_each_have_an_image_of_their_own() -> None:
    counted, made = Counted(), Images()
    _store(made, definition=counted.definition)
    _store(made, definition=counted.definition, seed=2)
    _store(made, definition=counted.definition, start=START.replace(day=23))
    _store(made, definition=counted.definition, text=TEXT + "# another\n")
    assert counted.uses == 4


def test_the_same_brief_gives_the_same_bytes_in_another_process(folder: Path) -> None:
    script = (
        "import os, sys\n"
        "junk = [object() for _ in range(int(sys.argv[1]))]\n"
        "from datetime import UTC, datetime\n"
        "from hashlib import sha256\n"
        "from fake_server.world import image_making\n"
        "from fake_server.world.datasets import check\n"
        "from fake_server.world.storage import store\n"
        "from tests.world.shop import DEFINITION\n"
        "database = store.new_in_memory()\n"
        "check.check = lambda dataset, api: None\n"
        "section, start = {'goods': {'count': 500}}, datetime(2020, 1, 1, tzinfo=UTC)\n"
        "inputs = image_making.ImageInputs(section, 3, start)\n"
        "image_making._fill(database, DEFINITION, None, inputs)\n"
        "print(sha256(database.dump()).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script, str(number)],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": str(number)},
        ).stdout
        for number in (1, 22222, 333)
    }
    assert len(digests) == 1


@pytest.mark.parametrize("on_disk", [False, True])
def test_with_the_cache_off_nothing_is_kept(
    on_disk: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_SERVER_CACHE", "off")
    goods = _store(Images(), on_disk=on_disk)
    rename(goods, 1, "new")
    goods.discard()
    assert len(names(goods)) == 20
    assert not folder.exists()


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_cache_folder_that_cannot_be_made_is_done_without(
    on_disk: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FAKE_SERVER_CACHE", str(tmp_path / "file" / "cache"))
    assert len(names(_store(Images(), on_disk=on_disk))) == 20


@pytest.mark.parametrize("on_disk", [False, True])
@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "longer"])
def test_a_damaged_file_of_the_cache_is_made_anew(on_disk: bool, damage: str, folder: Path) -> None:
    expected = names(_store(Images(), on_disk=on_disk))
    (kept,) = _images_in(folder)
    whole = kept.read_bytes()
    changed = bytes([*whole[:8], whole[8] ^ 255, *whole[9:]])
    damaged = {"cut": whole[:-600], "changed": changed, "empty": b"", "longer": whole + b"more"}
    kept.write_bytes(damaged[damage])
    assert names(_store(Images(), on_disk=on_disk)) == expected
    assert kept.read_bytes() == whole


def test_a_file_of_the_cache_is_written_whole_or_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    assert len(names(_store(Images()))) == 20
    assert list(folder.iterdir()) == []


def test_a_definition_that_fails_leaves_nothing_in_the_cache(folder: Path) -> None:
    def fail(connection: object, inputs: ImageInputs) -> None:
        raise DatasetError("goods.1: refers to nothing")

    made = Images()
    broken = StoreDefinition("shop", lambda: TABLES, fail)
    for on_disk in (False, True):
        with pytest.raises(DatasetError, match="refers to nothing"):
            _store(made, definition=broken, on_disk=on_disk)
    assert _images_in(folder) == []


def test_a_wrong_dataset_is_refused_before_anything_is_made() -> None:
    with pytest.raises(DatasetError, match=r"test:2: shop\.good: no such key; meant goods\?"):
        _store(Images(), text="shop:\n  good: {count: 20}\n")


def test_files_nobody_used_for_14_days_are_pruned(folder: Path) -> None:
    folder.mkdir()
    now = time.time()
    for name, days in {
        "a.kept": 15,
        "b.kept": 13,
        "c.disk.sqlite": 15,
        "d.part": 15,
        "someone-elses.txt": 99,
    }.items():
        (folder / name).touch()
        os.utime(folder / name, (now, now - days * DAY))
    _store(Images())
    left = {path.name for path in folder.iterdir()}
    assert {"b.kept", "someone-elses.txt"} < left
    assert left & {"a.kept", "c.disk.sqlite", "d.part"} == set()


@pytest.mark.parametrize("on_disk", [False, True])
def test_using_a_file_keeps_it_from_being_pruned(on_disk: bool, folder: Path) -> None:
    _store(Images(), on_disk=on_disk)
    (kept,) = _images_in(folder)
    os.utime(kept, (0, time.time() - 13 * DAY))
    _store(Images(), on_disk=on_disk)
    assert time.time() - kept.stat().st_mtime < DAY


def test_a_world_writes_to_its_copy_of_an_image_on_disk(folder: Path) -> None:
    made = Images()
    first, second = _store(made, on_disk=True), _store(made, on_disk=True)
    before = [path.read_bytes() for path in _images_in(folder)]
    rename(first, 1, "mine")
    assert names(first)[0] == "mine"
    assert names(second)[0] != "mine"
    for path in folder.iterdir():
        path.unlink()
    rename(second, 1, "mine too")
    assert names(second)[0] == "mine too"
    copies = list(temporary.OWN.path().iterdir())
    first.discard()
    second.discard()
    assert len(copies) - len(list(temporary.OWN.path().iterdir())) == 2
    assert len(before) == 1


def test_progress_is_told_while_an_image_is_made() -> None:
    told: list[tuple[str, int, int]] = []
    dataset = shop_dataset()
    inputs = ImageInputs(
        dataset.section("shop"),
        1,
        START,
        lambda label, done, total: told.append((label, done, total)),
    )
    Images().get(DEFINITION, dataset, inputs, on_disk=False)
    assert told[-1] == ("goods", 20, 20)


def test_images_longest_unused_are_forgotten_but_not_by_their_worlds() -> None:
    counted, made = Counted(), Images()
    first = _store(made, definition=counted.definition)
    before = names(first)
    for seed in range(100, 200):
        _store(made, seed=seed)
    assert names(first) == before
    rename(first, 1, "new")
    first.discard()
    assert names(first) == names(_store(made, definition=counted.definition)) == before


def test_images_are_forgotten_where_they_take_too_much_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted, made = Counted(), Images()
    _store(made, definition=counted.definition)
    monkeypatch.setenv("FAKE_SERVER_CACHE", "off")
    _store(made, seed=100)
    _store(made, definition=counted.definition)
    assert counted.uses == 1
    monkeypatch.setattr("fake_server.world.images._MOST_BYTES", 1)
    _store(made, seed=101)
    _store(made, definition=counted.definition)
    assert counted.uses == 2


def test_a_mistake_in_a_record_is_told_with_its_line() -> None:
    def populate(connection: object, inputs: ImageInputs) -> None:
        raise RecordError(("goods", "records", 1, "name"), "taken by another")

    text = "shop:\n  goods:\n    records:\n    - id: 1\n    - id: 2\n      name: x\n"
    with pytest.raises(DatasetError) as raised:
        _store(Images(), text=text, definition=StoreDefinition("shop", lambda: TABLES, populate))
    assert str(raised.value) == "test:6: shop.goods.records.1.name: taken by another"


@pytest.fixture
def beside(shop_schemas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let there be a second API, `kiosk`, in a package of its own; return the package."""
    code = tmp_path / "site" / "kiosk_api"
    code.mkdir(parents=True)
    (code / "__init__.py").write_text("")
    (code / "invention.py").write_text("COUNT = 1\n")
    (shop_schemas / "kiosk").mkdir()
    described = API.replace("shop", "kiosk", 1).replace("tests.world.shop", "kiosk_api")
    (shop_schemas / "kiosk" / "api.yaml").write_text(described)
    (shop_schemas / "kiosk" / "dataset.json").write_text(json.dumps(SCHEMA))
    monkeypatch.syspath_prepend(str(code.parent))
    return code


def _kept(folder: Path, text: str = f"{TEXT}kiosk:\n  goods: {{count: 3}}\n") -> set[str]:
    """Return the images that a new process would have in the cache folder."""
    code_version._version_of.cache_clear()
    dataset = shop_dataset(text)
    for api in ("shop", "kiosk"):
        definition = DEFINITION._replace(api=api)
        Images().get(
            definition, dataset, ImageInputs(dataset.section(api), 1, START), on_disk=False
        )
    return {path.name for path in folder.glob("[ks]*.kept") if not path.name.startswith("spec")}


@pytest.mark.parametrize("changed", ["code", "schemas"])
def test_editing_an_api_makes_its_image_anew_and_no_other(
    changed: str, folder: Path, beside: Path, shop_schemas: Path
) -> None:
    before = _kept(folder)
    file = beside / "invention.py" if changed == "code" else shop_schemas / "kiosk" / "dataset.json"
    file.write_text(file.read_text() + "\n")
    assert sorted(name.partition("-")[0] for name in _kept(folder) - before) == ["kiosk"]


def test_editing_a_section_makes_its_image_anew_and_no_other(
    folder: Path, beside: Path, shop_schemas: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixtures = shop_schemas.parent / "fixtures"
    for api in ("shop", "kiosk"):
        (fixtures / api).mkdir(parents=True)
        (fixtures / api / "tidy.yaml").write_text("goods: {count: 2}\n")
    (fixtures / "tidy.yaml").write_text("seed: 1\n")
    monkeypatch.setattr(data_files, "fixtures", lambda: fixtures)
    keys = []
    for _ in range(2):
        dataset = load("tidy")
        keys.append(
            [
                images._key(DEFINITION._replace(api=api), dataset, ImageInputs({}, 1, START))
                for api in ("shop", "kiosk")
            ]
        )
        (fixtures / "kiosk" / "tidy.yaml").write_text("goods: {count: 3}\n")
    assert keys[0][0] == keys[1][0]
    assert keys[0][1] != keys[1][1]
