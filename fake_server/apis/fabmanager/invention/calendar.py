"""The invented events of a fab lab: each takes place in an availability of its own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from fake_server.api.invent import DAY, HOUR, SeededRandom, milliseconds
from fake_server.api.records import ImageInputs, Tables
from fake_server.apis.fabmanager.moments import zone_of
from fake_server.apis.fabmanager.resources import RESOURCES

Values = dict[str, Any]

_EVENTS = (
    ("Open day", "Open door", ()),
    ("Repair café", "Workshop", ("Repair",)),
    ("Build a theremin", "Workshop", ("Electronics", "Music")),
    ("Wooden toys for beginners", "Course", ("Wood",)),
    ("Talk: free hardware", "Talk", ("Electronics",)),
)
_AGES = (None, "from 8 years", "from 16 years", "7 - 77 years")
_PLACES = (8, 12, 20)


class Session(NamedTuple):
    """The availability of an event; instants in milliseconds, `seats`: how many are reserved."""

    start_at: int
    end_at: int
    created_at: int
    seats: int


def sessions(tables: Tables) -> Mapping[int, Session]:
    """Return the availabilities of events by the event that they offer, in the order of ids.

    The event of an invented availability has the availability's number.
    """
    offers = RESOURCES["availabilities"].table.c
    bookings = RESOURCES["availabilities"].tables.tables["bookings"].c
    counts = select(bookings.availability_id, func.count()).group_by(bookings.availability_id)
    seats = {row[0]: row[1] for row in tables.rows(counts)}
    rows = tables.rows(
        select(offers.id, offers.start_at, offers.end_at, offers.created_at)
        .where(offers.available_type == "Event", offers.sound == 1)
        .order_by(offers.id)
    )
    return {
        row.id: Session(row.start_at, row.end_at, row.created_at, seats.get(row.id, 0))
        for row in rows
    }


def event(number: int, tables: Tables) -> Values:
    """Return the row of an invented event."""
    inputs = tables.inputs
    random = SeededRandom(inputs.seed, "events", number)
    session = tables.story(sessions).get(number)
    start, end, created_at, seats = session or _unlisted_session(random, inputs)
    title, category, themes = random.choice(_EVENTS)
    amount = random.choice((0, 1000, 2500))
    reduced = {"price_category_id": 1, "name": "Reduced price", "amount": amount // 2}
    places = random.choice([places for places in _PLACES if places >= seats] or [seats])
    return {
        "id": number,
        "title": title,
        "description": f"<p>{title}, with coffee.</p>",
        "created_at": created_at,
        "updated_at": random.integer(created_at, milliseconds(inputs.start)),
        "start_at": start,
        "end_at": end,
        "nb_total_places": places,
        "nb_free_places": places - seats,
        "category": category,
        "themes": list(themes),
        "age_range": random.choice(_AGES),
        "picture": None,
        "amount": amount,
        "other_prices": [reduced] if amount else [],
        "availability_id": None if session is None else number,
        "deleted_at": None,
    }


def _unlisted_session(random: SeededRandom, inputs: ImageInputs) -> Session:
    """Return the times of an event that no availability offers."""
    day = inputs.start.astimezone(zone_of(inputs.section)) + timedelta(random.integer(-120, 60))
    start = milliseconds(
        day.replace(hour=random.choice((10, 14, 19)), minute=0, second=0, microsecond=0)
    )
    announced = min(start, milliseconds(inputs.start)) - random.integer(10 * DAY, 60 * DAY)
    return Session(start, start + random.integer(2, 3) * HOUR, announced, 0)
