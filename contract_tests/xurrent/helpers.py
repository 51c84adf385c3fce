"""What these tests share: finding records to look at, and making some of their own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import sleep
from typing import Any

from fake_server.contract import Answer, Target, expect, expect_that, need

CALENDARS = "/v1/calendars"
HOLIDAYS = "/v1/holidays"
NOBODY = 999_999_999_999
"""The id of no record."""

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CALENDAR_ITEM = ["id", "source", "sourceID", "name", "calendar_hours", "created_at", "updated_at"]
CALENDAR = {*CALENDAR_ITEM, "disabled"}
HOLIDAY = [*CALENDAR_ITEM[:4], "picture_uri", "start_at", "end_at", "created_at", "updated_at"]
_MOST = 100
_FIELDS = {
    CALENDARS: "id,source,sourceID,name,disabled,calendar_hours,created_at,updated_at",
    HOLIDAYS: ",".join(HOLIDAY),
}

Record = dict[str, Any]


def page(target: Target, path: str = CALENDARS, params: Any = None, **options: Any) -> Answer:
    """Get a page that must be answered with 200."""
    return target.get(path, params=params, **options).expect_status(200)


def listed(target: Target, path: str = CALENDARS, params: Any = None) -> list[Record]:
    """Return the records of a page."""
    return target.records(page(target, path, params))


def ids(records: Iterable[Record]) -> list[int]:
    """Return the ids of records, smallest first: order is for other tests."""
    return sorted(record["id"] for record in records)


def order(records: Iterable[Record]) -> list[int]:
    """Return the ids of records in their order."""
    return [record["id"] for record in records]


def bare(record: Mapping[str, Any]) -> Record:
    """Return a record without what depends on who asks, and how old the service is."""
    return {key: value for key, value in record.items() if key not in {"nodeID", "account"}}


def sort_key(field: str) -> Callable[[Record], Any]:
    """Return the sort key for a field."""

    def key(record: Record) -> Any:
        value = record[field]
        if field.endswith("_at"):
            return moment(value)
        return (value or "").casefold() if field in {"name", "sourceID"} else value

    return key


def moment(text: str) -> datetime:
    """Return the instant of a timestamp in an answer."""
    return datetime.fromisoformat(text)


def some(target: Target, path: str = CALENDARS) -> tuple[dict[str, str], list[Record]]:
    """Return parameters that narrow a list to one page, and its records with all their fields."""
    return target.remember(("some", path), lambda: _some(target, path))


def _some(target: Target, path: str) -> tuple[dict[str, str], list[Record]]:
    params = {"fields": _FIELDS[path], "per_page": str(_MOST)}
    answer = page(target, path, {**params, "sort": "id"})
    records = target.records(answer)
    if target.total(answer) <= _MOST:
        return params, records
    return {**params, "id": f"<={records[-1]['id']}"}, records


def calendars(target: Target) -> list[Record]:
    """Return up to 100 calendars with all their fields."""
    return some(target)[1]


def holidays(target: Target) -> list[Record]:
    """Return up to 100 holidays with all their fields."""
    return some(target, HOLIDAYS)[1]


def pass_time(target: Target, seconds: float) -> None:
    """Let some seconds pass at the target; without the capability `clock`, wait."""
    if "clock" in target.capabilities:
        target.clock.advance(timedelta(seconds=seconds))
    else:
        sleep(seconds)


def first(records: list[Record], what: str) -> Record:
    """Return the first record; not shown without one."""
    need(records, what)
    return records[0]


def linked(target: Target, calendar: int) -> list[Record]:
    """Return the holidays that are linked to a calendar, up to 100."""

    def find() -> list[Record]:
        answer = page(target, f"{CALENDARS}/{calendar}/holidays", {"per_page": _MOST})
        need(target.total(answer) <= _MOST, "a calendar with at most 100 holidays")
        return target.records(answer)

    return target.remember(("linked", calendar), find)


_TIES = (
    ("sourceID,-name", ("sourceID", "-name")),
    ("sourceID,-id", ("sourceID", "-id")),
    ("-sourceID,name", ("-sourceID", "name")),
    ("created_at,-id", ("created_at", "-id")),
    ("-updated_at,-id", ("-updated_at", "-id")),
    ("-sourceID,-created_at,-id", ("-sourceID", "-created_at", "-id")),
)
"""Values of `sort` with several fields."""


def expect_sorted_by_two(target: Target, path: str) -> None:
    """Assert what several fields to sort by mean together; not shown without ties."""
    params, records = some(target, path)
    unlike = False
    for sort, fields in _TIES:
        expected = list(records)
        risen = list(records)
        for index, field in reversed(list(enumerate(fields))):
            name, falls = field.removeprefix("-"), field.startswith("-")
            expected.sort(key=sort_key(name), reverse=falls)
            risen.sort(key=sort_key(name), reverse=falls and index == 0)
        unlike = unlike or order(expected) != order(risen)
        seen = listed(target, path, {**params, "sort": sort})
        for name in [field.removeprefix("-") for field in fields]:
            key = sort_key(name)
            values = [key(record) for record in expected]
            expect(f"the {name}s by {sort}", values, [key(record) for record in seen])
    need(unlike, f"records of {path} that are equal in a field to sort by")


def longest(target: Target) -> tuple[str, list[Record]]:
    """Return the path and the records of the longer list, of calendars or of holidays."""
    return max(((path, some(target, path)[1]) for path in _FIELDS), key=lambda pair: len(pair[1]))


def expect_error(answer: Answer, status: int, message: str | None = None) -> str:
    """Assert that an answer is an error in the API's form; return its message."""
    seen = answer.expect_status(status).json
    right = isinstance(seen, dict) and list(seen) == ["message"] and seen["message"]
    expect_that("the body of the error", right, '{"message": …}', answer.text)
    answer.expect_header("Content-Type", "application/json; charset=utf-8")
    if message is not None:
        expect("the message", message, seen["message"])
    return str(seen["message"])


def expect_names(answer: Answer, *names: str) -> None:
    """Assert that an answer is a 400 whose message has each of these words."""
    message = expect_error(answer, 400)
    for name in names:
        expect_that("what the message names", name in message, name, message)


def expect_invalid(answer: Answer, *errors: tuple[str, str]) -> None:
    """Assert that an answer is a 422 with exactly these pairs of field and sentence."""
    expected = {"message": "Validation Failed", "errors": [list(error) for error in errors]}
    answer.expect_status(422).expect_json(expected)


def token(target: Target) -> str:
    """Return the token that the target is asked with."""
    names = [name for name in ("token", "bearer_token") if name in target.identity.values]
    need(names, "a token")
    return target.credential(names[0])


def home(target: Target) -> str:
    """Return the id of the account that the target is asked in, as a dataset can have it."""
    return target.identity.values.get("account", "wdc")


@contextmanager
def account(
    target: Target,
    *records: Mapping[str, Any],
    holidays: Iterable[Mapping[str, Any]] = (),
    now: datetime | None = None,
    **settings: Any,
) -> Iterator[Target]:
    """Give a target that holds exactly these calendars and holidays."""
    section = {
        "accounts": [{"id": home(target), "name": "Understudy"}],
        "credentials": {"tokens": [{"token": token(target)}]},
        "calendars": {"records": [dict(record) for record in records]},
        "holidays": {"records": [dict(holiday) for holiday in holidays]},
        **settings,
    }
    with target.fresh(section, now=now) as own:
        yield own


def create(target: Target, **attributes: Any) -> Record:
    """Create a calendar; who calls it disables it again."""
    attributes_sent = {"name": target.name("calendar"), **attributes}
    record: Record = target.post(CALENDARS, json=attributes_sent).expect_status(201).json
    return record


def retire(target: Target, *records: Record) -> None:
    """Disable calendars: they cannot be deleted."""
    for record in records:
        target.patch(f"{CALENDARS}/{record['id']}", json={"disabled": True}).expect_status(200)


@contextmanager
def calendar(
    target: Target, *hours: tuple[str, str, str], days_off: Iterable[int] = (), **attributes: Any
) -> Iterator[Record]:
    """Make a calendar with these hours and holidays, and take all of it back at the end."""
    record = create(target, **attributes)
    path = f"{CALENDARS}/{record['id']}"
    try:
        for weekday, start, end in hours:
            add_hours(target, record["id"], weekday, start, end)
        for number in days_off:
            target.post(f"{path}/holidays/{number}").expect_status(200)
        yield record
    finally:
        target.delete(f"{path}/holidays")
        target.patch(path, json={"disabled": True})


def add_hours(target: Target, number: int, weekday: str, start: str, end: str) -> Record:
    """Add hours to a calendar."""
    hours = {"weekday": weekday, "time_from": start, "time_until": end}
    path = f"{CALENDARS}/{number}/calendar_hours"
    record: Record = target.post(path, json=hours).expect_status(201).json
    return record


def day_off(target: Target, start: str, end: str, **attributes: Any) -> Record:
    """Create a holiday; there is no way to take it back."""
    holiday = {"name": target.name("holiday"), "start_at": start, "end_at": end, **attributes}
    record: Record = target.post(HOLIDAYS, json=holiday).expect_status(201).json
    return record


def whole(target: Target, number: int) -> Record:
    """Return a calendar as it is shown alone."""
    record: Record = target.get(f"{CALENDARS}/{number}").expect_status(200).json
    return record
