"""One image: it is made from a dataset, kept in the cache folder, and read from there."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Index, MetaData
from sqlalchemy.schema import CreateIndex, CreateTable

from fake_server.data_files.cache import (
    cache_folder,
    checksum_of,
    keep,
    note_use,
    prune,
    recall,
    unfinished_file,
)
from fake_server.data_files.temporary import OWN
from fake_server.errors import DatasetError, RecordError, StorageError
from fake_server.world.datasets.dataset import Dataset
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.records.definition import StoreDefinition
from fake_server.world.storage import store
from fake_server.world.storage.store import Database, Store
from fake_server.world.storage.tallies import begin_tallies


class Image:
    """The initial records of one API for one dataset. Worlds share an image and never change it.

    `size` is the memory of the records in bytes; 0 for records on disk.
    """

    def __init__(self, database: Database, copy: Callable[[], Database], size: int = 0) -> None:
        self._database = database
        self._copy = copy
        self.size = size

    def store(self) -> Store:
        """Return a store, for one world, that starts from this image."""
        return Store(self._database, self._copy)

    @classmethod
    def of(cls, store: Store) -> "Image":
        """Return the current records of a store as an image, which `discard` then restores."""
        return cls(*store.share())


def image_in_memory(
    key: str, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs
) -> Image:
    """Return an image in memory, from the cache folder if it is there; raises `DatasetError`."""
    data = recall(key)
    if data is None:
        database = store.new_in_memory()
        _fill(database, definition, dataset, inputs)
        data = database.dump()
        keep(key, data)
    else:
        database = store.from_bytes(data)
    return Image(database, partial(store.from_bytes, data), len(data))


def image_on_disk(
    key: str, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs
) -> Image:
    """Return an image in a file of the cache folder, or else of this process's own.

    Raises `DatasetError`.
    """
    folder = cache_folder() or OWN.path()
    if not _is_sound(folder, key):
        try:
            _build_on_disk(folder, key, definition, dataset, inputs)
        except (OSError, StorageError):
            # The cache is best-effort: a full or read-only one is no reason not to start.
            folder = OWN.path()
            _build_on_disk(folder, key, definition, dataset, inputs)
    note_use(folder / key)
    image = store.open_on_disk(folder / key)
    return Image(image, partial(_copy_on_disk, image, key))


def _build_on_disk(
    folder: Path, key: str, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs
) -> None:
    """Make an image in a folder, and keep its checksum; raises OSError and `StorageError`."""
    with unfinished_file(folder) as unfinished:
        with store.written_to(folder):
            database = store.new_on_disk(unfinished)
            _fill(database, definition, dataset, inputs)
            database.close()
        keep(key, checksum_of(unfinished))
        unfinished.replace(folder / key)
    prune(folder)


def _is_sound(folder: Path, key: str) -> bool:
    """Return whether an image in a folder is whole, and has the content that it was made with."""
    try:
        return store.is_whole(folder / key) and recall(key) == checksum_of(folder / key)
    except OSError:
        return False


def _copy_on_disk(image: Database, key: str) -> Database:
    try:
        folder = OWN.path()
    except OSError as error:
        raise StorageError(f"{error.filename}: cannot be written: {error.strerror}") from None
    with store.written_to(folder):
        return store.copy_on_disk(image, folder / f"{key}.{os.urandom(4).hex()}")


def _fill(
    database: Database, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs
) -> None:
    from fake_server.world.datasets.check import check
    from fake_server.world.records.agreement import require_agreement
    from fake_server.world.records.tables import Seeding

    check(dataset, definition.api)
    tables = definition.tables()
    with database.transaction() as connection:
        _create_tables(connection, tables)
        try:
            definition.populate(connection, inputs)
        except RecordError as error:
            raise _dataset_error(error, definition.api, dataset) from None
        require_agreement(definition.api, definition.kinds(), Seeding(inputs, connection))
        _create_indexes(connection, tables)
        begin_tallies(connection, tables)


def _dataset_error(error: RecordError, api: str, dataset: Dataset) -> DatasetError:
    path = (api, *error.path)
    where = ".".join(str(step) for step in path)
    return DatasetError(f"{where}: {error}", dataset.position(path))


def _create_tables(connection: Connection, tables: MetaData) -> None:
    for table in tables.sorted_tables:
        connection.execute(CreateTable(table))


def _create_indexes(connection: Connection, tables: MetaData) -> None:
    """Make the indexes, sorted by columns and name.

    SQLAlchemy has the indexes of a table in a set: without the sorting, equal inputs would give
    different bytes in another process. Indexes made after the rows take less time and space.
    """
    for table in tables.sorted_tables:
        for index in sorted(table.indexes, key=_columns_and_name):
            connection.execute(CreateIndex(index))


def _columns_and_name(index: Index) -> tuple[list[str], str]:
    return [str(column) for column in index.columns], str(index.name)
