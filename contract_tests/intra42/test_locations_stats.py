"""How long users sat at computers, by day."""

import re
from contextlib import AbstractContextManager

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import NOBODY, Record, page, school
from .locations import some_locations

_DURATION = re.compile(r"\d\d+:[0-5]\d:[0-5]\d(\.\d{1,6})?")
_NOW = "2026-03-30T12:00:00.000Z"


def _sitting(number: int, begin: str, end: str | None) -> Record:
    own = {"user_id": 1, "campus_id": 1, "host": f"c1r1s{number}", "primary": True}
    return {"id": number, "begin_at": begin, "end_at": end, **own}


# Paris is one hour ahead of UTC, and two from 2026-03-29T01:00:00Z on.
_SITTINGS = [
    _sitting(1, "2026-03-05T08:00:00Z", "2026-03-05T11:12:44.218Z"),
    _sitting(2, "2026-03-05T12:00:00Z", "2026-03-05T13:00:00Z"),
    _sitting(3, "2026-03-10T22:00:00Z", "2026-03-11T01:30:00Z"),
    _sitting(4, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
    _sitting(5, "2026-03-30T10:30:00Z", None),
]
_EXPECTED = {
    "2026-03-30": "01:30:00",
    "2026-03-29": "23:00:00",
    "2026-03-11": "02:30:00",
    "2026-03-10": "01:00:00",
    "2026-03-05": "04:12:44.218",
}


def _stats(target: Target, query: str = "") -> dict[str, str]:
    days: dict[str, str] = page(target, f"/v2/users/ada/locations_stats{query}").json
    return days


def _paris(target: Target) -> AbstractContextManager[Target]:
    campus = {"records": [{"id": number, "time_zone": "Europe/Paris"} for number in (1, 2, 74)]}
    return school(target, at=_NOW, campus=campus, locations={"records": _SITTINGS})


@behaviour("intra42.stats.days")
def test_each_day_has_its_time(intra42: Target) -> None:
    user_id = some_locations(intra42)[0]["user"]["id"]
    days = page(intra42, f"/v2/users/{user_id}/locations_stats").json
    need(bool(days), "a day with time")
    expect("the order", sorted(days, reverse=True), list(days))
    for day, text in days.items():
        expect_that(f"the time of {day}", bool(_DURATION.fullmatch(text)), "HH:MM:SS.f", text)
    intra42.get(f"/v2/users/{NOBODY}/locations_stats").expect_status(404)


@behaviour("intra42.stats.midnight", needs=("data", "clock"))
def test_days_begin_at_midnight_of_the_campus(intra42: Target) -> None:
    with _paris(intra42) as own:
        own.clock.freeze()
        days = _stats(own)
        open_day = "2026-03-30"
        expect("the days", list(_EXPECTED), list(days))
        expect("the times", _EXPECTED, {**days, open_day: days[open_day][:8]})
        utc = _stats(own, "?time_zone=UTC")
        split = {"2026-03-11": "01:30:00", "2026-03-10": "02:00:00"}
        expect("the days in UTC", split, {day: utc.get(day) for day in split})


@behaviour("intra42.stats.open", needs=("data", "clock"))
def test_who_sits_there_now_counts_until_now(intra42: Target) -> None:
    with _paris(intra42) as own:
        own.clock.freeze()
        expect("today", "01:30:00", _stats(own).get("2026-03-30", "")[:8])


@behaviour("intra42.stats.span", needs=("data", "clock"))
def test_a_span_of_days(intra42: Target) -> None:
    with _paris(intra42) as own:
        own.clock.freeze()
        expected = {
            "?begin_at=2026-03-11": list(_EXPECTED)[:3],
            "?end_at=2026-03-11": list(_EXPECTED)[3:],
            "?begin_at=2026-03-10&end_at=2026-03-12": list(_EXPECTED)[2:4],
            "?begin_at=2026-03-12&end_at=2026-03-13": [],
        }
        for query, days in expected.items():
            expect(f"the days of {query}", days, list(_stats(own, query)))
        expect("the time", "02:30:00", _stats(own, "?begin_at=2026-03-11")["2026-03-11"])


@behaviour("intra42.stats.unreadable", invalid=True)
def test_what_cannot_be_read_is_refused(intra42: Target) -> None:
    path = f"/v2/users/{some_locations(intra42)[0]['user']['id']}/locations_stats"
    for query in ("begin_at=yesterday", "end_at=2026-02-30", "time_zone=Nowhere/City"):
        intra42.get(f"{path}?{query}").expect_status(400)
