"""Every kind of records of every API: what is read is whole, and what is added again is the same.

A kind whose reading forgets an attribute would lose it, silently, at the next change.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from fake_server import create_app
from fake_server.data_files import registry
from fake_server.errors import DataError, InUseError
from fake_server.world.records import data
from fake_server.world.records.agreement import read_attributes, record_schema
from fake_server.world.records.kinds import ListKind, RecordKind
from fake_server.world.records.tables import Record, RecordKey, Records
from fake_server.world.world import World


def _world(dataset: str) -> World:
    world: World = create_app(dataset).extensions["fake_server.worlds"].get("default")
    return world


@cache
def _demo() -> World:
    return _world("demo")


def _kinds(api: str) -> list[RecordKind]:
    return list(data.kinds_of(_demo(), api).values())


def _records(world: World, api: str, kind: RecordKind) -> list[Record]:
    with world.lock:
        records = Records(world, api)
        return kind.read(records, kind.all_keys(records))


def _everything(world: World, api: str) -> dict[str, list[Record]]:
    return {kind.name: _records(world, api, kind) for kind in data.kinds_of(world, api).values()}


def _clear(world: World, api: str) -> None:
    """Remove all records that may be removed, those that refer to others first."""
    for kind in reversed(data.kinds_of(world, api).values()):
        with world.lock:
            records = Records(world, api)
            keys = kind.all_keys(records)
            try:
                with records.writing():
                    kind.remove(records, keys)
            except InUseError:
                _clear_but_first(records, kind, keys)


def _clear_but_first(records: Records, kind: RecordKind, keys: Sequence[RecordKey]) -> None:
    """Remove all but the first record, which a world needs."""
    with records.writing():
        kind.remove(records, keys[1:])


def _schema(api: str, kind: RecordKind) -> Mapping[str, Any]:
    """Return the schema of a record of a kind, as the dataset's schema has it."""
    whole = json.loads((registry.package(api).schemas / "dataset.json").read_bytes())
    return record_schema(whole, kind)


APIS = registry.names()
KINDS = [(api, kind.name) for api in APIS for kind in _kinds(api)]


@pytest.mark.parametrize(("api", "name"), KINDS)
def test_what_is_read_has_exactly_the_attributes_of_the_schema(api: str, name: str) -> None:
    kind = data.kind_of(_demo(), api, name)
    schema = _schema(api, kind)
    # What a record is only made from, such as the length of slots, is not read back.
    expected = read_attributes(schema)
    records = _records(_demo(), api, kind)
    assert records, f"the dataset demo has no {name}"
    # Credentials and accounts are given back as the section has them: none are lost by reading.
    least = set(schema.get("required", ())) if isinstance(kind, ListKind) else expected
    assert [record for record in records if not least <= set(record) <= expected][:1] == []


@pytest.mark.parametrize("api", APIS)
def test_what_is_added_cleared_and_added_again_is_the_same(api: str) -> None:
    world = _world("demo")
    everything = _everything(world, api)
    for _ in range(2):
        _clear(world, api)
        left = _everything(world, api)
        assert sum(len(records) for records in left.values()) <= 1
        added = {
            name: [record for record in records if record not in left[name]]
            for name, records in everything.items()
            if records != left[name]
        }
        data.add_all(world, {api: added})
        assert _everything(world, api) == everything


@pytest.mark.parametrize(("api", "name"), KINDS)
def test_a_record_that_is_put_in_its_own_place_stays_the_same(api: str, name: str) -> None:
    world = _world("demo")
    kind = data.kind_of(world, api, name)
    before = _records(world, api, kind)
    for record in (before[0], before[-1]):
        key = str(record[kind.key])
        assert data.change(world, api, name, key, record) == record
    assert _records(world, api, kind) == before


@pytest.mark.parametrize(("api", "name"), KINDS)
def test_a_doubled_key_is_a_mistake(api: str, name: str) -> None:
    world = _world("demo")
    kind = data.kind_of(world, api, name)
    record = _records(world, api, kind)[0]
    with pytest.raises(DataError, match=f"another record has the {kind.key} .* too"):
        data.add(world, api, name, [record])
    assert _records(world, api, kind)[0] == record
