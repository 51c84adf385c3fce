"""Events."""

from collections.abc import Iterable, Mapping, Sequence

from fake_server.api.declare import Field, Json, Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import Row, Tables
from fake_server.api.serve import Parameters, has_quirk, now, parse_sort, world
from fake_server.apis.fabmanager.dialect.addresses import file_address, page_address
from fake_server.apis.fabmanager.dialect.filters import KINDS, Condition
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.dialect.parameters import flag
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.resources import API

_KEPT = "kept"
_SIZES = ("large", "medium", "small")
_BY_START = tuple(parse_sort("start_at,id"))


def _read_upcoming(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Return whether a request is for future events only. In the service any value means yes."""
    is_sent = name in parameters and has_quirk("any-flag")
    value = parameters.get(name) if is_sent else flag(parameters, name)
    if is_sent or value:
        query.require(name, milliseconds(now()))
        query.order = _BY_START


class _Events(LabResource):
    name = "events"
    own_filters = {"upcoming": _read_upcoming}

    def always(self) -> Iterable[str]:
        return (_KEPT,)

    def condition(self, name: str) -> Condition:
        if name == _KEPT:
            return self.table.c.deleted_at.is_(None)
        if name == "upcoming":
            return KINDS["From"].condition(self.table.c.end_at, name)
        return super().condition(name)

    def event_image(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the addresses of pictures, by id of their event."""
        return {row.id: _addresses(row.picture) if row.picture else None for row in rows}

    def prices(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return prices, by id of their event."""
        language = world().section(API).get("locale", "en")
        missing = f"Translation missing: {language}.app.public.home.full_price"
        return {
            row.id: {
                "normal": {"name": missing, "amount": row.amount},
                **{
                    str(price["price_category_id"]): {
                        "name": price["name"],
                        "amount": price["amount"],
                    }
                    for price in row.other_prices or ()
                },
            }
            for row in rows
        }

    def url(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return the addresses of pages, by id of their event."""
        return {row.id: page_address(f"/#!/events/{row.id}") for row in rows}

    def first_ids(self, tables: Tables) -> Iterable[int]:
        from fake_server.apis.fabmanager.invention.calendar import sessions

        return tables.story(sessions)

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.calendar import event

        return event(number, tables)


def _addresses(picture: str) -> Json:
    folder, _, name = picture.rpartition("/")
    return {f"{size}_url": file_address(f"{folder}/{size}_{name}") for size in _SIZES}


resource = _Events()
