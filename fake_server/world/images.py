"""Images: the databases that worlds start from, built once and kept in memory and on disk."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from shutil import copyfile
from threading import RLock

from fake_server import resources
from fake_server.world import store
from fake_server.world.check import check
from fake_server.world.dataset import Dataset
from fake_server.world.recipe import Brief, Recipe
from fake_server.world.store import Database, Store

CACHE_VARIABLE = "FAKE_SERVER_CACHE"
"""Environment variable: the cache folder, or `off`."""


def cache_folder() -> Path | None:
    """Return the folder of the image cache, or None where it is switched off."""
    wanted = os.environ.get(CACHE_VARIABLE)
    if wanted == "off":
        return None
    if wanted:
        return Path(wanted)
    from platformdirs import user_cache_path

    return user_cache_path("understudy", appauthor=False)


class Image:
    """The records one API of a dataset starts with; shared by worlds and never changed."""

    def __init__(self, database: Database, copy: Callable[[], Database]) -> None:
        self._database = database
        self._copy = copy

    def store(self) -> Store:
        """Return a store for one world that starts from this image."""
        return Store(self._database, self._copy)


class Images:
    """All images of a process, each made at its first use."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._images: dict[str, Image] = {}

    def get(self, recipe: Recipe, dataset: Dataset, brief: Brief, *, on_disk: bool) -> Image:
        """Return the image of one API for a dataset, seed and start; raises `DatasetError`."""
        key = _key(recipe, dataset, brief)
        with self._lock:
            image = self._images.get(key)
            if image is None:
                make = _image_on_disk if on_disk else _image_in_memory
                image = self._images[key] = make(key, recipe, dataset, brief)
            return image


def _key(recipe: Recipe, dataset: Dataset, brief: Brief) -> str:
    parts = [_code_version(), recipe.api, dataset.digest, str(brief.seed), brief.start.isoformat()]
    return f"{recipe.api}-{sha256('|'.join(parts).encode()).hexdigest()[:32]}"


@cache
def _code_version() -> str:
    package = Path(__file__).resolve().parent.parent
    files = [*package.rglob("*.py"), *resources.schemas().rglob("*.*")]
    stamps = sorted(f"{file}:{file.stat().st_mtime_ns}:{file.stat().st_size}" for file in files)
    return "|".join([version("Faker"), version("holidays"), *stamps])


def _image_in_memory(key: str, recipe: Recipe, dataset: Dataset, brief: Brief) -> Image:
    folder = cache_folder()
    cached = folder / f"{key}.sqlite" if folder else None
    data = _read(cached)
    if data is None:
        database = store.new_in_memory()
        _fill(database, recipe, dataset, brief)
        data = database.dump()
        _keep(data, cached)
        return Image(database, partial(store.from_bytes, data))
    return Image(store.from_bytes(data), partial(store.from_bytes, data))


def _image_on_disk(key: str, recipe: Recipe, dataset: Dataset, brief: Brief) -> Image:
    folder = cache_folder() or _temporary_folder()
    path = folder / f"{key}.disk.sqlite"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        database = store.new_on_disk(unfinished)
        try:
            _fill(database, recipe, dataset, brief)
            database.close()
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return Image(store.open_on_disk(path), partial(_copy_on_disk, path))


@cache
def _temporary_folder() -> Path:
    import atexit
    from shutil import rmtree

    folder = Path(tempfile.mkdtemp(prefix="understudy-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


def _copy_on_disk(path: Path) -> Database:
    copied = _temporary_folder() / f"{path.stem}-{os.urandom(4).hex()}.sqlite"
    copyfile(path, copied)
    return store.reopen_on_disk(copied)


def _fill(database: Database, recipe: Recipe, dataset: Dataset, brief: Brief) -> None:
    check(dataset)
    with database.transaction() as connection:
        recipe.tables.create_all(connection)
        recipe.populate(connection, brief)


def _read(path: Path | None) -> bytes | None:
    if path is not None:
        with suppress(OSError):
            return path.read_bytes()
    return None


def _keep(data: bytes, path: Path | None) -> None:
    """Write the image into the cache; a cache that cannot be written to is done without."""
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as unfinished:
            unfinished.write(data)
        Path(unfinished.name).replace(path)
