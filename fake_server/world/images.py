"""The images that worlds start from: databases, built once and cached in memory and on disk."""

import os
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import RLock

from sqlalchemy import Connection, Index, MetaData
from sqlalchemy.schema import CreateIndex, CreateTable

from fake_server.data_files.cache import (
    DISK_IMAGE,
    KEPT,
    cache_folder,
    checksum_of,
    keep,
    note_use,
    prune,
    recall,
    unfinished_file,
)
from fake_server.data_files.code_version import api_version, code_version
from fake_server.data_files.temporary import OWN
from fake_server.world.datasets.dataset import Dataset
from fake_server.world.errors import DatasetError, RecordError, StorageError
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.records.definition import StoreDefinition
from fake_server.world.storage import store
from fake_server.world.storage.store import Database, Store
from fake_server.world.storage.tallies import begin_tallies

_MOST_IMAGES = 48
_MOST_BYTES = 256 * 1024 * 1024


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


class Images:
    """The images of a process, each made at its first use.

    At most 48 images and 256 MiB are kept; the least recently used images are dropped first.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._images: dict[str, Image] = {}
        self._making: dict[str, RLock] = {}

    def get(
        self, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs, *, on_disk: bool
    ) -> Image:
        """Return the image of one API for a dataset, seed and start; raises `DatasetError`."""
        key = _key(definition, dataset, inputs) + (DISK_IMAGE if on_disk else "")
        image = self._recalled(key)
        if image is not None:
            return image
        with self._lock:
            making = self._making.setdefault(key, RLock())
        # Whoever needs another image does not wait for this one.
        with making:
            try:
                image = self._recalled(key)
                if image is None:
                    make = _image_on_disk if on_disk else _image_in_memory
                    image = make(key, definition, dataset, inputs)
                    self._remember(key, image)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return image

    def has(
        self, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs, *, on_disk: bool
    ) -> bool:
        """Return whether an image is in memory or in the cache folder, so that none is made."""
        key = _key(definition, dataset, inputs) + (DISK_IMAGE if on_disk else "")
        with self._lock:
            if key in self._images:
                return True
        folder = cache_folder()
        return folder is not None and (folder / (key if on_disk else f"{key}{KEPT}")).is_file()

    def _recalled(self, key: str) -> Image | None:
        with self._lock:
            image = self._images.pop(key, None)
            if image is not None:
                self._images[key] = image
            return image

    def _remember(self, key: str, image: Image) -> None:
        with self._lock:
            self._images[key] = image
            while len(self._images) > 1 and self._are_too_many():
                del self._images[next(iter(self._images))]

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
    path = (api, *error.place)
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
