"""How long a user sat at computers on each day, computed from the user's locations."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo

from flask import Response
from sqlalchemy import or_, select

from fake_server.api.declare import Call
from fake_server.api.invent import HOUR, MINUTE, SECOND, milliseconds, moment
from fake_server.api.serve import (
    Parameters,
    UnknownZoneError,
    current_request,
    has_quirk,
    json_answer,
    now,
    request_parameters,
    store,
    zone,
)
from fake_server.apis.intra42.dialect.errors import HttpError
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import RESOURCES, users
from fake_server.apis.intra42.resources.users.memberships import campus_users

_FAR = 2**62


def show_stats(resource: IntraResource, call: Call) -> Response:
    """Answer the time of each day on which the user of the path sat at computers."""
    params = request_parameters(current_request())
    user_id = users.resource.id_of(call.path["user_id"])
    days = _zone(params, user_id)
    lower, upper = _bound(params, "begin_at", days), _bound(params, "end_at", days)
    first, last = -_FAR if lower is None else lower, _FAR if upper is None else upper
    own = resource.table.c
    is_later = own.end_at > first
    has_time = (
        is_later if has_quirk("open-locations-uncounted") else or_(own.end_at.is_(None), is_later)
    )
    rows = store().rows(
        select(own.begin_at, own.end_at).where(
            own.user_id == user_id, own.begin_at < last, has_time
        )
    )
    instant = milliseconds(now())
    spans = [
        (max(row.begin_at, first), min(instant if row.end_at is None else row.end_at, last))
        for row in rows
    ]
    return json_answer(logtime(spans, days))


def logtime(spans: Iterable[tuple[int, int]], days: tzinfo) -> dict[str, str]:
    """Return the time of spans of instants by the day of a zone, the newest day first."""
    lengths: dict[date, int] = defaultdict(int)
    for begin, end in spans:
        for day, length in _by_day(begin, end, days):
            lengths[day] += length
    return {day.isoformat(): _spelled(lengths[day]) for day in sorted(lengths, reverse=True)}


def _by_day(begin: int, end: int, days: tzinfo) -> Iterator[tuple[date, int]]:
    """Yield the days that a span touches, and how long it lasts on each."""
    while begin < end:
        day = moment(begin).astimezone(days).date()
        midnight = _midnight(day + timedelta(days=1), days)
        yield day, min(end, midnight) - begin
        begin = midnight


def _midnight(day: date, days: tzinfo) -> int:
    return milliseconds(datetime.combine(day, time(), days).astimezone(UTC))


def _spelled(length: int) -> str:
    """Return a length as `03:12:44.218`: without a fraction where it is whole seconds."""
    whole, fraction = divmod(length, SECOND)
    hours, rest = divmod(whole * SECOND, HOUR)
    minutes, seconds = divmod(rest, MINUTE)
    text = f"{hours:02}:{minutes:02}:{seconds // SECOND:02}"
    return f"{text}.{fraction:03}".rstrip("0") if fraction else text


def _zone(params: Parameters, user_id: int) -> tzinfo:
    """Return the zone that a request names, or that of the user's primary campus."""
    name = params.get("time_zone")
    if name is None:
        campus, members = RESOURCES["campus"].table.c, campus_users.c
        name = store().value(
            select(campus.time_zone)
            .where(campus.id == members.campus_id, members.user_id == user_id)
            .order_by(members.position)
            .limit(1)
        )
    try:
        return zone(str(name or "UTC"))
    except UnknownZoneError:
        raise HttpError(400, "Bad Request") from None


def _bound(params: Parameters, name: str, days: tzinfo) -> int | None:
    """Return the first instant of a day that a request names, or None; other texts are refused."""
    text = params.get(name)
    if text is None or text == "":
        return None
    try:
        day = date.fromisoformat(str(text)[:10])
    except ValueError:
        raise HttpError(400, "Bad Request") from None
    if day.year in {MINYEAR, MAXYEAR}:
        # Some zones have midnights of these years that no `datetime` can hold in UTC.
        return -_FAR if day.year == MINYEAR else _FAR
    return _midnight(day, days)
