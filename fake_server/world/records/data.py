"""The records of a world in terms of the dataset schema: read, added, changed, removed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import RLock
from typing import Any, Protocol

from fake_server.errors import (
    DataError,
    RecordError,
    SettingError,
    UnknownRecordError,
    expected_one_of,
)
from fake_server.errors.wording import shortened
from fake_server.world.image_inputs import DatasetPath
from fake_server.world.json_values import as_json
from fake_server.world.records.kinds import RecordKind
from fake_server.world.records.tables import Record, RecordKey, Records, RecordsOwner

MOST_AT_ONCE = 10_000
"""How many records one call may add."""

_LONGEST = 400

RecordsByKind = Mapping[str, Sequence[Any]]
"""Records to add, by kind. Each is spelled as a pinned record of a dataset; the id is optional."""


class Owner(RecordsOwner, Protocol):
    """The part of a `World` that this module uses."""

    lock: RLock

    @property
    def apis(self) -> list[str]:
        """The names of the APIs."""

    def kinds(self, api: str) -> Sequence[RecordKind]:
        """Return the kinds of an API's records; a kind precedes the kinds that refer to it."""


def kinds_of(world: Owner, api: str) -> dict[str, RecordKind]:
    """Return the kinds of an API's records by name; a kind precedes the kinds that refer to it.

    Raises `UnknownRecordError` if there is no such API.
    """
    if api not in world.apis:
        raise UnknownRecordError(f"{api}: no such API; {expected_one_of(api, sorted(world.apis))}")
    return {kind.name: kind for kind in world.kinds(api)}


def kind_of(world: Owner, api: str, name: str) -> RecordKind:
    """Return one kind of an API's records; raises `UnknownRecordError`."""
    kinds = kinds_of(world, api)
    if name not in kinds:
        raise UnknownRecordError(
            f"{api}.{name}: no such kind of records; {expected_one_of(name, list(kinds))}"
        )
    return kinds[name]


def counts(world: Owner) -> dict[str, dict[str, int]]:
    """Return the number of records, by API and kind."""
    with world.lock:
        return {
            api: {kind.name: kind.count(Records(world, api)) for kind in world.kinds(api)}
            for api in world.apis
        }


def page(
    world: Owner, api: str, kind: str, limit: int, after: str | None, where: Mapping[str, str]
) -> tuple[list[Record], RecordKey | None]:
    """Return a page of records in the order of their keys, and the key that the next page follows.

    - `limit`: the greatest number of records.
    - `after`: the key that the page follows, as text; None for the first page.
    - `where`: the values, as text, that the records have, by attribute.

    The key is None on the last page. Raises `UnknownRecordError`, and `UserError` for an attribute
    that is no filter of the kind.
    """
    record_kind = kind_of(world, api, kind)
    for name in where:
        if name not in record_kind.filters:
            raise SettingError(
                f"{name}: no such filter of {api}.{kind};"
                f" {expected_one_of(name, ['limit', 'after', *record_kind.filters])}"
            )
    key = None if after is None else record_kind.key_of(after)
    if after is not None and key is None:
        raise SettingError(
            f"after: expected the {record_kind.key} of a record, found {after[:60]!a}"
        )
    with world.lock:
        records = Records(world, api)
        keys = record_kind.keys(records, key, limit + 1, where)
        more = keys[limit - 1] if len(keys) > limit else None
        return record_kind.read(records, keys[:limit]), more


def get(world: Owner, api: str, kind: str, key: str) -> Record:
    """Return one record; raises `UnknownRecordError`."""
    record_kind = kind_of(world, api, kind)
    with world.lock:
        return _get(Records(world, api), record_kind, key)


def _get(records: Records, kind: RecordKind, text: str) -> Record:
    key = kind.key_of(text)
    matches = [] if key is None else kind.read(records, [key])
    if not matches:
        raise UnknownRecordError(
            f"{records.api}.{kind.name}: there is no record with the {kind.key} {text[:60]!a}"
        )
    return matches[0]


def add(
    world: Owner, api: str, kind: str, new_records: Sequence[Any], *, single: bool = False
) -> list[Record]:
    """Add all records or none; return the records with all their attributes.

    `single`: an error leaves out the record's index in the list. Raises `DataError`.
    """
    record_kind = kind_of(world, api, kind)
    with world.lock:
        records = Records(world, api)
        with _worded(api, single=single), records.writing():
            keys = _add(records, record_kind, new_records)
        return record_kind.read(Records(world, api), keys)


def load(world: Owner, api: str, new_records: RecordsByKind) -> dict[str, list[Record]]:
    """Add all records of several kinds to a world, or none; return them with all attributes.

    `load(world, "intra42", {"users": [{"login": "norminet"}], "campus": [{"name": "Paris"}]})`.
    A kind is added before the kinds that refer to it, whatever the order. Raises `UserError`.
    """
    return load_all(world, {api: new_records})[api]


def load_all(
    world: Owner, new_records: Mapping[str, RecordsByKind]
) -> dict[str, dict[str, list[Record]]]:
    """Add all records of several APIs to a world, or none, as `load` does for one API."""
    with world.lock:
        added = add_all(world, new_records)
        return {api: _read_kinds(Records(world, api), keys) for api, keys in added.items()}


def add_all(
    world: Owner, new_records: Mapping[str, RecordsByKind]
) -> dict[str, dict[str, list[RecordKey]]]:
    """Add all records of several APIs to a world, or none; return the keys of the new records."""
    for api, kinds in new_records.items():
        kinds_of(world, api)
        for kind in kinds:
            kind_of(world, api, kind)
    added: dict[str, dict[str, list[RecordKey]]] = {}
    with world.lock, ExitStack() as stack:
        for api, kinds in new_records.items():
            records = Records(world, api)
            stack.enter_context(records.writing())
            with _worded(api):
                added[api] = _add_kinds(records, kinds)
    return added


def _add_kinds(records: Records, new_records: RecordsByKind) -> dict[str, list[RecordKey]]:
    kinds = kinds_of(records.world, records.api)
    return {
        name: _add(records, kind, new_records[name])
        for name, kind in kinds.items()
        if name in new_records
    }


def _read_kinds(records: Records, keys: Mapping[str, list[RecordKey]]) -> dict[str, list[Record]]:
    kinds = kinds_of(records.world, records.api)
    return {name: kinds[name].read(records, kind_keys) for name, kind_keys in keys.items()}


def _add(records: Records, kind: RecordKind, new_records: Sequence[Any]) -> list[RecordKey]:
    if len(new_records) > MOST_AT_ONCE:
        raise RecordError(
            (kind.name,),
            f"expected at most {MOST_AT_ONCE} records at once, found {len(new_records)}",
        )
    added: Any = kind.numbered(records, [kind.spelled(as_json(record)) for record in new_records])
    _require_valid(records.api, kind.in_section(added))
    _require_new(kind, records, added)
    kind.add(records, added)
    return [record[kind.key] for record in added]


def _require_valid(api: str, section: Any) -> None:
    from fake_server.world.datasets.check import check_section

    check_section(api, section)


def _require_new(kind: RecordKind, records: Records, added: Sequence[Record]) -> None:
    """Raise `RecordError` for a record whose key another record has."""
    taken = kind.existing_keys(records, [record[kind.key] for record in added])
    for index, record in enumerate(added):
        if record[kind.key] in taken:
            raise RecordError(
                (*kind.path, index, kind.key),
                f"another record has the {kind.key} {record[kind.key]} too",
            )
        taken.add(record[kind.key])


def change(world: Owner, api: str, kind: str, key: str, changes: Mapping[str, Any]) -> Record:
    """Change some attributes of a record; return the record with all its attributes.

    Raises `UnknownRecordError` and `DataError`.
    """
    record_kind = kind_of(world, api, kind)
    with world.lock:
        records = Records(world, api)
        before = _get(records, record_kind, key)
        with _worded(api, single=True), records.writing():
            record = record_kind.changed(before, as_json(changes))
            _require_same_key(record_kind, before, record)
            _require_valid(api, record_kind.in_section([record]))
            record_kind.replace(records, record)
        return record_kind.read(Records(world, api), [before[record_kind.key]])[0]


def _require_same_key(kind: RecordKind, before: Record, after: Record) -> None:
    if before[kind.key] != after[kind.key]:
        raise RecordError(
            (*kind.path, 0, kind.key), f"expected {before[kind.key]!r}: it cannot be changed"
        )


def remove(world: Owner, api: str, kind: str, key: str) -> None:
    """Remove a record and its dependent records; raises `UnknownRecordError` and `InUseError`."""
    record_kind = kind_of(world, api, kind)
    with world.lock:
        records = Records(world, api)
        record = _get(records, record_kind, key)
        with records.writing():
            record_kind.remove(records, [record[record_kind.key]])


@contextmanager
def _worded(api: str, *, single: bool = False) -> Iterator[None]:
    """Turn a `RecordError` into a `DataError`: one line that begins with the path of the value."""
    try:
        yield
    except RecordError as error:
        message = shortened(str(error), _LONGEST)
        raise DataError(f"{_shown(api, error.path, single=single)}: {message}") from None


def _shown(api: str, path: DatasetPath, *, single: bool) -> str:
    steps = [step for step in path if step != "records"]
    if single:
        first = next((index for index, step in enumerate(steps) if isinstance(step, int)), None)
        steps = [step for index, step in enumerate(steps) if index != first]
    return ".".join([api, *(str(step) for step in steps)])
