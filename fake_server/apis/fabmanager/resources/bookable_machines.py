"""The machines that a user may reserve, and the hours that the user's plan has left for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from flask import Response
from sqlalchemy import select

from fake_server.api.declare import Call, Field
from fake_server.api.records import Row, Seeding
from fake_server.api.serve import Parameters, has_quirk, json_answer, store
from fake_server.apis.fabmanager.dialect.errors import (
    ENDPOINT_HEADERS,
    BadRequestError,
    NoSuchRecordError,
    ServerError,
)
from fake_server.apis.fabmanager.dialect.parameters import integers, invalid, number
from fake_server.apis.fabmanager.dialect.request_checks import authorized_parameters, require_json
from fake_server.apis.fabmanager.dialect.resource import LabResource, rows_of
from fake_server.apis.fabmanager.resources import RESOURCES
from fake_server.apis.fabmanager.ruby.conversions import as_id, is_blank, to_s

_USER = "user_id"
_MACHINE = "machine_id"
_TRUSTED = ("admin", "manager")


class _BookableMachines(LabResource):
    name = "bookable_machines"
    has_records = False
    table = RESOURCES["machines"].table
    views = {"search": f"{__name__}:list_bookable"}

    def seed(self, tables: Seeding) -> None:
        """Machines have their rows from their own section."""

    def has_filter(self, name: str, field: Field) -> bool:
        return name == _USER or super().has_filter(name, field)


def list_bookable(resource: LabResource, call: Call) -> Response:
    """Answer the machines that a user may reserve."""
    parameters = authorized_parameters(call)
    user = _user(parameters)
    numbers = _machine_ids(parameters)
    require_json()
    machines = [
        row
        for row in store().rows(select(resource.table).order_by(resource.table.c.id))
        if (numbers is None or row.id in numbers) and _may_reserve(user, row)
    ]
    items = RESOURCES["machines"].as_items(machines)
    hours = _hours(user, machines)
    answered = [
        {**item, "hours_remaining": hours[row.id]}
        for row, item in zip(machines, items, strict=True)
    ]
    return json_answer({resource.envelope: answered}, headers=ENDPOINT_HEADERS)


def _user(parameters: Parameters) -> "_Customer":
    value = parameters.get(_USER)
    if is_blank(value):
        if has_quirk("validation-off"):
            raise ServerError("wrong number of arguments (given 0, expected 1..2)")
        raise BadRequestError(f"param is missing or the value is empty: {_USER}")
    if not has_quirk("validation-off") and number(value) is None:
        raise invalid(_USER, value, "Must be a Integer")
    if not isinstance(value, list):
        return _Customer(_row(value))
    # Rails finds the members of a list, and the service goes on with an array.
    shown = ", ".join(f'#<User id: {row.id}, email: "{row.email}">' for row in map(_row, value))
    raise ServerError(f"undefined method `admin?' for [{shown}]:Array")


def _row(user_id: object) -> Row:
    users = RESOURCES["users"].table
    matching = (users.c.id == as_id(user_id), users.c.deleted.is_(False))
    row = store().row(select(users).where(*matching))
    if row is None:
        raise NoSuchRecordError("User", to_s(user_id))
    return row


def _machine_ids(parameters: Parameters) -> Iterable[int] | None:
    """Return the numbers of the requested machines, or None for all.

    The real service reads no list in a text.
    """
    if not has_quirk("validation-off"):
        return integers(parameters, _MACHINE)
    value = parameters.get(_MACHINE)
    if is_blank(value):
        return None
    items = value if isinstance(value, list) else [value]
    return {number for item in items if (number := as_id(item)) is not None}


class _Customer:
    """A user who reserves machines: the trainings completed, and the plan's credits."""

    def __init__(self, row: Row) -> None:
        self.id = row.id
        self.is_trusted = row.role in _TRUSTED
        table = RESOURCES["user_trainings"].table
        self.trainings = {
            training_row.training_id for training_row in rows_of(table.c.user_id, [row.id])
        }

    def plan(self) -> int | None:
        """Return the plan of the latest subscription, over or not."""
        table = RESOURCES["subscriptions"].table
        latest = select(table).where(table.c.user_id == self.id)
        row = store().row(latest.order_by(table.c.created_at.desc(), table.c.id.desc()).limit(1))
        return None if row is None else row.plan_id


def _may_reserve(user: _Customer, machine: Row) -> bool:
    needed = machine.training_ids or ()
    return user.is_trusted or not needed or not user.trainings.isdisjoint(needed)


def _hours(user: _Customer, machines: Sequence[Row]) -> Mapping[int, int]:
    """Return the hours that the user's plan has left, by machine.

    Raises `ServerError` where a credit has no hours.
    """
    hours: dict[int, int] = defaultdict(int)
    plan = user.plan()
    if plan is None:
        return hours
    plans_credits = RESOURCES["credits"].table
    used = RESOURCES["users_credits"].table
    shown = {machine.id for machine in machines}
    for credit in rows_of(plans_credits.c.plan_id, [plan]):
        if credit.creditable_type != "Machine" or credit.creditable_id not in shown:
            continue
        if credit.hours is None:
            raise ServerError("undefined method `-' for nil:NilClass")
        spent = select(used.c.hours_used).where(
            used.c.credit_id == credit.id, used.c.user_id == user.id
        )
        hours[credit.creditable_id] = credit.hours - sum(
            row.hours_used or 0 for row in store().rows(spent)
        )
    return hours


resource = _BookableMachines()
