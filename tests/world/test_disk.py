"""Records on disk: what becomes of damaged files, full folders and processes that were killed."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from fake_server.data_files import temporary
from fake_server.data_files.cache import DISK_IMAGE
from fake_server.data_files.temporary import TemporaryFolder, clear_abandoned
from fake_server.errors import StorageError
from fake_server.world import image_making
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.images import Images
from fake_server.world.storage.store import Store
from tests.world.shop import DEFINITION, GOODS, START, names, rename, shop_dataset

pytestmark = pytest.mark.usefixtures("shop_schemas")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the process a temporary folder of its own, in a folder that is returned."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setattr(image_making, "OWN", TemporaryFolder())
    return folder


def _store() -> Store:
    dataset = shop_dataset()
    inputs = ImageInputs(dataset.section("shop"), 1, START)
    return Images().get(DEFINITION, dataset, inputs, on_disk=True).store()


def _image(cache: Path) -> Path:
    (image,) = cache.glob(f"*{DISK_IMAGE}")
    return image


@pytest.mark.parametrize("position", [0.1, 0.5, 0.9, 0.999])
def test_an_image_with_a_flipped_bit_is_made_anew(tmp_path: Path, position: float) -> None:
    expected = names(_store())
    image = _image(tmp_path / "cache")
    sound = image.read_bytes()
    damaged = bytearray(sound)
    damaged[int(len(sound) * position)] ^= 1
    image.write_bytes(damaged)

    assert names(_store()) == expected
    assert image.read_bytes() == sound


def test_an_image_without_its_checksum_is_made_anew(tmp_path: Path) -> None:
    _store()
    image = _image(tmp_path / "cache")
    image.with_name(f"{image.name}.kept").unlink()
    before = image.stat().st_ino

    _store()

    assert image.stat().st_ino != before


def test_a_cache_that_cannot_be_written_is_no_reason_not_to_start(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FAKE_SERVER_CACHE", str(tmp_path / "file"))

    assert len(names(_store())) == 20
    assert [path.name for path in folder.glob(f"*/*{DISK_IMAGE}")] != []


def test_a_world_writes_on_after_its_folder_was_cleaned(folder: Path) -> None:
    store = _store()
    rename(store, 1, "first")
    for path in [*folder.rglob("*")][::-1]:
        path.unlink() if path.is_file() else path.rmdir()

    rename(store, 2, "second")
    store.discard()
    rename(store, 3, "third")

    rows = store.rows(select(GOODS.c.id, GOODS.c.name).where(GOODS.c.name == "third"))
    assert [row.id for row in rows] == [3]


def test_a_full_folder_is_an_error_with_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    store = _store()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(StorageError, match=rf"{folder}.*: cannot be written: "):
            rename(store, 1, "first")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    rename(store, 1, "first")
    assert "first" in names(store)


def test_the_folder_of_a_killed_process_is_removed_by_the_next(folder: Path) -> None:
    own = TemporaryFolder().path()
    program = (
        "import os, signal, tempfile, sys\n"
        "tempfile.tempdir = sys.argv[1]\n"
        "from fake_server.data_files.temporary import OWN\n"
        "print(OWN.path(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False
    )
    abandoned = Path(killed.stdout.strip())
    assert abandoned.is_dir()
    assert abandoned.parent == folder

    clear_abandoned()

    assert not abandoned.exists()
    assert own.is_dir()


def test_a_folder_of_somebody_else_stays(folder: Path) -> None:
    other = folder / f"{temporary._PREFIX}other"
    other.mkdir()

    clear_abandoned()

    assert other.is_dir()
