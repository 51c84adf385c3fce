"""Who of an invented fab lab subscribed to which plan, one plan at a time."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from fake_server.api.invent import DAY, EPOCH, SeededRandom, milliseconds
from fake_server.api.records import Tables
from fake_server.apis.fabmanager.invention.durations import plus_duration
from fake_server.apis.fabmanager.moments import zone_of
from fake_server.apis.fabmanager.resources import RESOURCES

Values = dict[str, Any]

_ROUNDS = 2
_ROUND = 400
_RECENT = 360
_EARLIER = 30
_CANCELED = 0.1


class Subscription(NamedTuple):
    """A subscription: its plan, and from when to when it lasts or lasted."""

    plan_id: int | None
    start: int
    end: int


def subscription_count(tables: Tables) -> int:
    """Return how many subscriptions the users have: two each, if their group has a plan."""
    return _ROUNDS * len(tables.story(_subscribers))


def subscription(number: int, tables: Tables) -> Values:
    """Return the row of an invented subscription.

    The plan is one of the user's group. An earlier one ends before a later one begins.
    """
    subscribers = tables.story(_subscribers)
    rounds, position = divmod(number - 1, len(subscribers))
    user, plans = subscribers[position]
    random = SeededRandom(tables.inputs.seed, "subscriptions", number)
    plan = random.choice(plans)
    now = milliseconds(tables.inputs.start)
    days = random.integer(1, _RECENT) if not rounds else _RECENT + rounds * _ROUND
    start = now - days * DAY + random.integer(0, DAY - 1)
    if rounds:
        start += random.integer(0, _EARLIER - 1) * DAY
    zone = zone_of(tables.section)
    local = (EPOCH + timedelta(milliseconds=start)).astimezone(zone)
    end = milliseconds(plus_duration(local, plan.interval, plan.interval_count))
    canceled = start + (min(end, now) - start) // 2 if random.chance(_CANCELED) else None
    return {
        "id": number,
        "created_at": start,
        "canceled_at": canceled,
        "plan_id": plan.id,
        "user_id": user,
        "expiration_date": end,
        "offer_days": None,
    }


def terms(tables: Tables) -> Mapping[int, Sequence[Subscription]]:
    """Return the subscriptions of users, by user."""
    by_user: dict[int, list[Subscription]] = {}
    for row in tables.rows(select(RESOURCES["subscriptions"].table).order_by("id")):
        end = row.expiration_date if row.canceled_at is None else row.canceled_at
        by_user.setdefault(row.user_id, []).append(Subscription(row.plan_id, row.created_at, end))
    return by_user


def plan_at(tables: Tables, user: int, instant: int) -> int | None:
    """Return the plan that a user had at an instant, or None."""
    for term in tables.story(terms).get(user, ()):
        if term.start <= instant < term.end:
            return term.plan_id
    return None


def _subscribers(tables: Tables) -> list[tuple[int, list[Any]]]:
    """Return the users whose group has plans, with these plans."""
    plans: dict[int, list[Any]] = {}
    for row in tables.rows(select(RESOURCES["plans"].table).order_by("id")):
        plans.setdefault(row.group_id, []).append(row)
    users = RESOURCES["users"].table
    rows = tables.rows(select(users).where(users.c.deleted.is_(False)).order_by("id"))
    # Two of three users have a plan.
    return [(row.id, plans[row.group_id]) for row in rows if row.group_id in plans and row.id % 3]
