"""Campus: the sites of the school."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from fake_server.api.declare import Json, Sighting, Values
from fake_server.api.invent import SeededRandom
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    Record,
    RecordError,
    RecordKey,
    Records,
    Row,
    Tables,
)
from fake_server.api.serve import UnknownZoneError, store, zone
from fake_server.apis.intra42.dialect.record_cache import rows_where
from fake_server.apis.intra42.dialect.resource import documented_ids
from fake_server.apis.intra42.dialect.written import WritableResource
from fake_server.apis.intra42.invention.cities import (
    CITIES,
    IDENTIFIERS,
    LANGUAGES,
    City,
    dated_row,
)
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.users.memberships import campus_users


class _Campus(WritableResource):
    name = "campus"
    filters = ("name", "slug", "country", "city", "time_zone")

    def end_all_locations(self, records: Records, row: Row, values: Values) -> None:
        """Let everybody at a campus leave their computers."""
        RESOURCES["locations"].end_all(records, row.id)

    def first_ids(self, tables: Tables) -> Iterable[int]:
        return documented_ids("campus")

    def language(self, rows: Sequence[Row]) -> Mapping[int, Any]:
        """Return the language of each campus in short, by the campus' id."""
        return {row.id: _language(row.language_id) for row in rows}

    def endpoint(self, rows: Sequence[Row]) -> Mapping[int, None]:
        """Return the endpoint of each campus, by the campus' id: there are none."""
        return dict.fromkeys(row.id for row in rows)

    def as_belongings(self, rows: Sequence[Row], keys: Sequence[str]) -> list[Json]:
        by_id = self.summaries([row.id for row in rows])
        return [by_id[row.id] for row in rows]

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return campus by id, as other records show them: no endpoint, the language with times."""
        rows = rows_where(self.table.c.id, ids)
        shown = zip(rows, self.as_items(rows), strict=True)
        return {
            row.id: {
                name: dated_language(row.language_id) if name == "language" else value
                for name, value in item.items()
                if name != "endpoint"
            }
            for row, item in shown
        }

    def users_count(self, rows: Sequence[Row]) -> Mapping[int, int]:
        """Return how many users each campus has, by the campus' id."""
        ids = [row.id for row in rows]
        counts = {row.campus_id: row.members for row in store().rows(_MEMBERS, {"ids": ids})}
        return {number: counts.get(number, 0) for number in ids}

    def sightings(self, item: Json) -> Iterator[Sighting]:
        for sighting in super().sightings(item):
            language = item.get("language")
            if isinstance(language, dict) and "identifier" in language:
                sighting.attributes["language"] = language["identifier"]
            yield sighting

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        try:
            zone(record.get("time_zone", "UTC"))
        except UnknownZoneError as error:
            raise RecordError((*path, "time_zone"), error.told()) from None
        identifier = record.get("language", "fr")
        if identifier not in IDENTIFIERS:
            raise RecordError(
                (*path, "language"),
                f"expected one of {', '.join(IDENTIFIERS)}, found {identifier!r}",
            )

    def row(self, number: int, record: PinnedRecord, tables: Tables) -> Values:
        city = CITIES.get(number, City(f"Campus {number}", "France", "Europe/Paris", 1))
        name = record.get("name", city.city)
        slug = record.get("slug", name.lower().replace(" ", "-"))
        random = SeededRandom(0, "campus", number)
        row = {
            "id": number,
            "name": name,
            "slug": slug,
            "display_name": name,
            "time_zone": city.time_zone,
            "vogsphere_id": number,
            "country": city.country,
            "address": f"{random.integer(1, 200)} Campus Street",
            "zip": f"{random.integer(10000, 99999)}",
            "city": name,
            "website": f"https://{slug}.example",
            "facebook": f"https://facebook.example/{slug}",
            "twitter": f"https://twitter.example/{slug}",
            "email_extension": f"{slug}.example",
            "active": True,
            "public": True,
            "default_hidden_phone": False,
        }
        language = IDENTIFIERS[record["language"]] if "language" in record else city.language
        return dated_row(row, record) | {"language_id": language}

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        super().release(records, keys)
        records.delete(campus_users.c.campus_id, keys)

    def as_pinned(self, row: Row) -> Record:
        record = super().as_pinned(row)
        del record["updated_at"]
        return record | {"language": LANGUAGES[record.pop("language_id")].identifier}


resource = _Campus()

_MEMBERS = (
    select(campus_users.c.campus_id, func.count().label("members"))
    .where(campus_users.c.campus_id.in_(bindparam("ids", expanding=True)))
    .group_by(campus_users.c.campus_id)
)


def dated_language(language_id: int) -> Json:
    """Return a language as other records than campus show it: with its times."""
    created = LANGUAGES[language_id].created_at
    return {**_language(language_id), "created_at": created, "updated_at": created}


def _language(language_id: int) -> Json:
    language = LANGUAGES[language_id]
    return {"id": language_id, "name": language.name, "identifier": language.identifier}
