"""Where a record stands: the lists that must show what was written, or show it no more."""

from typing import Any

from fake_server.contract import Target, expect

from .helpers import Record, ids, page

_PARENTS = {
    "campus_users": ("user",),
    "coalitions_users": ("user", "coalition"),
    "cursus_users": ("user", "cursus"),
    "events_users": ("user", "event"),
    "expertises_users": ("user", "expertise"),
    "locations": ("user", "campus"),
    "projects_users": ("user", "project"),
    "slots": ("user",),
    "titles_users": ("user", "title"),
}
"""The records below which there is a list of a resource."""

_COLLECTIONS = {"campus": "campus", "cursus": "cursus"}
"""The last segment of a list whose name is not that of a record with an `s`."""

_LINKED = {
    "campus_users": "campus",
    "cursus_users": "cursus",
    "events_users": "event",
    "expertises_users": "expertise",
    "projects_users": "project",
    "titles_users": "title",
}
"""The record to which those of a resource link a user."""

_BELOW_USERS = frozenset({"event", "title"})
"""The linked records that have a list below each user."""


def expect_shown(target: Target, resource: str, number: int, **options: Any) -> Record:
    """Assert that each list a record belongs to shows it as it is alone; return it."""
    record: Record = page(target, f"/v2/{resource}/{number}", **options).json
    for path in _lists(resource, record):
        rows = _rows(target, path, options)
        row = next((row for row in rows if row["id"] == number), {})
        expect(f"{number} in {path}", *_common(record, row))
    for path, linked in _linked_lists(resource, record):
        expect(f"whether {linked} is in {path}", True, linked in ids(_rows(target, path, options)))
    for kind in _PARENTS.get(resource, ()):
        _expect_parent(target, kind, _id_of(record, kind), options)
    return record


def expect_gone(target: Target, resource: str, record: Record, **options: Any) -> None:
    """Assert that no list shows a record that was taken away, nor what it linked."""
    for path in _lists(resource, record):
        seen = ids(_rows(target, path, options))
        expect(f"whether {record['id']} is in {path}", False, record["id"] in seen)
    for path, linked in _linked_lists(resource, record):
        seen = ids(_rows(target, path, options))
        expect(f"whether {linked} is in {path}", False, linked in seen)


def _lists(resource: str, record: Record) -> list[str]:
    below = [
        f"/v2/{_collection(kind)}/{_id_of(record, kind)}/{resource}"
        for kind in _PARENTS.get(resource, ())
        if _id_of(record, kind) is not None
    ]
    return [f"/v2/{resource}", *below]


def _linked_lists(resource: str, record: Record) -> list[tuple[str, int]]:
    """Return the lists of users and of what links them, each with the id of its row."""
    kind = _LINKED.get(resource)
    if kind is None:
        return []
    user, linked = _id_of(record, "user"), _id_of(record, kind)
    lists = [(f"/v2/{_collection(kind)}/{linked}/users", user)]
    if kind in _BELOW_USERS:
        lists.append((f"/v2/users/{user}/{_collection(kind)}", linked))
    return lists


def _expect_parent(target: Target, kind: str, number: Any, options: dict[str, Any]) -> None:
    """Assert that a parent, whose counts a write may change, is alone as in its list."""
    if number is None:
        return
    path = f"/v2/{_collection(kind)}"
    record = page(target, f"{path}/{number}", **options).json
    row = next((row for row in _rows(target, path, options) if row["id"] == number), {})
    expect(f"{number} in {path}", *_common(record, row))


def _common(record: Record, row: Record) -> tuple[Record, Record]:
    """Return the members of a record and of its row that both have, or the record without a row."""
    names = [name for name in record if name in row] if row else list(record)
    return {name: record[name] for name in names}, {name: row.get(name) for name in names}


def _rows(target: Target, path: str, options: dict[str, Any]) -> list[Record]:
    answer = page(target, path, {"per_page": 100}, **options)
    rows: list[Record] = target.records(answer)
    expect(f"the total of {path}", len(rows), target.total(answer))
    return rows


def _collection(kind: str) -> str:
    return _COLLECTIONS.get(kind, f"{kind}s")


def _id_of(record: Record, kind: str) -> Any:
    inner = record.get(kind)
    return inner.get("id") if isinstance(inner, dict) else record.get(f"{kind}_id")
