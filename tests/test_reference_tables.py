"""What the documents declare is what other sources know of the real services.

A declaration that lacks a filter would pass every test that is made from it. So each operation is
held to the row of its API's table, `tests/reference/<api>.json`, which no declaration made. What
differs stands in `tests/reference/differences.yaml` with its reason.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import Client

from fake_server import create_app
from fake_server.data_files.api_document import api_document
from tests.reference.declared import declared
from tests.reference.tables import DIFFERENCES, differences, key, table
from tests.support import listed

APIS = ("intra42", "fabmanager", "xurrent")
HEADERS: Mapping[str, Mapping[str, str]] = {
    "intra42": {"Authorization": "Bearer YOUR_ACCESS_TOKEN"},
    "fabmanager": {"Authorization": "Token token=7Yq3hKc9WnB5tRf2XvM8sZdE"},
    "xurrent": {"Authorization": "Bearer api-token"},
}


@pytest.mark.parametrize("api", APIS)
def test_operations_declare_what_the_reference_knows(api: str) -> None:
    entries = [
        entry
        for entry in listed.entries(DIFFERENCES, "operations")
        if entry.where.startswith(f"{api} ")
    ]
    differing = differences(api, table(api), declared(api_document(api)))
    rest, stale = listed.unlisted(differing, entries)
    assert not rest, "\n".join(map(str, rest))
    assert not [entry.where for entry in stale], "entries of differences.yaml cover no difference"


@pytest.mark.parametrize("api", APIS)
def test_collections_come_in_the_order_of_the_reference(api: str) -> None:
    rows = table(api)
    client = Client(create_app("demo", seed=42, now="2026-03-02T10:15:30Z", frozen=True))
    shown = 0
    for operation in declared(api_document(api)):
        row = rows.get(key(operation.method, operation.path))
        order = row.facts.get("order") if row else None
        # Lists under /v2/me need the token of a person; they are those under the user.
        if order is None or "{" in operation.path or operation.path.startswith("/v2/me/"):
            continue
        items = _items(client.get(operation.path, headers=dict(HEADERS[api])).get_json())
        if not operation.sort and order.removeprefix("-") not in items[0]:
            # The items do not show what they are sorted by.
            continue
        if operation.sort:
            asked = client.get(f"{operation.path}?sort={order}", headers=dict(HEADERS[api]))
            assert items == _items(asked.get_json()), f"{operation.path} is not sorted by {order}"
        else:
            assert items == _sorted(items, order), f"{operation.path} is not sorted by {order}"
        assert len(items) > 1 or "/disabled" in operation.path, f"{operation.path}: too few to tell"
        shown += 1
    assert shown, "no collection's order is known"


def _items(body: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = body if isinstance(body, list) else next(iter(body.values()))
    return items


def _sorted(items: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    """Return items as a sort by one field leaves them; equal ones stay."""
    field = order.removeprefix("-")
    return sorted(items, key=lambda item: item[field], reverse=order != field)


def test_listed_differences_have_a_place_and_a_reason() -> None:
    for entry in listed.entries(DIFFERENCES, "operations"):
        assert entry.where.split()[0] in APIS, entry
        assert entry.what in {"missing", "extra", "changed", "*"}, entry
        assert len(entry.reason) > 20, entry


def test_tables_name_each_operation_once() -> None:
    for api in APIS:
        rows = table(api)
        assert len({(row.method, row.path) for row in rows.values()}) == len(rows)
        assert all(row.facts.get("source") for row in rows.values())
