"""The records of a world, for tests and commands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fake_server.testing.planes import Plane

Record = dict[str, Any]
Data = Mapping[str, Mapping[str, Sequence[Any]]]
"""Records by API and kind, each as a dataset pins one, with or without an id."""

_PAGE = 1000


class FakeRecords:
    """The records of one world: `world.records.add("intra42", "users", {"login": "norminet"})`.

    Kinds and attributes are those of a dataset; times are texts or datetimes. Mistakes raise
    `UserError`, one line with the expected value.
    """

    def __init__(self, plane: Plane, world: str) -> None:
        self._plane = plane
        self._world = world

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of records by API and kind."""
        counts: dict[str, dict[str, int]] = self._ask("GET", "")["counts"]
        return counts

    def list(
        self, api: str, kind: str, /, *, limit: int | None = None, **where: object
    ) -> Iterator[Record]:
        """Yield records in the order of their keys: `list("intra42", "slots", user_id=3)`.

        - `limit`: the greatest number of records; None: all.
        - `where`: the values that attributes of the records have.
        """
        query = {name: _query_text(value) for name, value in where.items()}
        remaining = limit
        while remaining is None or remaining > 0:
            size = _PAGE if remaining is None else min(remaining, _PAGE)
            text = urlencode({**query, "limit": size})
            page = self._ask("GET", f"{_path(api, kind)}?{text}")
            yield from page["records"]
            if page["after"] is None:
                return
            query["after"] = str(page["after"])
            remaining = None if remaining is None else remaining - size

    def get(self, api: str, kind: str, key: int | str) -> Record:
        """Return one record, with all its attributes."""
        record: Record = self._ask("GET", _path(api, kind, key))
        return record

    def add(self, api: str, kind: str, record: Mapping[str, Any] | str) -> Record:
        """Add one record; return the record with all its attributes."""
        added: Record = self._ask("POST", _path(api, kind), record)
        return added

    def load(self, data: Data) -> dict[str, dict[str, Sequence[Record]]]:
        """Add records by API and kind, all or none; return them with all their attributes."""
        added: dict[str, dict[str, Sequence[Record]]] = self._ask("POST", "", data)
        return added

    def change(self, api: str, kind: str, key: int | str, /, **changes: object) -> Record:
        """Change some attributes of a record; return the record with all its attributes."""
        changed: Record = self._ask("PATCH", _path(api, kind, key), changes)
        return changed

    def remove(self, api: str, kind: str, key: int | str) -> None:
        """Remove a record and its dependent records."""
        self._ask("DELETE", _path(api, kind, key))

    def _ask(self, method: str, path: str, data: Any = None) -> Any:
        body = None if data is None else json_values(data)
        return self._plane.ask(method, f"{self._world}/records{path}", body)


FakeData = FakeRecords
"""Another name of `FakeRecords`."""


def json_values(data: Any) -> Any:
    """Return records as JSON values: times become text."""
    # The import is here to keep a run of pytest fast that adds no records.
    from fake_server.world.json_values import as_json

    return as_json(data)


def _path(*steps: int | str) -> str:
    return "".join(f"/{quote(str(step), safe='')}" for step in steps)


def _query_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
