"""Records that a dataset pins, and the rows made of them."""

from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select

from fake_server.errors import RecordError
from fake_server.world.image_inputs import silent
from fake_server.world.records.pinning import (
    batches,
    claim,
    fill,
    free_ids,
    ids_with,
    instant_in,
    part,
    pinned,
    pinned_by_id,
    pinned_values,
    require_after,
    require_existing,
    require_source,
    with_paths,
)

SECTION = {
    "users": {"count": 3, "records": [{"id": 7, "login": "ada"}, {"id": 2}]},
    "slots": None,
}


def test_a_silent_section_has_no_part_and_pins_nothing() -> None:
    assert part(SECTION, "users")["count"] == 3
    assert part(SECTION, "slots") == part(SECTION, "campus") == {}
    assert pinned({"users": {"records": None}}, "users") == ()


def test_pinned_records_come_with_their_paths() -> None:
    paths = [path for path, _ in with_paths("users", pinned(SECTION, "users"))]
    assert paths == [("users", "records", 0), ("users", "records", 1)]


def test_pinned_records_by_id_keep_the_order_of_the_section() -> None:
    assert list(pinned_by_id(SECTION, "users")) == [7, 2]


def test_an_id_that_stands_twice_is_refused_where_it_stands_again() -> None:
    section = {"users": {"records": [{"id": 1}, {"id": 2}, {"id": 1}]}}
    with pytest.raises(RecordError, match="an earlier record has the id 1 too") as error:
        pinned_by_id(section, "users")
    assert error.value.path == ("users", "records", 2, "id")


def test_a_unique_value_that_stands_twice_is_refused() -> None:
    assert pinned_values(SECTION, "users", "login") == {"ada"}
    section = {"users": {"records": [{"login": "a"}, {}, {"login": "a"}]}}
    with pytest.raises(RecordError, match="an earlier record has 'a' too") as error:
        pinned_values(section, "users", "login")
    assert error.value.path == ("users", "records", 2, "login")


def test_a_claimed_id_is_taken() -> None:
    taken = {3}
    claim(taken, 4, ("slots", "records", 0, "id"))
    assert taken == {3, 4}
    with pytest.raises(RecordError, match="the id 4 too"):
        claim(taken, 4, ("slots", "records", 1, "id"))


def test_free_ids_are_the_preferred_ones_then_those_from_one_on() -> None:
    assert list(islice(free_ids([1, 3, 9], [9, 21, 21, 5]), 5)) == [21, 5, 2, 4, 6]


def test_ids_of_all_records_are_sorted() -> None:
    assert ids_with([5, 2], 3) == [1, 2, 3, 4, 5]
    assert ids_with([5, 2], 2, [42]) == [1, 2, 5, 42]
    assert ids_with([5, 2], 0) == [2, 5]


def test_a_reference_to_a_record_that_does_not_exist_is_refused() -> None:
    path = ("slots", "records", 0, "user_id")
    require_existing(path, [1, None], {1})
    with pytest.raises(RecordError, match="there is no 2 in this dataset") as error:
        require_existing(path, [1, 2], {1})
    assert error.value.path == path


def test_records_that_need_others_say_so() -> None:
    require_source("intra42", "slots", "users", [1])
    with pytest.raises(RecordError, match=r"need users: give intra42\.users a count") as error:
        require_source("intra42", "slots", "users", [])
    assert error.value.path == ("slots",)


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        (datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), 1000),
        ("1970-01-01T02:00:01+02:00", 1000),
        ("1970-01-01T00:00:01", 1000),
        (None, 5),
    ],
)
def test_instants_of_records_are_milliseconds(value: Any, instant: Any) -> None:
    assert instant_in({"created_at": value}, "created_at", 5) == instant


def test_an_instant_that_is_left_out_is_the_default() -> None:
    assert instant_in({}, "created_at", 5) == 5
    assert instant_in({}, "created_at") is None


def test_an_end_lies_after_its_start() -> None:
    require_after((), 1, 2)
    require_after((), None, 1)
    require_after((), 1, None)
    with pytest.raises(RecordError, match="is not after start_at") as error:
        require_after(("holidays", "records", 0), 2, 2)
    assert error.value.path == ("holidays", "records", 0, "end_at")
    with pytest.raises(RecordError, match="is not after opens_at"):
        require_after((), 2, 1, ("opens_at", "closes_at"))


def test_batches_report_what_is_done() -> None:
    reports = []
    lists = list(batches(range(5), 5, "users", lambda *report: reports.append(report), 2))
    assert lists == [[0, 1], [2, 3], [4]]
    assert reports == [("users", 2, 5), ("users", 4, 5), ("users", 5, 5)]
    assert list(batches([], 0, "users", silent)) == []


def test_a_table_is_filled_in_batches() -> None:
    metadata = MetaData()
    table = Table("numbers", metadata, Column("id", Integer, primary_key=True))
    reports = []
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        rows = ({"id": number} for number in range(6000))
        fill(connection, table, rows, 6000, lambda *report: reports.append(report))
        assert len(connection.execute(select(table)).all()) == 6000
    engine.dispose()
    assert reports == [("numbers", 5000, 6000), ("numbers", 6000, 6000)]
