import gc
import sqlite3
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fake_server.world.storage import store
from fake_server.world.storage.store import Database, Store
from tests.world.shop import GOODS, TABLES, names, rename


def _image(count: int = 3) -> Database:
    database = store.new_in_memory()
    with database.transaction() as connection:
        TABLES.create_all(connection)
        connection.execute(
            GOODS.insert(), [{"id": number, "name": f"n{number}"} for number in range(count)]
        )
    return database


@pytest.fixture
def image() -> Database:
    return _image()


@pytest.fixture
def new_store(image: Database) -> Callable[[], Store]:
    data = image.dump()
    return lambda: Store(image, lambda: store.from_bytes(data))


def test_a_store_reads_its_image_until_it_is_written_to(new_store: Callable[[], Store]) -> None:
    goods = new_store()
    assert names(goods) == ["n0", "n1", "n2"]
    assert not goods.written
    rename(goods, 1, "new")
    assert goods.written
    assert names(goods) == ["n0", "new", "n2"]


def test_a_write_in_one_world_is_not_seen_in_another(new_store: Callable[[], Store]) -> None:
    first, second = new_store(), new_store()
    rename(first, 0, "one")
    rename(second, 0, "two")
    assert (names(first)[0], names(second)[0], names(new_store())[0]) == ("one", "two", "n0")


def test_discarding_goes_back_to_the_image_again_and_again(new_store: Callable[[], Store]) -> None:
    goods = new_store()
    for name in ("a", "b"):
        rename(goods, 0, name)
        goods.discard()
        assert names(goods) == ["n0", "n1", "n2"]
        assert not goods.written
    goods.discard()


def test_an_exception_undoes_all_of_a_transaction(new_store: Callable[[], Store]) -> None:
    goods = new_store()
    rename(goods, 0, "kept")

    def fail() -> None:
        with goods.writing() as connection:
            connection.execute(GOODS.delete())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert names(goods) == ["kept", "n1", "n2"]


def test_a_refused_statement_undoes_all_and_leaves_the_store_usable(
    new_store: Callable[[], Store],
) -> None:
    goods = new_store()

    def insert_twice() -> None:
        with goods.writing() as connection:
            connection.execute(GOODS.insert().values(id=9, name="nine"))
            connection.execute(GOODS.insert().values(id=0, name="taken"))

    with pytest.raises(IntegrityError):
        insert_twice()
    rename(goods, 0, "after")
    assert names(goods) == ["after", "n1", "n2"]


def test_a_commit_that_fails_is_undone_too() -> None:
    database = store.new_in_memory()
    with database.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
        )
    database._driver.execute("PRAGMA foreign_keys=ON")

    def orphan() -> None:
        with database.transaction() as connection:
            connection.exec_driver_sql("INSERT INTO child VALUES (1)")

    for _ in range(2):
        with pytest.raises(IntegrityError):
            orphan()


def test_a_transaction_inside_another_is_a_part_of_it(new_store: Callable[[], Store]) -> None:
    goods = new_store()

    def both() -> None:
        with goods.writing():
            rename(goods, 0, "inner")
            assert names(goods)[0] == "inner"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        both()
    assert names(goods)[0] == "n0"


def test_row_and_value_take_the_first(new_store: Callable[[], Store]) -> None:
    goods = new_store()
    first = goods.row(select(GOODS).order_by(GOODS.c.id))
    assert first is not None
    assert first.name == "n0"
    assert goods.value(select(func.count()).select_from(GOODS)) == 3
    assert goods.row(select(GOODS).where(GOODS.c.id == 77)) is None
    assert goods.value(select(GOODS.c.name).where(GOODS.c.id == 77)) is None


def test_a_forgotten_database_closes_its_connection() -> None:
    database = _image()
    driver, forgotten = database._driver, weakref.ref(database)
    del database
    gc.collect()
    assert forgotten() is None
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


def test_a_database_may_be_closed_twice(image: Database) -> None:
    for _ in range(2):
        image.close()
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            image._driver.execute("SELECT 1")


def test_a_database_on_disk_is_copied_for_a_world_and_goes_with_it(tmp_path: Path) -> None:
    built = store.new_on_disk(tmp_path / "image")
    with built.transaction() as connection:
        TABLES.create_all(connection)
        connection.execute(GOODS.insert().values(id=0, name="n0"))
    built.close()
    image = store.open_on_disk(tmp_path / "image")
    goods = Store(image, lambda: store.copy_on_disk(image, tmp_path / "copy"))
    rename(goods, 0, "new")
    assert names(goods) == ["new"]
    assert (tmp_path / "copy").exists()
    goods.discard()
    assert names(goods) == ["n0"]
    assert [path.name for path in tmp_path.iterdir()] == ["image"]


def test_what_is_shared_is_what_a_store_goes_back_to(new_store: Callable[[], Store]) -> None:
    goods = new_store()
    rename(goods, 0, "first")
    other = Store(*goods.share())
    rename(goods, 0, "second")
    assert (names(goods)[0], names(other)[0]) == ("second", "first")
    goods.discard()
    assert names(goods)[0] == "first"
    rename(other, 0, "third")
    assert (names(goods)[0], names(new_store())[0]) == ("first", "n0")


def test_what_is_shared_on_disk_is_copied_to_files_that_go(tmp_path: Path) -> None:
    built = store.new_on_disk(tmp_path / "image")
    with built.transaction() as connection:
        TABLES.create_all(connection)
        connection.execute(GOODS.insert().values(id=0, name="n0"))
    built.close()
    image = store.open_on_disk(tmp_path / "image")
    goods = Store(image, lambda: store.copy_on_disk(image, tmp_path / "copy"))
    rename(goods, 0, "first")
    goods.share()
    rename(goods, 0, "second")
    assert names(goods) == ["second"]
    goods.discard()
    assert names(goods) == ["first"]
    del goods
    gc.collect()
    assert [path.name for path in tmp_path.iterdir()] == ["image"]


def test_a_file_cut_short_is_not_whole(tmp_path: Path) -> None:
    path = tmp_path / "image"
    assert not store.is_whole(path)
    built = store.new_on_disk(path)
    with built.transaction() as connection:
        TABLES.create_all(connection)
    built.close()
    assert store.is_whole(path)
    path.write_bytes(path.read_bytes()[:-1])
    assert not store.is_whole(path)
    path.write_bytes(b"")
    assert not store.is_whole(path)


def test_threads_write_read_roll_back_and_reset_without_harm(
    new_store: Callable[[], Store],
) -> None:
    """One store all threads share, and one of each thread's own on the same image."""
    shared = new_store()
    barrier = threading.Barrier(6)

    def undone(goods: Store) -> None:
        with goods.writing() as connection:
            connection.execute(GOODS.delete())
            raise KeyError

    def work(number: int) -> None:
        own = new_store()
        barrier.wait()
        for turn in range(60):
            rename(shared, number % 3, f"{number}-{turn}")
            assert len(names(shared)) == 3
            with pytest.raises(KeyError):
                undone(shared)
            if turn % 7 == number:
                shared.discard()
            rename(own, 0, f"{number}-{turn}")
            assert names(own) == [f"{number}-{turn}", "n1", "n2"]
            if turn % 5 == 0:
                own.discard()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    shared.discard()
    assert names(shared) == ["n0", "n1", "n2"]


def test_stores_leave_no_connection_open(new_store: Callable[[], Store]) -> None:
    def connections() -> int:
        gc.collect()
        return sum(isinstance(each, sqlite3.Connection) for each in gc.get_objects())

    rename(new_store(), 0, "first use")
    before = connections()
    for _ in range(20):
        goods = new_store()
        rename(goods, 0, "new")
        goods.discard()
        rename(goods, 0, "forgotten without discard")
    del goods
    assert connections() <= before
