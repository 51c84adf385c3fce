"""Images: the databases that worlds start from, built once and kept in memory and on disk."""

import os
import tempfile
from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from threading import RLock

from sqlalchemy import Connection, Index, MetaData
from sqlalchemy.schema import CreateIndex, CreateTable

from fake_server.data_files.cache import (
    DISK_IMAGE,
    cache_folder,
    keep,
    new_unfinished,
    note_use,
    prune,
    recall,
)
from fake_server.data_files.code_version import api_version, code_version
from fake_server.world.datasets.dataset import Dataset
from fake_server.world.errors import DatasetError, RecordError
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.records.definition import StoreDefinition
from fake_server.world.storage import store
from fake_server.world.storage.store import Database, Store
from fake_server.world.storage.tallies import begin_tallies

_MOST_IMAGES = 48
_MOST_BYTES = 256 * 1024 * 1024


class Image:
    """The records one API of a dataset starts with; shared by worlds and never changed.

    - `size`: how many bytes of memory they take; 0 for records on disk.
    """

    def __init__(self, database: Database, copy: Callable[[], Database], size: int = 0) -> None:
        self._database = database
        self._copy = copy
        self.size = size

    def store(self) -> Store:
        """Return a store for one world that starts from this image."""
        return Store(self._database, self._copy)

    @classmethod
    def of(cls, store: Store) -> "Image":
        """Return the records as a store has them now, for the store itself to go back to."""
        return cls(*store.share())


class Images:
    """The images of a process, each made at its first use.

    Those longest unused are forgotten where there are more than 48, or more than 256 MiB of them.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._images: dict[str, Image] = {}

    def get(
        self, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs, *, on_disk: bool
    ) -> Image:
        """Return the image of one API for a dataset, seed and start; raises `DatasetError`."""
        key = _key(definition, dataset, inputs) + (DISK_IMAGE if on_disk else "")
        with self._lock:
            image = self._images.pop(key, None)
            if image is None:
                make = _image_on_disk if on_disk else _image_in_memory
                image = make(key, definition, dataset, inputs)
            self._images[key] = image
            while len(self._images) > 1 and self._are_too_many():
                del self._images[next(iter(self._images))]
            return image

    def _are_too_many(self) -> bool:
        size = sum(image.size for image in self._images.values())
        return len(self._images) > _MOST_IMAGES or size > _MOST_BYTES


def _key(definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs) -> str:
    parts = [
        code_version(),
        api_version(definition.api),
        definition.api,
        dataset.digest(definition.api),
        str(inputs.seed),
        inputs.start.isoformat(),
    ]
    return f"{definition.api}-{sha256('|'.join(parts).encode()).hexdigest()[:32]}"


def _image_in_memory(
    key: str, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs
) -> Image:
    data = recall(key)
    if data is None:
        database = store.new_in_memory()
        _fill(database, definition, dataset, inputs)
        data = database.dump()
        keep(key, data)
    else:
        database = store.from_bytes(data)
    return Image(database, partial(store.from_bytes, data), len(data))


def _image_on_disk(
    key: str, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs
) -> Image:
    folder = cache_folder() or _temporary_folder()
    if not store.is_whole(folder / key):
        try:
            unfinished = new_unfinished(folder)
        except OSError:
            folder = _temporary_folder()
            unfinished = new_unfinished(folder)
        try:
            database = store.new_on_disk(unfinished)
            with store.written_to(folder):
                _fill(database, definition, dataset, inputs)
            database.close()
            unfinished.replace(folder / key)
        finally:
            unfinished.unlink(missing_ok=True)
        prune(folder)
    note_use(folder / key)
    image = store.open_on_disk(folder / key)
    return Image(image, partial(_copy_on_disk, image, key))


@cache
def _temporary_folder() -> Path:
    import atexit
    from shutil import rmtree

    folder = Path(tempfile.mkdtemp(prefix="understudy-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


def _copy_on_disk(image: Database, key: str) -> Database:
    return store.copy_on_disk(image, _temporary_folder() / f"{key}.{os.urandom(4).hex()}")


def _fill(
    database: Database, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs
) -> None:
    from fake_server.world.datasets.check import check

    check(dataset, definition.api)
    tables = definition.tables()
    with database.transaction() as connection:
        _create_tables(connection, tables)
        try:
            definition.populate(connection, inputs)
        except RecordError as error:
            raise _placed(error, definition.api, dataset) from None
        _create_indexes(connection, tables)
        begin_tallies(connection, tables)


def _placed(error: RecordError, api: str, dataset: Dataset) -> DatasetError:
    path = (api, *error.place)
    where = ".".join(str(step) for step in path)
    return DatasetError(f"{dataset.position(path)}: {where}: {error}")


def _create_tables(connection: Connection, tables: MetaData) -> None:
    for table in tables.sorted_tables:
        connection.execute(CreateTable(table))


def _create_indexes(connection: Connection, tables: MetaData) -> None:
    """Make the indexes in an order of their own: a table has them in none, and the same inputs
    would give other bytes in another process. Made last, they take less time and room."""
    for table in tables.sorted_tables:
        for index in sorted(table.indexes, key=_columns_and_name):
            connection.execute(CreateIndex(index))


def _columns_and_name(index: Index) -> tuple[list[str], str]:
    return [str(column) for column in index.columns], str(index.name)
