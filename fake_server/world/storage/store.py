"""The records of one API in one world, in SQLite behind SQLAlchemy Core.

The only module that knows of SQLite. A connection is used by one thread at a time: every
statement runs under the lock of its database, and all its rows are fetched under that lock.
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

from fake_server.world.errors import StorageError
from fake_server.world.storage.prepared import row_class, use_of

_COMPILED: LRUCache[Any, Any] = LRUCache(1000)
_MEMORY_PAGE = 512
_DISK_PAGE = 4096
_PRIMARY = 0xFF
_MAPPED = 256 * 1024 * 1024


class Row(Protocol):
    """One row of a query: a named tuple of its columns."""

    def __getattr__(self, name: str) -> Any:
        """Return a column by its name."""

    def __getitem__(self, place: int) -> Any:
        """Return a column by its place."""

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

    Closed with `close`, or when nobody refers to it any more; `removed`, its file if it has one
    of its own, goes then.
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
        """Return all rows of a query; `values` are those of its named parameters."""
        with self.lock:
            if isinstance(statement, Select):
                given = values or {}
                prepared = use_of(statement).prepared(self._connection.dialect, given)
                if prepared is not None:
                    return prepared.rows(self._driver, given)
            result = self._connection.execute(statement, values)
            return [*map(row_class(tuple(result.keys()))._make, result.fetchall())]

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give the connection inside a transaction; an exception undoes all of it.

        Inside another transaction it is a part of that one.
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
        """Return a copy of a database that is in memory, or in a file of its own, in another."""
        if self._file is None:
            return from_bytes(self.dump())
        return copy_on_disk(self, self._file.with_suffix(f".{os.urandom(4).hex()}"))

    def close(self) -> None:
        """Give the connection back; the database must not be used again."""
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
    """Return a database in memory with the content of `data` (what `dump` gave)."""
    driver = _connect(":memory:")
    driver.deserialize(data)
    return Database(driver)


def new_on_disk(path: Path) -> Database:
    """Return an empty database in a new file; made for filling fast, not for surviving a crash."""
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
    """Return the database in a file that is never written to again."""
    driver = _connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
    driver.execute(f"PRAGMA mmap_size={_MAPPED}")
    return Database(driver)


def copy_on_disk(image: Database, path: Path) -> Database:
    """Return a copy of a database in a new file, which belongs to one world and goes with it."""
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
    """Return whether a file is a database of the length that its header states."""
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

    Reads the image it shares with other worlds until its first write, which gives it a copy of
    its own (`copy` makes that copy). Its lock keeps that copy from being dropped while in use.
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
        """Return all rows of a query; `values` are those of its named parameters.

        A statement that is built once and given its values here costs a third of one that is
        built for each request.
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
        """Give a connection inside a transaction; an exception undoes all of it."""
        with self._lock:
            if self._own is None:
                self._own = self._copy()
            with self._own.transaction() as connection:
                yield connection

    def discard(self) -> None:
        """Go back to the shared image, dropping every change."""
        with self._lock:
            own, self._own = self._own, None
            if own is not None:
                own.close()

    def share(self) -> tuple[Database, Callable[[], Database]]:
        """Make the records as they are what `discard` goes back to.

        Returns what other stores of the same records are made from.
        """
        with self._lock:
            if self._own is not None:
                self._shared, self._copy, self._own = self._own, self._own.copy, None
            return self._shared, self._copy
