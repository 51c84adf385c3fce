"""Defects of a Fab-manager in other lists than that of availabilities."""

from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import Headers

from tests.verify.defects.proxy import Defect, Exchange, Rewrite, answer, request

Row = dict[str, Any]

BASE = "/open_api/v1"
_MEMBERS = {"accounting": "lines", "bookable_machines": "machines"}


def _defect(name: str, says: str, rewrite: Rewrite, *likely: str, dataset: str = "demo") -> Defect:
    return Defect("fabmanager", name, says, rewrite, likely, dataset)


def _is(name: str, *parameters: str) -> Callable[[Exchange], bool]:
    """Return whether an exchange reads the list of a resource, with some parameters."""
    return lambda exchange: (
        exchange.method == "GET"
        and exchange.path == f"{BASE}/{name}"
        and exchange.query.keys() >= set(parameters)
    )


def _of_machine(*methods: str) -> Callable[[Exchange], bool]:
    return lambda exchange: (
        exchange.method in methods and exchange.path.startswith(f"{BASE}/machines/")
    )


def _rows(name: str, change: Callable[[list[Row]], list[Row]], *parameters: str) -> Rewrite:
    """Return a rewrite that changes the rows of a list."""

    def changed(exchange: Exchange) -> None:
        body = exchange.json
        member = _MEMBERS.get(name, name)
        exchange.with_json({**body, member: change(body[member])})

    return answer(changed, _is(name, *parameters))


def _each(name: str, change: Callable[[Row], Row], *parameters: str) -> Rewrite:
    """Return a rewrite that changes every row of a list."""
    return _rows(name, lambda rows: [{**row, **change(row)} for row in rows], *parameters)


def _ignored(name: str, parameter: str) -> Rewrite:
    """Return a rewrite that takes a parameter out of the query of a list, in every spelling."""

    def without(exchange: Exchange) -> None:
        exchange.with_query(**{parameter: None, f"{parameter}[]": None})

    def asks(exchange: Exchange) -> bool:
        return _is(name)(exchange) and bool({parameter, f"{parameter}[]"} & exchange.query.keys())

    return request(without, asks)


def _with_deleted(exchange: Exchange) -> None:
    query = exchange.environ["QUERY_STRING"]
    exchange.environ["QUERY_STRING"] = "&".join(filter(None, [query, _DELETED]))


_DELETED = "including_deleted_users=true"


def _dropped_deletion(exchange: Exchange) -> None:
    if _of_machine("DELETE")(exchange):
        exchange.status, exchange.headers, exchange.body = 204, Headers(), b""
    else:
        exchange.send()


def _moved(slots: list[Row]) -> list[Row]:
    return [{**slot, "availability_id": slot["availability_id"] + 1} for slot in slots]


DEFECTS = (
    _defect(
        "machines-newest-first",
        "Machines come the newest first.",
        _rows("machines", lambda rows: rows[::-1]),
        "machines.list",
    ),
    _defect(
        "machine-without-spec",
        "A machine is shown without what is listed of it as spec.",
        answer(
            lambda exchange: exchange.with_json({**exchange.json, "spec": None}), _of_machine("GET")
        ),
        "machines.show",
        "machines.update",
    ),
    _defect(
        "slug-follows-name",
        "A change of a machine changes its slug.",
        answer(
            lambda exchange: exchange.with_json(
                {**exchange.json, "slug": f"{exchange.json['slug']}-2"}
            ),
            _of_machine("PATCH", "PUT"),
        ),
        "machines.update",
    ),
    _defect(
        "deletion-without-effect",
        "DELETE of a machine is answered, and the machine stays.",
        _dropped_deletion,
        "machines.destroy",
    ),
    _defect(
        "deleted-users-listed",
        "Users whose account was deleted are always listed.",
        request(_with_deleted, _is("users")),
        "users.including_deleted_users",
        dataset="awkward",
    ),
    _defect(
        "email-ignored",
        "email counts for nothing.",
        _ignored("users", "email"),
        "users.email",
    ),
    _defect(
        "created-after-ignored",
        "created_after counts for nothing.",
        _ignored("users", "created_after"),
        "users.created_after",
    ),
    _defect(
        "last-name-first",
        "full_name begins with the last name.",
        _each("users", lambda row: {"full_name": f"{row['last_name']} {row['first_name']}"}),
        "users.full_name",
    ),
    _defect(
        "training-ignored",
        "Of completed trainings, training_id counts for nothing.",
        _ignored("user_trainings", "training_id"),
        "user_trainings.list",
    ),
    _defect(
        "bookable-left-out",
        "Users with an even number may not reserve the first of their machines.",
        answer(
            lambda exchange: exchange.with_json({"machines": exchange.json["machines"][1:]}),
            lambda exchange: (
                _is("bookable_machines", "user_id")(exchange)
                and exchange.query["user_id"][-1:] in "02468"
            ),
        ),
        "bookable_machines.list",
    ),
    _defect(
        "upcoming-latest-first",
        "Events to come begin with the latest.",
        _rows("events", lambda rows: rows[::-1], "upcoming"),
        "events.upcoming",
    ),
    _defect(
        "normal-price-alone",
        "Events have the normal price alone, without a key.",
        _each("events", lambda row: {"prices": row["prices"]["normal"]}),
        "events.prices",
    ),
    _defect(
        "price-of-another-group",
        "The price of a plan is for the group after the plan's.",
        _each("prices", lambda row: {"group_id": row["group_id"] + bool(row["plan_id"])}),
        "prices.references",
    ),
    _defect(
        "group-ignored",
        "Of prices, group_id counts for nothing.",
        _ignored("prices", "group_id"),
        "prices.filters",
    ),
    _defect(
        "subscription-ends-at-once",
        "A subscription ends when it was taken.",
        _each("subscriptions", lambda row: {"expiration_date": row["created_at"]}),
        "subscriptions.references",
    ),
    _defect(
        "slots-of-the-next",
        "The slots of a reservation are said to be of the availability with the next number.",
        _each("reservations", lambda row: {"reserved_slots": _moved(row["reserved_slots"])}),
        "reservations.slots",
        "reservations.availabilit*",
    ),
    _defect(
        "invoice-total-off-by-one",
        "The total of an invoice is a cent more than was paid.",
        _each("invoices", lambda row: {"total": row["total"] + 1}),
        "accounting.balance",
    ),
    _defect(
        "lines-oldest-first",
        "Accounting lines come the oldest first.",
        _rows("accounting", lambda rows: rows[::-1]),
        "accounting.list",
    ),
    _defect(
        "debit-in-cents",
        "The debit of a line is in cents.",
        _each("accounting", lambda row: {"debit": int(100 * row["debit"])}),
        "accounting.money",
        "accounting.balance",
    ),
)
