"""The records of a world, as a test or a command reads and changes them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fake_server.testing.planes import Plane

Record = dict[str, Any]
Data = Mapping[str, Mapping[str, Sequence[Any]]]
"""Records by API and kind, each as one that a dataset pins, its id left out or not."""

_PAGE = 1000


class FakeData:
    """The records of one world: `world.data.add("intra42", "users", {"login": "norminet"})`.

    Kinds and attributes are those of a dataset, times text or datetimes. Mistakes raise
    `UserError`, one line that says what was expected.
    """

    def __init__(self, plane: Plane, world: str) -> None:
        self._plane = plane
        self._world = world

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many records there are, by API and kind."""
        counts: dict[str, dict[str, int]] = self._ask("GET", "")["counts"]
        return counts

    def list(
        self, api: str, kind: str, /, *, limit: int | None = None, **where: object
    ) -> Iterator[Record]:
        """Yield records in the order of their keys: `list("intra42", "slots", user_id=3)`.

        - `limit`: how many at most; all of them, if not given.
        - `where`: attributes and their values.
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
        """Add one record; return it with all its attributes."""
        added: Record = self._ask("POST", _path(api, kind), record)
        return added

    def load(self, data: Data) -> dict[str, dict[str, Sequence[Record]]]:
        """Add records by API and kind, all or none; return them with all their attributes."""
        added: dict[str, dict[str, Sequence[Record]]] = self._ask("POST", "", data)
        return added

    def change(self, api: str, kind: str, key: int | str, /, **changes: object) -> Record:
        """Change some attributes of a record; return it whole."""
        changed: Record = self._ask("PATCH", _path(api, kind, key), changes)
        return changed

    def remove(self, api: str, kind: str, key: int | str) -> None:
        """Remove a record, and what hangs on it."""
        self._ask("DELETE", _path(api, kind, key))

    def _ask(self, method: str, path: str, data: Any = None) -> Any:
        body = None if data is None else json_values(data)
        return self._plane.ask(method, f"{self._world}/data{path}", body)


def json_values(data: Any) -> Any:
    """Return records with nothing in them but what JSON has: times become text."""
    # Imported here: a run of pytest that adds no records need not wait for it.
    from fake_server.world.json_values import as_json

    return as_json(data)


def _path(*steps: int | str) -> str:
    return "".join(f"/{quote(str(step), safe='')}" for step in steps)


def _query_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
