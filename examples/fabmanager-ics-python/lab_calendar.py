"""The calendar of a fab lab as an .ics file: availabilities, events and reservations.

`python lab_calendar.py > lab.ics` reads the address of the API, which ends in `/open_api/v1`, from
FAB_MANAGER_URL, and its token from FAB_MANAGER_TOKEN.
"""

import html
import os
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import requests
from icalendar import Calendar, Event

TAGS = re.compile(r"<[^>]+>")


class Lab:
    """A fab lab's Open API; `url` ends in `/open_api/v1`."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers.update(headers)

    def records(self, resource: str, **params: str) -> Iterator[dict[str, Any]]:
        """Yield all records of a resource, page by page."""
        url: str | None = f"{self._url}/{resource}"
        query: dict[str, str] | None = {**params, "page": "1", "per_page": "100"}
        while url is not None:
            answer = self._session.get(url, params=query, timeout=10)
            answer.raise_for_status()
            yield from answer.json()[resource]
            url, query = answer.links.get("next", {}).get("url"), None


def calendar_of(lab: Lab, after: datetime) -> Calendar:
    """Return the entries of a lab from a time on."""
    calendar = Calendar()
    calendar.add("prodid", "-//Understudy//Fab lab example//EN")
    calendar.add("version", "2.0")
    for entry in (*availabilities(lab, after), *events(lab, after), *reservations(lab, after)):
        calendar.add_component(entry)
    return calendar


def availabilities(lab: Lab, after: datetime) -> Iterator[Event]:
    """Yield the times at which something can be reserved; they keep nobody busy."""
    for record in lab.records("availabilities", after=after.isoformat()):
        if record["available_type"] != "Event":
            kind = record["available_type"].lower()
            numbers = ", ".join(map(str, record["available_ids"]))
            entry = entry_of(record, f"availability-{record['id']}", f"Open: {kind} {numbers}")
            entry.add("transp", "TRANSPARENT")
            yield entry


def events(lab: Lab, after: datetime) -> Iterator[Event]:
    """Yield the events that end after a time."""
    for record in lab.records("events"):
        if datetime.fromisoformat(record["end_at"]) > after:
            entry = entry_of(record, f"event-{record['id']}", record["title"])
            entry.add("description", html.unescape(TAGS.sub("", record["description"])))
            entry.add("url", record["url"])
            entry.add("categories", [record["category"], *record["themes"]])
            yield entry


def reservations(lab: Lab, after: datetime) -> Iterator[Event]:
    """Yield an entry for each reserved slot that nobody canceled."""
    for record in lab.records("reservations"):
        name = record["reservable"].get("name") or record["reservable"].get("title")
        for number, slot in enumerate(record["reserved_slots"]):
            if slot["canceled_at"] is None and datetime.fromisoformat(slot["end_at"]) > after:
                person = record["user"]["full_name"] if record.get("user") else "a former member"
                yield entry_of(slot, f"reservation-{record['id']}-{number}", f"{name} ({person})")


def entry_of(times: Mapping[str, str], uid: str, summary: str) -> Event:
    """Return an entry from `start_at` to `end_at`."""
    entry = Event()
    entry.add("uid", f"{uid}@fab-lab.example")
    entry.add("summary", summary)
    entry.add("dtstart", datetime.fromisoformat(times["start_at"]).astimezone(UTC))
    entry.add("dtend", datetime.fromisoformat(times["end_at"]).astimezone(UTC))
    entry.add("dtstamp", datetime.now(UTC))
    return entry


if __name__ == "__main__":
    service = Lab(
        os.environ["FAB_MANAGER_URL"],
        {"Authorization": f"Token token={os.environ['FAB_MANAGER_TOKEN']}"},
    )
    sys.stdout.buffer.write(calendar_of(service, datetime.now(UTC)).to_ical())
