"""The records of one API in one world, in SQLite behind SQLAlchemy Core.

This module, `prepared` and `tallies` are the only ones that depend on SQLite. One thread at a time
uses a connection: a statement runs, and its rows are fetched, under the lock of its database.
"""

import os
import sqlite3
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any, Protocol, cast

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql import Executable, Select
from sqlalchemy.util import LRUCache

from fake_server.errors import StorageError
from fake_server.world.storage.prepared import row_maker, use_of

_COMPILED: LRUCache[Any, Any] = LRUCache(1000)
_MEMORY_PAGE = 512
_DISK_PAGE = 4096
_PRIMARY = 0xFF
_MAPPED = 256 * 1024 * 1024


class Row(Protocol):
    """One row of a query: a named tuple of its columns."""

    def __getattr__(self, name: str) -> Any:
        """Return a column by its name."""

    def __getitem__(self, index: int) -> Any:
        """Return a column by its index."""

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the columns."""

    def _asdict(self) -> dict[str, Any]: ...


@cache
def _model() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    engine.connect().close()
    return engine


class Database:
    """One SQLite database with its single connection and the lock that guards it.

    `close`, or the garbage collector, closes the connection and deletes `removed`, the database's
    own file if it has one.
    """

    def __init__(self, driver: sqlite3.Connection, removed: Path | None = None) -> None:
        self.lock = RLock()
        self._driver = driver
        self._file = removed
        pool = StaticPool(cast(Any, lambda: driver))
        engine = Engine(pool, _model().dialect, URL.create("sqlite"))
        self._connection = engine.connect().execution_options(
            isolation_level="AUTOCOMMIT", compiled_cache=_COMPILED
        )
        self._finish = weakref.finalize(self, _close, self._connection, driver, removed)

    def rows(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row]:
        """Return all rows of a query; `values` are the values of its named parameters."""
        with self.lock:
            if isinstance(statement, Select):
                parameters = values or {}
                prepared = use_of(statement).prepared(self._connection.dialect, parameters)
                if prepared is not None:
                    return prepared.rows(self._driver, parameters)
            result = self._connection.execute(statement, values)
            return [*map(row_maker(tuple(result.keys())), result.fetchall())]

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield the connection inside a transaction; an exception rolls the transaction back.

        A nested transaction is a part of the outer one.
        """
        with self.lock, self._storage():
            if self._driver.in_transaction:
                yield self._connection
                return
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.exec_driver_sql("COMMIT")
            except BaseException:
                if self._driver.in_transaction:
                    self._connection.exec_driver_sql("ROLLBACK")
                raise

    def _storage(self) -> AbstractContextManager[None]:
        return nullcontext() if self._file is None else written_to(self._file.parent)

    def dump(self) -> bytes:
        """Return the whole database as bytes."""
        with self.lock:
            return self._driver.serialize()

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy the whole database into another connection's."""
        with self.lock:
            self._driver.backup(target)

    def copy(self) -> "Database":
        """Return a copy: in memory, or in a new file for a database with a file of its own."""
        if self._file is None:
            return from_bytes(self.dump())
        return copy_on_disk(self, self._file.with_suffix(f".{os.urandom(4).hex()}"))

    def close(self) -> None:
        """Close the connection; the database must not be used again."""
        with self.lock:
            self._finish()


def _close(connection: Connection, driver: sqlite3.Connection, removed: Path | None) -> None:
    connection.close()
    driver.close()
    if removed is not None:
        removed.unlink(missing_ok=True)


def _connect(target: str) -> sqlite3.Connection:
    return sqlite3.connect(
        target, uri=True, check_same_thread=False, isolation_level=None, cached_statements=256
    )


def new_in_memory() -> Database:
    """Return an empty database in memory."""
    driver = _connect(":memory:")
    driver.execute(f"PRAGMA page_size={_MEMORY_PAGE}")
    return Database(driver)


def from_bytes(data: bytes) -> Database:
    """Return a database in memory with the content of `data`, a result of `dump`."""
    driver = _connect(":memory:")
    driver.deserialize(data)
    return Database(driver)


def new_on_disk(path: Path) -> Database:
    """Return an empty database in a new file; writes are fast, and do not survive a crash."""
    driver = _connect(path.absolute().as_uri())
    driver.execute(f"PRAGMA page_size={_DISK_PAGE}")
    driver.execute("PRAGMA journal_mode=OFF")
    driver.execute("PRAGMA synchronous=OFF")
    driver.execute("PRAGMA cache_size=-65536")
    return Database(driver)


@contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """Raise `StorageError` where a folder takes no database: most often its disk is full."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        problem = error.orig if isinstance(error, OperationalError) else error
        code = getattr(problem, "sqlite_errorcode", 0) & _PRIMARY
        if code not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
            raise
        raise StorageError(f"{folder}: cannot be written: {problem}") from None


def open_on_disk(path: Path) -> Database:
    """Return the read-only database in a file, which must never change."""
    driver = _connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
    driver.execute(f"PRAGMA mmap_size={_MAPPED}")
    return Database(driver)


def copy_on_disk(image: Database, path: Path) -> Database:
    """Return a copy of a database in a new file, which is deleted when the copy is closed."""
    driver = _connect(path.absolute().as_uri())
    driver.execute("PRAGMA synchronous=OFF")
    # A journal in memory: the folder may be cleaned while the world is in use.
    driver.execute("PRAGMA journal_mode=MEMORY")
    try:
        image.copy_to(driver)
    except sqlite3.Error:
        driver.close()
        path.unlink(missing_ok=True)
        raise
    return Database(driver, removed=path)


def is_whole(path: Path) -> bool:
    """Return whether a file is a SQLite database of the length in its header."""
    try:
        with path.open("rb") as file:
            header = file.read(32)
        size = path.stat().st_size
    except OSError:
        return False
    page = int.from_bytes(header[16:18])
    pages = int.from_bytes(header[28:32])
    return header.startswith(b"SQLite format 3\0") and 0 < size == page * pages


class Store:
    """The records of one API in one world.

    A store reads the image, which other worlds share, until its first write. That write calls
    `copy`. The lock prevents `discard` from dropping the copy during its use.
    """

    def __init__(self, image: Database, copy: Callable[[], Database]) -> None:
        self._lock = RLock()
        self._shared = image
        self._copy = copy
        self._own: Database | None = None

    @property
    def written(self) -> bool:
        """Whether this store has left the shared image."""
        return self._own is not None

    def rows(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row]:
        """Return all rows of a query; `values` are the values of its named parameters.

        A query that is built once and gets its values here costs a third of a query that is built
        for each request.
        """
        with self._lock:
            return (self._own or self._shared).rows(statement, values)

    def row(self, statement: Executable) -> Row | None:
        """Return the first row of a query, or None."""
        rows = self.rows(statement)
        return rows[0] if rows else None

    def value(self, statement: Select[Any]) -> Any:
        """Return the first column of the first row of a query, or None."""
        row = self.row(statement)
        return None if row is None else row[0]

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection inside a transaction; an exception rolls the transaction back."""
        with self._lock:
            if self._own is None:
                self._own = self._copy()
            with self._own.transaction() as connection:
                yield connection

    def discard(self) -> None:
        """Drop all changes: the store reads the shared image again."""
        with self._lock:
            own, self._own = self._own, None
            if own is not None:
                own.close()

    def share(self) -> tuple[Database, Callable[[], Database]]:
        """Make the current records the image that `discard` restores.

        Returns the two arguments of another `Store` of these records.
        """
        with self._lock:
            if self._own is not None:
                self._shared, self._copy, self._own = self._own, self._own.copy, None
            return self._shared, self._copy
