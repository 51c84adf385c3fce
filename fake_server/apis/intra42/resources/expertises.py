"""Expertises: fields that users may know."""

from collections.abc import Collection, Mapping, Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY
from fake_server.api.records import Row, Tables
from fake_server.api.serve import base_url
from fake_server.apis.intra42.dialect.record_cache import cached
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.belongings import numbered, slug_of

_NAMES = (
    *("Databases", "Compilers", "Machine learning", "Typography", "Electronics", "Mobile"),
    *("Open source", "Testing", "Virtual reality", "Cryptography", "Sound", "Robotics"),
)
_FIRST = as_instant("2015-10-01T12:00:00Z")


class _Expertises(IntraResource):
    name = "expertises"

    def url(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return the address of each expertise, by its id."""
        return {row.id: f"{base_url()}/v2/expertises/{row.slug}" for row in rows}

    def expertises_users_url(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return the address of those who know each expertise, by its id."""
        return {number: f"{url}/expertises_users" for number, url in self.url(rows).items()}

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return expertises by id, at least those with the given ids."""
        rows = cached(self.table, ids, lambda row: row)
        return {number: self.as_items([rows[number]])[0] for number in ids}

    def invented(self, number: int, tables: Tables) -> Values:
        name = numbered(_NAMES, number)
        times = dict.fromkeys(("created_at", "updated_at"), _FIRST + number * DAY)
        return {"id": number, "name": name, "slug": slug_of(name), "kind": "sector", **times}


resource = _Expertises()
