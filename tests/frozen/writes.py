"""Requests that write calendars, hours, holidays and links.

Each list goes to one world, in its order.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.frozen.answers import Question

_HEADERS = {
    "User-Agent": "frozen/1",
    "Authorization": "Bearer api-token",
    "X-4me-Account": "wdc",
    "Content-Type": "application/json",
}
_ODD_VALUES: tuple[Any, ...] = (None, "", " ", "x" * 200, 5, True, [], {}, ["a"], "a\0b", "é")


def _write(method: str, path: str, body: Any = None, **headers: str) -> Question:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Question(method, path, {**_HEADERS, **more}, None if body is None else text)


def _odd_bodies(method: str, path: str, good: Mapping[str, Any]) -> list[Question]:
    """Return requests with one attribute that is odd or left out, and with no object at all."""
    wrong = [_write(method, path, {**good, name: value}) for name in good for value in _ODD_VALUES]
    less = [
        _write(method, path, {key: value for key, value in good.items() if key != name})
        for name in good
    ]
    bodies = [_write(method, path, body) for body in ("", "{", "[]", "1", "null", '{"a":1}', "{}")]
    return [*wrong, *less, *bodies]


_CALENDAR = {"name": "Night shift", "source": "mine", "sourceID": "N-1", "disabled": False}
_HOLIDAY = {
    "name": "Company day",
    "start_at": "2016-06-17T16:00",
    "end_at": "2016-06-18T00:00",
    "picture_uri": "https://example.org/day.png",
    "sourceID": "C-1",
}
_HOURS = {"weekday": "tue", "time_from": "08:00", "time_until": "17:30"}
_FORM = {"Content_Type": "application/x-www-form-urlencoded"}

WRITES: Mapping[str, Sequence[Question]] = {
    "create_calendar": [
        _write("POST", "/v1/calendars", _CALENDAR),
        _write("POST", "/v1/calendars", {"name": "Plain"}),
        _write("POST", "/v1/calendars", _CALENDAR),
        _write("POST", "/v1/calendars", {"name": "NIGHT SHIFT"}, X_4me_Language="nl"),
        _write("POST", "/v1/calendars", {"name": "a"}, X_4me_Source="HR sync"),
        _write("POST", "/v1/calendars", "name=Form&disabled=1", **_FORM),
        _write("POST", "/v1/calendars?name=Query"),
        _write("POST", "/v1/calendars", {"name": "b"}, Authorization="Bearer nobody"),
        _write("POST", "/v1/calendars", {"name": "c"}, X_4me_Account="nothing"),
        _write("GET", "/v1/calendars?sort=-id&per_page=4"),
    ],
    "create_calendar_odd": _odd_bodies("POST", "/v1/calendars", _CALENDAR),
    "update_calendar": [
        _write("PATCH", "/v1/calendars/32", {"name": "Renamed"}),
        _write("PUT", "/v1/calendars/32", {"name": "Renamed", "disabled": True}),
        _write("PATCH", "/v1/calendars/32", {}),
        _write("PATCH", "/v1/calendars/32", {"id": 5, "created_at": "2020-01-01", "nothing": 1}),
        _write("PATCH", "/v1/calendars/999999", {"name": "x"}),
        _write("PATCH", "/v1/calendars/32", "disabled=0", **_FORM),
        _write("PATCH", "/v1/calendars/32/", {"sourceID": "S"}),
        _write("POST", "/v1/calendars/32.json", {"sourceID": "S"}),
        _write("DELETE", "/v1/calendars/32"),
        _write("GET", "/v1/calendars/32"),
        *_odd_bodies("PATCH", "/v1/calendars/33", _CALENDAR)[::3],
        _write("GET", "/v1/calendars/33"),
    ],
    "hours": [
        _write("POST", "/v1/calendars/32/calendar_hours", _HOURS),
        _write("POST", "/v1/calendars/32/calendar_hours", {**_HOURS, "time_until": "24:00"}),
        _write("POST", "/v1/calendars/32/calendar_hours", {**_HOURS, "time_until": "07:00"}),
        _write("POST", "/v1/calendars/32/calendar_hours", {**_HOURS, "weekday": "noday"}),
        _write("POST", "/v1/calendars/999999/calendar_hours", _HOURS),
        *_odd_bodies("POST", "/v1/calendars/32/calendar_hours", _HOURS)[::2],
        _write("GET", "/v1/calendars/32/calendar_hours?per_page=50"),
        _write("GET", "/v1/calendars/32/duration?start=2020-01-01&end=2020-02-01"),
        _write("DELETE", "/v1/calendars/32/calendar_hours"),
        _write("GET", "/v1/calendars/32/calendar_hours"),
    ],
    "holidays": [
        _write("POST", "/v1/holidays", _HOLIDAY),
        _write("POST", "/v1/holidays", {**_HOLIDAY, "end_at": "2016-06-01"}, X_4me_Language="de"),
        _write("POST", "/v1/holidays", {}, X_4me_Language="fr"),
        *_odd_bodies("POST", "/v1/holidays", _HOLIDAY)[::2],
        _write("GET", "/v1/holidays?sort=-id&per_page=3"),
    ],
}
"""By what is written; `documented` has the calendars 32 and 33."""


def linked(calendar: str, hours: str, holiday: str) -> list[Question]:
    """Return requests that change hours, and make and take links, of records there are."""
    hour = f"/v1/calendars/{calendar}/calendar_hours/{hours}"
    links = f"/v1/calendars/{calendar}/holidays"
    back = f"/v1/holidays/{holiday}/calendars"
    return [
        _write("PATCH", hour, {"time_until": "12:00"}),
        _write("PUT", hour, {"weekday": "sat"}),
        *_odd_bodies("PATCH", hour, _HOURS)[::4],
        _write("GET", hour),
        _write("PATCH", f"/v1/holidays/{holiday}", {"name": "Renamed", "end_at": "2099-01-01"}),
        _write("PUT", f"/v1/holidays/{holiday}", {"end_at": "1999-01-01"}),
        *_odd_bodies("PATCH", f"/v1/holidays/{holiday}", _HOLIDAY)[::5],
        _write("GET", f"/v1/holidays/{holiday}"),
        _write("POST", f"{links}/{holiday}"),
        _write("POST", f"{links}/{holiday}"),
        _write("POST", f"{links}/999999"),
        _write("GET", links),
        _write("GET", f"{back}?per_page=3"),
        _write("DELETE", f"{links}/{holiday}"),
        _write("DELETE", f"{links}/{holiday}"),
        _write("GET", links),
        _write("POST", f"{back}/{calendar}"),
        _write("GET", f"{back}/enabled"),
        _write("DELETE", f"{back}/{calendar}"),
        _write("DELETE", back),
        _write("GET", back),
        _write("POST", f"{links}/{holiday}"),
        _write("DELETE", links),
        _write("GET", links),
        _write("DELETE", hour),
        _write("DELETE", hour),
        _write("GET", hour),
        _write("GET", f"/v1/calendars/{calendar}"),
    ]
