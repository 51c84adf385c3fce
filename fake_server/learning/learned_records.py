"""The records that sightings add up to."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file
from fake_server.rest.resources.resource import Resource
from fake_server.rest.resources.sightings import LearnedRecords as LearnedRecordsByKind
from fake_server.rest.resources.sightings import Sighting
from fake_server.world.records.agreement import record_schema, resolved
from fake_server.world.records.kinds import RecordKind
from fake_server.world.records.tables import RecordKey

Attributes = dict[str, Any]

_FEW = 3


class MergedRecords:
    """The records of one API, by kind and key, merged from all their sightings.

    `notes` says in one line each what sightings contradict, and what stands in for the unseen.
    """

    def __init__(self, api: str, kinds: Mapping[str, RecordKind]) -> None:
        self.api = api
        self.kinds = kinds
        self.notes: list[str] = []
        self._schema = json_file(registry.package(api).schemas / "dataset.json")
        self._records: dict[str, dict[RecordKey, Attributes]] = {name: {} for name in kinds}
        self._positions: dict[tuple[str, RecordKey, str], str] = {}
        self._guesses: dict[tuple[str, RecordKey], dict[str, str | list[Any]]] = {}

    def of_kind(self, kind: str) -> Mapping[RecordKey, Attributes]:
        """Return the records of a kind by key."""
        return self._records.get(kind, {})

    def schema_of(self, kind: str) -> Mapping[str, Any]:
        """Return the schema of a kind's records in a dataset."""
        return record_schema(self._schema, self.kinds[kind])

    # Sightings

    def see(self, sighting: Sighting, position: str, *, written: bool = False) -> None:
        """Merge a sighting; a newer value wins, and an older one that differs is noted.

        `written`: the answer is that of a write, which may change what earlier answers showed.
        """
        key = self._key(sighting)
        if key is None:
            return
        attributes = self._plain(sighting, key, position)
        record = self._records[sighting.kind].setdefault(key, {})
        older: dict[str, list[str]] = {}
        for name, value in attributes.items():
            if name in record and _is_fuller(record[name], value):
                continue
            attribute = (sighting.kind, key, name)
            if name in record and not (written or _is_fuller(value, record[name])):
                older.setdefault(self._positions[attribute], []).append(name)
            record[name] = value
            self._positions[attribute] = position
        for earlier, names in older.items():
            self.notes.append(
                f"{position}: {sighting.kind} {key}: {', '.join(names)}: other values than in"
                f" {earlier}; the newer ones are kept"
            )
        self._guesses.setdefault((sighting.kind, key), {}).update(sighting.guesses)

    def agrees(self, sighting: Sighting) -> bool:
        """Return whether a record is as a sighting says."""
        key = self._key(sighting)
        record = {} if key is None else self._records[sighting.kind].get(key, {})
        return bool(record) and all(
            name in record and _is_fuller(record[name], value)
            for name, value in sighting.attributes.items()
        )

    def forget(self, kind: str, key: RecordKey) -> None:
        """Remove a record that was deleted."""
        self._records.get(kind, {}).pop(key, None)

    def _key(self, sighting: Sighting) -> RecordKey | None:
        kind = self.kinds.get(sighting.kind)
        key = None if kind is None else sighting.attributes.get(kind.key)
        expected = str if sighting.kind == "accounts" else int
        return key if isinstance(key, expected) and not isinstance(key, bool) else None

    def _plain(self, sighting: Sighting, key: RecordKey, position: str) -> Attributes:
        pinned = self.schema_of(sighting.kind)["properties"]
        attributes: Attributes = {}
        for name, value in sighting.attributes.items():
            if name not in pinned:
                continue
            try:
                json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
            except (ValueError, RecursionError):
                self.notes.append(f"{position}: {sighting.kind} {key}: {name}: no dataset holds it")
            else:
                attributes[name] = value
        return attributes

    # What paths say

    @property
    def by_kind(self) -> LearnedRecordsByKind:
        """All records by kind and key, to be changed."""
        return self._records

    def relate(
        self, parent: str, text: str, resource: Resource, keys: list[RecordKey]
    ) -> RecordKey | None:
        """Merge what a nested list says: its records belong to the parent that a path names.

        Returns the parent's key; None if the path names no record of a dataset.
        """
        parent_kind = self.kinds.get(parent)
        if not isinstance(parent_kind, Resource):
            return None
        parent_key = self.key_named(parent_kind, text)
        if parent_key is not None:
            self._relate(parent_kind, parent_key, resource, keys)
        return parent_key

    def _relate(
        self,
        parent_kind: Resource,
        parent_key: RecordKey,
        resource: Resource,
        keys: list[RecordKey],
    ) -> None:
        parent = parent_kind.name
        singular = parent_kind.declaration.singular.replace(" ", "_")
        if resource.name in self.schema_of(parent)["properties"]:
            self._link(parent, parent_key, resource.name, keys)
        if resource.name not in self.kinds:
            return
        own = self.schema_of(resource.name)["properties"]
        for key in keys:
            for name in (parent, f"{singular}_ids"):
                if name in own:
                    self._link(resource.name, key, name, [parent_key])
            if f"{singular}_id" in own:
                self._records[resource.name][key].setdefault(f"{singular}_id", parent_key)

    def key_named(self, kind: Resource, text: str) -> RecordKey | None:
        """Return the key of the record that a path names by id, login or slug.

        A record that no answer showed is made: the service knows it. None: the text is no key.
        """
        records = self._records[kind.name]
        key = kind.key_of(text)
        if key is not None:
            records.setdefault(key, {"id": key})
            return key
        name = kind.declaration.keys.get("names")
        if name is None:
            return None
        for number, record in records.items():
            if record.get(name) == text:
                return number
        free = next(number for number in range(1, len(records) + 2) if number not in records)
        records[free] = {"id": free, name: text}
        self.notes.append(f"{kind.name} {text}: no answer shows its id; {free} stands in")
        return free

    def _link(self, kind: str, key: RecordKey, name: str, ids: list[RecordKey]) -> None:
        linked = self._records[kind].setdefault(key, {"id": key}).setdefault(name, [])
        linked += [number for number in ids if number not in linked]

    # What no answer shows

    def complete(self) -> None:
        """Fill guesses, add stand-ins for records that others refer to, drop what lacks a value."""
        guessed: dict[tuple[str, str, str], list[RecordKey]] = {}
        for (kind, key), guesses in self._guesses.items():
            record = self._records[kind].get(key)
            for name, source in guesses.items():
                if record is not None and name not in record:
                    record[name] = self._guess(source)
                    text = "nothing" if record[name] == [] else str(record[name])
                    guessed.setdefault((kind, name, text), []).append(key)
        for (kind, name, text), keys in guessed.items():
            shown = ", ".join(map(str, keys[:_FEW])) + (", …" if len(keys) > _FEW else "")
            self.notes.append(
                f"{self.api}.{kind}: {name}: no answer shows it for {len(keys)} of them ({shown});"
                f" {text} stands in"
            )
        pending = [(kind, key) for kind, records in self._records.items() for key in records]
        while pending:
            kind, key = pending.pop()
            for other, number in self._references(kind, self._records[kind][key]):
                if number not in self._records[other]:
                    self._records[other][number] = {self.kinds[other].key: number}
                    pending.append((other, number))
        for kind, records in self._records.items():
            for key in list(records):
                self._require_complete(kind, key)

    def _guess(self, source: str | list[Any]) -> Any:
        if isinstance(source, list):
            return list(source)
        keys = [key for key in self._records[source] if isinstance(key, int)]
        return min(keys, default=1)

    def _references(self, kind: str, record: Attributes) -> Iterator[tuple[str, RecordKey]]:
        for name, value in record.items():
            other = self._referred(kind, name)
            if other is not None:
                for key in value if isinstance(value, list) else [value]:
                    if isinstance(key, str if other == "accounts" else int):
                        yield other, key

    def _referred(self, kind: str, name: str) -> str | None:
        resource = self.kinds[kind]
        if not isinstance(resource, Resource):
            return None
        for plan in resource.columns:
            if plan.name == name and plan.reference:
                return plan.reference.resource if plan.reference.resource in self.kinds else None
        if name == "parent_id":
            return kind
        for other, other_kind in self.kinds.items():
            singular = (
                other_kind.declaration.singular.replace(" ", "_")
                if isinstance(other_kind, Resource)
                else other.removesuffix("s")
            )
            if name in {f"{singular}_id", f"{singular}_ids", other} or (
                name == singular and other == "accounts"
            ):
                return other
        return None

    def _require_complete(self, kind: str, key: RecordKey) -> None:
        schema = self.schema_of(kind)
        record = self._records[kind][key]
        only_key = len(record) == 1
        missing = [name for name in schema.get("required", ()) if name not in record]
        unknown = [name for name in missing if not self._stands_in(schema, name)]
        if unknown:
            del self._records[kind][key]
            self.notes.append(
                f"{kind} {key}: left out: no answer shows its {' and '.join(unknown)}"
            )
            return
        for name in missing:
            record[name] = f"{kind}-{key}"
        if missing or only_key:
            self.notes.append(f"{kind} {key}: no answer shows it whole; values stand in")

    def _stands_in(self, schema: Mapping[str, Any], name: str) -> bool:
        about = resolved(self._schema, schema["properties"][name])
        return name in {"name", "slug", "login"} and about.get("type") == "string"

    # The section

    def section(self) -> dict[str, Any]:
        """Return the records as the section of a dataset, in the order of their keys."""
        section: dict[str, Any] = {}
        for name, kind in self.kinds.items():
            records = self._records[name]
            if records and name != "tokens" and name != "applications":
                keys = list(records) if name == "accounts" else sorted(records)
                order = self.schema_of(name)["properties"]
                section |= kind.in_section([_ordered(records[key], order) for key in keys])
        return section


def _ordered(record: Attributes, order: Mapping[str, Any]) -> Attributes:
    return {name: record[name] for name in order if name in record}


def _is_fuller(value: Any, other: Any) -> bool:
    """Return whether a value says all that another one says."""
    if isinstance(value, list) and isinstance(other, list) and len(value) == len(other):
        return all(_is_fuller(mine, its) for mine, its in zip(value, other, strict=True))
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return all(name in value and value[name] == its for name, its in other.items())
    return bool(value == other) and type(value) is type(other)
