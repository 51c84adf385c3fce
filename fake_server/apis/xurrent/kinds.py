"""The kinds of records of the API, as a dataset has them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from fake_server.apis.xurrent.auth import accounts
from fake_server.apis.xurrent.pinned import Batch, pin_calendars, pin_holidays, require_account
from fake_server.apis.xurrent.render import WEEKDAYS
from fake_server.apis.xurrent.tables import calendar_holidays, calendar_hours, calendars, holidays
from fake_server.world.errors import InUseError, RecordError
from fake_server.world.instants import spelled
from fake_server.world.kinds import Kind, Listed, Tabled
from fake_server.world.records import Key, Place, Record, Records
from fake_server.world.store import Row


def kinds() -> Sequence[Kind]:
    """Return the kinds, those that others refer to first."""
    return _KINDS


class _Accounts(Listed):
    """The accounts, the default one first."""

    def entries(self, records: Records) -> list[Record]:
        return [dict(one) for one in accounts(records.section)]

    def remove(self, records: Records, keys: Sequence[Key]) -> None:
        home = self.entries(records)[0]["id"]
        for key in keys:
            if key == home:
                raise InUseError(f"xurrent.accounts: {key} is the default account, it stays")
            _require_unused(records, key)
        super().remove(records, keys)


def _require_unused(records: Records, account: Key) -> None:
    for kind in _KINDS[1:]:
        using = kind.keys(records, None, 1, {"account": str(account)})
        if using:
            raise InUseError(
                f"xurrent.accounts: {account} has {kind.name}, such as {using[0]}:"
                " remove them first"
            )


class _Tokens(Listed):
    """The tokens of users."""

    def verify(self, records: Records, entry: Record, place: Place) -> None:
        require_account(records.section, entry, place)


class _Holidays(Tabled):
    table = holidays
    filters = ("name", "account", "source", "sourceID")

    def read(self, records: Records, keys: Sequence[Key]) -> list[Record]:
        rows = {row.id: row for row in records.matching(holidays.c.id, keys)}
        return [_holiday(rows[key]) for key in keys if key in rows]

    def add(self, records: Records, added: Sequence[Record]) -> None:
        _pin(records, pin_holidays, added)

    def replace(self, records: Records, record: Record) -> None:
        linked = records.matching(calendar_holidays.c.holiday_id, [record["id"]])
        for row in records.matching(calendars.c.id, [link.calendar_id for link in linked]):
            if row.account != record["account"]:
                raise RecordError(
                    ("holidays", "records", 0, "account"),
                    f"calendar {row.id}, which it is linked to, is in {row.account}",
                )
        super().replace(records, record)

    def clear(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(holidays.c.id, keys)

    def release(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(calendar_holidays.c.holiday_id, keys)


class _Calendars(Tabled):
    table = calendars
    filters = ("name", "account", "source", "sourceID", "disabled")

    def read(self, records: Records, keys: Sequence[Key]) -> list[Record]:
        rows = {row.id: row for row in records.matching(calendars.c.id, keys)}
        hours = _by_calendar(records.matching(calendar_hours.c.calendar_id, keys))
        links = _by_calendar(records.matching(calendar_holidays.c.calendar_id, keys))
        return [_calendar(rows[key], hours[key], links[key]) for key in keys if key in rows]

    def add(self, records: Records, added: Sequence[Record]) -> None:
        _pin(records, pin_calendars, added)

    def clear(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(calendars.c.id, keys)
        records.delete(calendar_hours.c.calendar_id, keys)
        records.delete(calendar_holidays.c.calendar_id, keys)


_KINDS: tuple[Kind, ...] = (
    _Accounts("accounts", ("accounts",), "id", "name"),
    _Tokens("tokens", ("credentials", "tokens"), "token", "account", "administrator"),
    _Holidays(),
    _Calendars(),
)


def _pin(records: Records, pin: Callable[..., None], added: Sequence[Record]) -> None:
    batch = Batch()
    names = select(calendars.c.account, calendars.c.name_folded, calendars.c.id)
    batch.names = {(row.account, row.name_folded): row.id for row in records.rows(names)}
    batch.hours_ids = {row[0] for row in records.rows(select(calendar_hours.c.id))}
    linkable = select(holidays.c.id, holidays.c.account)
    batch.accounts_of_holidays = {row.id: row.account for row in records.rows(linkable)}
    pin(batch, records.brief, added)
    batch.insert(records.connection)


def _by_calendar(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.calendar_id].append(row)
    return found


def _calendar(row: Row, hours: list[Row], links: list[Row]) -> Record:
    return {
        **_shared(row),
        "disabled": row.disabled,
        "calendar_hours": [
            {
                "id": one.id,
                "weekday": WEEKDAYS[one.weekday],
                "time_from": one.time_from,
                "time_until": one.time_until,
            }
            for one in sorted(hours, key=lambda one: (one.weekday, one.time_from, one.id))
        ],
        "holidays": sorted(one.holiday_id for one in links),
    }


def _holiday(row: Row) -> Record:
    return {
        **_shared(row),
        "start_at": spelled(row.start_at).removesuffix("Z"),
        "end_at": spelled(row.end_at).removesuffix("Z"),
        "picture_uri": row.picture_uri,
    }


def _shared(row: Row) -> Record:
    return {
        "id": row.id,
        "name": row.name,
        "source": row.source,
        "sourceID": row.sourceID,
        "created_at": spelled(row.created_at),
        "updated_at": spelled(row.updated_at),
        "account": row.account,
    }
