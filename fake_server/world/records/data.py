"""The records of a world in terms of the dataset schema: read, added, changed, removed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import RLock
from typing import Any, Protocol

from fake_server.world.errors import (
    DataError,
    RecordError,
    UnknownRecordError,
    UserError,
    expected_one_of,
    shortened,
)
from fake_server.world.image_inputs import DatasetPath
from fake_server.world.json_values import as_json
from fake_server.world.records.kinds import RecordKind
from fake_server.world.records.tables import Record, RecordKey, Records, RecordsOwner

MOST_AT_ONCE = 10_000
"""How many records one call may add."""

_LONGEST = 400

Given = Mapping[str, Sequence[Any]]
"""Records to add, by kind: each as one that a dataset pins, its id left out or not."""


class Owner(RecordsOwner, Protocol):
    """The part of a `World` that its records are read and changed through."""

    lock: RLock

    @property
    def apis(self) -> list[str]:
        """The names of the APIs."""

    def kinds(self, api: str) -> Sequence[RecordKind]:
        """Return the kinds of an API's records, those that others refer to first."""


def kinds_of(world: Owner, api: str) -> dict[str, RecordKind]:
    """Return the kinds of an API's records by name, those that others refer to first.

    Raises `UnknownRecordError` for an API that is none.
    """
    if api not in world.apis:
        raise UnknownRecordError(f"{api}: no such API; {expected_one_of(api, sorted(world.apis))}")
    return {kind.name: kind for kind in world.kinds(api)}


def kind_of(world: Owner, api: str, name: str) -> RecordKind:
    """Return one kind of an API's records; raises `UnknownRecordError`."""
    known = kinds_of(world, api)
    if name not in known:
        raise UnknownRecordError(
            f"{api}.{name}: no such kind of records; {expected_one_of(name, list(known))}"
        )
    return known[name]


def counts(world: Owner) -> dict[str, dict[str, int]]:
    """Return how many records of each kind there are, by API and kind."""
    with world.lock:
        return {
            api: {kind.name: kind.count(Records(world, api)) for kind in world.kinds(api)}
            for api in world.apis
        }


def page(
    world: Owner, api: str, kind: str, limit: int, after: str | None, where: Mapping[str, str]
) -> tuple[list[Record], RecordKey | None]:
    """Return at most `limit` records in the order of their keys, and the last one's if more follow.

    `after` is the key behind which they stand; `where` holds values, as text, of attributes.
    Raises `UnknownRecordError`, and `UserError` for an attribute that is not looked for.
    """
    found = kind_of(world, api, kind)
    for name in where:
        if name not in found.filters:
            raise UserError(
                f"{name}: no such filter of {api}.{kind};"
                f" {expected_one_of(name, ['limit', 'after', *found.filters])}"
            )
    key = None if after is None else found.key_of(after)
    if after is not None and key is None:
        raise UserError(f"after: expected the {found.key} of a record, found {after[:60]!a}")
    with world.lock:
        records = Records(world, api)
        keys = found.keys(records, key, limit + 1, where)
        more = keys[limit - 1] if len(keys) > limit else None
        return found.read(records, keys[:limit]), more


def one(world: Owner, api: str, kind: str, key: str) -> Record:
    """Return one record; raises `UnknownRecordError`."""
    found = kind_of(world, api, kind)
    with world.lock:
        return _one(Records(world, api), found, key)


def _one(records: Records, kind: RecordKind, text: str) -> Record:
    key = kind.key_of(text)
    found = [] if key is None else kind.read(records, [key])
    if not found:
        raise UnknownRecordError(
            f"{records.api}.{kind.name}: there is no record with the {kind.key} {text[:60]!a}"
        )
    return found[0]


def add(
    world: Owner, api: str, kind: str, given: Sequence[Any], *, single: bool = False
) -> list[Record]:
    """Add records, all or none; return them with all their attributes.

    `single`: an error says nothing of a record's place in the list. Raises `DataError`.
    """
    found = kind_of(world, api, kind)
    with world.lock:
        records = Records(world, api)
        with _worded(api, single=single), records.writing():
            keys = _add(records, found, given)
        return found.read(Records(world, api), keys)


def load(world: Owner, api: str, given: Given) -> dict[str, list[Record]]:
    """Add records of several kinds to a world, all or none; return them with all attributes.

    `load(world, "intra42", {"users": [{"login": "norminet"}], "campus": [{"name": "Paris"}]})`.
    Kinds that others refer to are added first, whatever the order. Raises `UserError`.
    """
    return load_all(world, {api: given})[api]


def load_all(world: Owner, given: Mapping[str, Given]) -> dict[str, dict[str, list[Record]]]:
    """Add records of several APIs to a world, all or none; see `load`."""
    with world.lock:
        added = add_all(world, given)
        return {api: _read_kinds(Records(world, api), keys) for api, keys in added.items()}


def add_all(world: Owner, given: Mapping[str, Given]) -> dict[str, dict[str, list[RecordKey]]]:
    """Add records of several APIs to a world, all or none; return their keys."""
    for api, kinds in given.items():
        kinds_of(world, api)
        for kind in kinds:
            kind_of(world, api, kind)
    added: dict[str, dict[str, list[RecordKey]]] = {}
    with world.lock, ExitStack() as stack:
        for api, kinds in given.items():
            records = Records(world, api)
            stack.enter_context(records.writing())
            with _worded(api):
                added[api] = _add_kinds(records, kinds)
    return added


def _add_kinds(records: Records, given: Given) -> dict[str, list[RecordKey]]:
    kinds = kinds_of(records.world, records.api)
    return {name: _add(records, kind, given[name]) for name, kind in kinds.items() if name in given}


def _read_kinds(records: Records, keys: Mapping[str, list[RecordKey]]) -> dict[str, list[Record]]:
    kinds = kinds_of(records.world, records.api)
    return {name: kinds[name].read(records, found) for name, found in keys.items()}


def _add(records: Records, kind: RecordKind, given: Sequence[Any]) -> list[RecordKey]:
    if len(given) > MOST_AT_ONCE:
        raise RecordError(
            (kind.name,), f"expected at most {MOST_AT_ONCE} records at once, found {len(given)}"
        )
    added: Any = kind.numbered(records, [kind.spelled(as_json(one)) for one in given])
    _require_valid(records.api, kind.in_section(added))
    _require_new(kind, records, added)
    kind.add(records, added)
    return [one[kind.key] for one in added]


def _require_valid(api: str, section: Any) -> None:
    from fake_server.world.datasets.check import check_section

    check_section(api, section)


def _require_new(kind: RecordKind, records: Records, added: Sequence[Record]) -> None:
    """Raise `RecordError` for a record whose key another has."""
    taken = kind.there(records, [one[kind.key] for one in added])
    for index, one in enumerate(added):
        if one[kind.key] in taken:
            raise RecordError(
                (*kind.path, index, kind.key),
                f"another record has the {kind.key} {one[kind.key]} too",
            )
        taken.add(one[kind.key])


def change(world: Owner, api: str, kind: str, key: str, changes: Mapping[str, Any]) -> Record:
    """Change some attributes of a record; return it whole.

    Raises `UnknownRecordError` and `DataError`.
    """
    found = kind_of(world, api, kind)
    with world.lock:
        records = Records(world, api)
        before = _one(records, found, key)
        with _worded(api, single=True), records.writing():
            record = found.changed(before, as_json(changes))
            _require_same_key(found, before, record)
            _require_valid(api, found.in_section([record]))
            found.replace(records, record)
        return found.read(Records(world, api), [before[found.key]])[0]


def _require_same_key(kind: RecordKind, before: Record, after: Record) -> None:
    if before[kind.key] != after[kind.key]:
        raise RecordError(
            (*kind.path, 0, kind.key), f"expected {before[kind.key]!r}: it cannot be changed"
        )


def remove(world: Owner, api: str, kind: str, key: str) -> None:
    """Remove a record and what hangs on it; raises `UnknownRecordError` and `InUseError`."""
    found = kind_of(world, api, kind)
    with world.lock:
        records = Records(world, api)
        wanted = _one(records, found, key)
        with records.writing():
            found.remove(records, [wanted[found.key]])


@contextmanager
def _worded(api: str, *, single: bool = False) -> Iterator[None]:
    """Say in one line where a record's mistake is, as its dataset would name the place."""
    try:
        yield
    except RecordError as error:
        message = shortened(str(error), _LONGEST)
        raise DataError(f"{_shown(api, error.place, single=single)}: {message}") from None


def _shown(api: str, place: DatasetPath, *, single: bool) -> str:
    steps = [step for step in place if step != "records"]
    if single:
        first = next((index for index, step in enumerate(steps) if isinstance(step, int)), None)
        steps = [step for index, step in enumerate(steps) if index != first]
    return ".".join([api, *(str(step) for step in steps)])
