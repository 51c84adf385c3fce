"""The offer of an invented fab lab: plans, their categories, and prices by group and plan."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import Tables, require_source
from fake_server.apis.fabmanager.invention.inventory import slug_of
from fake_server.apis.fabmanager.resources import API, RESOURCES

Values = dict[str, Any]

_CATEGORIES = (
    ("By the week", "<p>For a project in between.</p>"),
    ("By the month", "<p>For those who come now and then.</p>"),
    ("By the year", "<p>For those who are at home here.</p>"),
)


class _PlanTerm(NamedTuple):
    """The duration of a plan, its price in cents, and what remains of the price of an hour."""

    name: str
    interval: str
    length: int
    amount: int
    share: float


_TERMS = (
    _PlanTerm("One month", "month", 1, 3000, 0.6),
    _PlanTerm("One year", "year", 1, 30000, 0.4),
    _PlanTerm("One week", "week", 1, 1000, 0.8),
    _PlanTerm("Six months", "month", 6, 16000, 0.5),
)
_HOURS = (500, 800, 1000, 1200, 1500, 2000)
_DISCOUNT = 0.8
_ROUNDED = 10
_TRAININGS_WITH_A_PLAN = 2


def plan_category(number: int, tables: Tables) -> Values:
    """Return the row of an invented category of plans."""
    rounds, position = divmod(number - 1, len(_CATEGORIES))
    name, description = _CATEGORIES[position]
    created_at = _opening(tables) + number * DAY
    return {
        "id": number,
        "name": f"{name} {rounds + 1}" if rounds else name,
        "weight": position + 1,
        "description": description,
        "created_at": created_at,
        "updated_at": created_at,
    }


def plan(number: int, tables: Tables) -> Values:
    """Return the row of an invented plan. Every group has one of each duration in turn."""
    groups = tables.rows(select(RESOURCES["groups"].table).order_by("id"))
    require_source(API, "plans", "groups", groups)
    categories = tables.ids(RESOURCES["plan_categories"].table)
    rounds, position = divmod(number - 1, len(groups))
    group, term = groups[position], _TERMS[rounds % len(_TERMS)]
    name = f"{term.name} - {group.name}"
    created_at = _opening(tables) + 10 * DAY + number * DAY
    return {
        "id": number,
        "name": name,
        "slug": f"{slug_of(name)}-{number}" if rounds >= len(_TERMS) else slug_of(name),
        "amount": _discounted(term.amount, position),
        "interval": term.interval,
        "interval_count": term.length,
        "group_id": group.id,
        "disabled": False,
        "ui_weight": rounds,
        "monthly_payment": term.interval == "year",
        "created_at": created_at,
        "updated_at": created_at + number * DAY,
        "training_credit_nb": 0 if term.interval == "week" else _TRAININGS_WITH_A_PLAN,
        "is_rolling": term.interval != "year",
        "description": f"<p>{term.name} of machines at lower prices.</p>",
        "type": "Plan",
        "plan_category_id": categories[rounds % len(categories)] if categories else None,
        "path": None,
    }


def price(number: int, tables: Tables) -> Values:
    """Return the row of an invented price: of one of the combinations, in their order."""
    group, plan_id, kind, priceable_id = tables.story(combinations)[number - 1]
    created_at = _opening(tables) + 40 * DAY + number
    share = tables.story(_shares).get(plan_id, 1)
    hour = SeededRandom(tables.inputs.seed, f"hours of a {kind}", priceable_id).choice(_HOURS)
    return {
        "id": number,
        "group_id": group,
        "plan_id": plan_id,
        "priceable_id": priceable_id,
        "priceable_type": kind,
        "amount": _rounded(hour * share),
        "created_at": created_at,
        "updated_at": created_at,
    }


def combinations(tables: Tables) -> list[tuple[int, int | None, str, int]]:
    """Return the combinations with a price: group, plan or None, type and number."""
    groups = tables.ids(RESOURCES["groups"].table)
    plans = [(row.group_id, row.id) for row in _plans(tables)]
    priced = [
        (kind, number)
        for kind, resource in (("Machine", "machines"), ("Space", "spaces"))
        for number in tables.ids(RESOURCES[resource].table)
    ]
    offers: list[tuple[int, int | None]] = [(group, None) for group in groups]
    return [
        (group, plan_id, kind, number)
        for kind, number in priced
        for group, plan_id in (*offers, *plans)
    ]


def hourly_prices(tables: Tables) -> Mapping[tuple[int, int | None, str, int], int]:
    """Return the price of an hour in cents, by group, plan or None, type and number."""
    table = RESOURCES["prices"].table
    return {
        (row.group_id, row.plan_id, row.priceable_type, row.priceable_id): row.amount
        for row in tables.rows(select(table).order_by(table.c.id.desc()))
    }


def _shares(tables: Tables) -> Mapping[int | None, float]:
    """Return the remaining share of the price of an hour, by plan."""
    terms = {(term.interval, term.length): term.share for term in _TERMS}
    return {row.id: terms.get((row.interval, row.interval_count), 1) for row in _plans(tables)}


def _plans(tables: Tables) -> Any:
    return tables.story(_all_plans)


def _all_plans(tables: Tables) -> Any:
    return tables.rows(select(RESOURCES["plans"].table).order_by("id"))


def _opening(tables: Tables) -> int:
    """Return when the fab lab opened: two years before the start."""
    return milliseconds(tables.inputs.start) - 730 * DAY


def _discounted(amount: int, position: int) -> int:
    """Return the price for a group: the first pays all of it."""
    return _rounded(amount * _DISCOUNT) if position % 2 else amount


def _rounded(amount: float) -> int:
    return round(amount / _ROUNDED) * _ROUNDED
