"""Credentials of a dataset as a kind of records: read, added and removed like any other."""

from collections.abc import Mapping, Sequence
from typing import Any

from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file
from fake_server.rest.access.forms import sent_forms
from fake_server.world.records.kinds import ListKind
from fake_server.world.records.tables import Record, Records


class CredentialKind(ListKind):
    """The credentials of one list of an API's section.

    A record is an object with the fields of a credential's form. Where the dataset schema has mere
    text in the list, an item is the value of the one field.
    """

    def __init__(self, api: str, path: tuple[str, ...]) -> None:
        form = next(iter(sent_forms(api)), None)
        key, others = ("token", ()) if form is None else (form.fields[0], form.optional)
        super().__init__(path[-1], path, key, *others)
        self._is_text = _item_type(api, path) == "string"

    def entries(self, records: Records) -> list[Record]:
        """Return the credentials; one that stands as a text gets the name of its key."""
        if not self._is_text:
            return super().entries(records)
        listed: Any = records.section
        for step in self.path:
            listed = (listed or {}).get(step)
        return [{self.key: text} for text in listed or []]

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        """Put credentials into the section, as texts if the list has texts."""
        super().write(records, [self._item(entry) for entry in entries])

    def spelled(self, record: object) -> object:
        """Return a record as its attributes, also for the text of a credential."""
        return {self.key: record} if self._is_text and isinstance(record, str) else record

    def in_section(self, records: Sequence[object]) -> dict[str, Any]:
        """Return the section with these records alone, as texts if the list has texts."""
        return super().in_section([self._item(record) for record in records])

    def _item(self, record: Any) -> Any:
        is_bare = self._is_text and isinstance(record, dict) and set(record) == {self.key}
        return record[self.key] if is_bare else record


def _item_type(api: str, path: tuple[str, ...]) -> Any:
    """Return the type that an API's dataset schema says the items of a list have."""
    node: Mapping[str, Any] = json_file(registry.package(api).schemas / "dataset.json")
    for step in path:
        node = (node.get("properties") or {}).get(step) or {}
    return (node.get("items") or {}).get("type")
