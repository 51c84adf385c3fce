"""Requests to a service desk at the edges: durations, filters, cursors, accounts."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from tests.frozen.answers import Question
from tests.frozen.queries import AGENT, HEADERS

DESK: Mapping[str, Any] = {
    "brand": "4me",
    "time_zone": "Amsterdam",
    "rate_limit": 40,
    "accounts": [{"id": "wdc", "name": "Widgets"}, {"id": "branch", "name": "Branch"}],
    "credentials": {
        "tokens": [
            {"token": "api-token"},
            {"token": "clerk", "administrator": False},
            {"token": "branch", "account": "branch"},
        ]
    },
    "calendars": {
        "count": 4,
        "records": [
            {
                "id": 101,
                "name": "Overlapping",
                "calendar_hours": [
                    {"weekday": day, "time_from": start, "time_until": end}
                    for day, start, end in (
                        ("mon", "08:00", "18:00"),
                        ("mon", "09:00", "10:00"),
                        ("mon", "17:00", "24:00"),
                        ("tue", "00:00", "12:00"),
                        ("sun", "00:00", "00:00"),
                    )
                ],
                "holidays": [201, 202],
            },
            {"id": 102, "name": "Éteint", "disabled": True, "sourceID": "ÉE"},
            {"id": 103, "name": "Elsewhere", "account": "branch"},
            {"id": 104, "name": "Open", "sourceID": "e"},
        ],
    },
    "holidays": {
        "count": 6,
        "countries": ["NL"],
        "records": [
            {"id": 201, "name": "a", "start_at": "2023-07-10T10:00", "end_at": "2023-07-10T20:00"},
            {"id": 202, "name": "b", "start_at": "2023-07-10T15:00", "end_at": "2023-07-11T06:00"},
        ],
    },
}
"""The section of a dataset."""

_SPANS = (
    "2023-07-09/2023-07-16 2023-07-10/2023-07-11/Amsterdam 2023-07-10/2023-07-12/Hawaii"
    " 2023-07-10T09:30:30Z/2023-07-10T10:30:29Z 2023-07-16/2023-07-09 2023-07-10/2023-07-10"
    " 2023-03-25/2023-03-27/Europe|Paris 2023-10-28/2023-10-31/Amsterdam 2023-01-01/2024-01-01"
    " 2023-07-10T08:00:00%2B02:00/2023-07-10T23:59:59-05:00/Lima 2023-07-10/2023-07-11/Nowhere"
    " 2023-07-10T17:59:59.999Z/2023-07-10T18:00:00.001Z 2023-07-17T00:00/2023-07-18T00:00"
)


def questions() -> Iterator[Question]:
    """Yield all requests."""
    return chain(_accounts(), _durations(), _filters(), _cursors(), _equal_ends())


def _durations() -> Iterator[Question]:
    for text in _SPANS.split():
        start, end, *zones = text.split("/")
        zone = f"&time_zone={zones[0].replace('|', '%2F')}" if zones else ""
        for calendar in (101, 102):
            target = f"/v1/calendars/{calendar}/duration?start={start}&end={end}{zone}"
            yield Question("GET", target, HEADERS["xurrent"])
        body = json.dumps({"start": start, "end": end})
        for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
            headers = {**HEADERS["xurrent"], "Content-Type": kind}
            yield Question("GET", "/v1/calendars/101/duration", headers, body)


def _accounts() -> Iterator[Question]:
    for token in ("api-token", "clerk", "branch", "API-TOKEN"):
        for account in ("", "wdc", "branch", "nothing"):
            headers = {**AGENT, "Authorization": f"Bearer {token}"}
            headers |= {"X-Xurrent-Account": account} if account else {}
            yield Question("GET", "/v1/calendars?per_page=2", headers)
        sent = {**AGENT, "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = json.dumps({"name": f"Of {token}"})
        yield Question("POST", "/v1/calendars", sent, body)
        yield Question("POST", "/v1/calendars", {**sent, "X-Xurrent-Account": "branch"}, body)
        yield Question("GET", "/v1/rate_limit", sent)
    yield Question("GET", "/v1/rate_limit", AGENT)


def _filters() -> Iterator[Question]:
    many = ",".join(map(str, range(1, 1002)))
    for query in (
        "name=%C3%89TEINT",
        "sourceID=%C3%A9e&disabled=true",
        "disabled=false&id=102",
        "id=102&disabled=false",
        f"id={many[:-5]}",
        f"id={many}",
        "source=a",
        "calendar_hours=a&strange=b",
        "created_at=<2023-07-13T12:00:00",
        "created_at=>=2023-07-13T14:00:00",
        "created_at=2023-07-13T14:00",
        "updated_at=<=2023-07-13T14:00:00%2B02:00",
    ):
        yield Question("GET", f"/v1/calendars?per_page=3&{query}", HEADERS["xurrent"])
    for query in ("start_at=2023-07-10T10:00", "end_at=>2023-07-10T20:00<2023-07-12", "source=a"):
        yield Question("GET", f"/v1/holidays?per_page=3&{query}", HEADERS["xurrent"])


def _equal_ends() -> Iterator[Question]:
    """Yield writes whose end is their start, and other values that are just (not) taken."""
    sent = {**HEADERS["xurrent"], "Content-Type": "application/json"}
    hours = {"weekday": "mon", "time_from": "08:00", "time_until": "17:00"}
    day = {"name": "Day", "start_at": "2023-07-10T10:00", "end_at": "2023-07-10T11:00"}
    for change in ({"time_until": "08:00"}, {"weekday": "MON"}, {"time_from": "8:00"}):
        body = json.dumps({**hours, **change})
        yield Question("POST", "/v1/calendars/102/calendar_hours", sent, body)
    for more in (
        {"end_at": day["start_at"]},
        {"picture_uri": "https://example.org/" + "a" * 300},
        {"start_at": "2023-07-10T10:00:00+02:00", "end_at": "2023-07-10T10:00:00-03:00"},
        {"start_at": "2023-07-10", "end_at": "2023-07-11T00:00:00Z"},
    ):
        yield Question("POST", "/v1/holidays", sent, json.dumps({**day, **more}))


def _cursors() -> Iterator[Question]:
    """Yield cursors of records that equal others, and of another order than the asked one."""
    start = 1_689_249_600_000
    for order, values in (
        ("created_at", [start, 101]),
        ("-created_at", [start, 102]),
        ("created_at", [101]),
        ("id", [101]),
        ("id", [start, 101]),
        ("name", ["open", 104]),
        ("name", ["open"]),
        ("name,created_at", ["open", 104]),
    ):
        text = json.dumps({"offset": 1, "cursor": values}, separators=(",", ":"))
        cursor = urlsafe_b64encode(text.encode()).decode().replace("=", "%3D")
        for name in ("search_after", "search_before"):
            target = f"/v1/calendars?per_page=2&sort={order}&{name}={cursor}"
            yield Question("GET", target, HEADERS["xurrent"])
    for kind in ("Calendar", "Holiday", "calendar"):
        node = b64encode(f"4me.com/{kind}/101".encode()).decode().rstrip("=")
        yield Question("GET", f"/v1/calendars/{node}", HEADERS["xurrent"])
    for number in (103, 104):
        for account in ("wdc", "branch"):
            headers = {**HEADERS["xurrent"], "X-4me-Account": account}
            yield Question("GET", f"/v1/calendars/{number}", headers)
    for headers in (AGENT, {**AGENT, "Authorization": "Bearer nobody"}):
        yield Question("GET", "/v1", headers)
        yield Question("GET", "/v1/", headers)
