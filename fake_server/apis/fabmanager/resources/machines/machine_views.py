"""The operations that create, change and remove a machine."""

import json
from typing import Any

from flask import Response
from sqlalchemy import select

from fake_server.api.declare import Call, Values
from fake_server.api.invent import SeededRandom, milliseconds
from fake_server.api.records import Records, Row
from fake_server.api.serve import answer, now, store, world
from fake_server.apis.fabmanager.dialect.errors import ENDPOINT_HEADERS
from fake_server.apis.fabmanager.dialect.request_checks import authorized_parameters
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.dialect.uploads import extension_of, next_asset, uploads
from fake_server.apis.fabmanager.dialect.written import written_answer, written_parameters
from fake_server.apis.fabmanager.resources import RESOURCES
from fake_server.apis.fabmanager.resources.availabilities.availability_tables import (
    availabilities,
    reservables,
)
from fake_server.apis.fabmanager.resources.machines.machine_attributes import (
    Written,
    check_machine,
    read_machine,
)
from fake_server.apis.fabmanager.ruby.slugs import slug_of

_MACHINE = "Machine"


def create_machine(resource: LabResource, call: Call) -> Response:
    """Create a machine, with a price of nothing for every group and plan."""
    written = read_machine(authorized_parameters(call, written_parameters))
    check_machine(written, None)
    records = Records(world(), resource.api)
    with records.writing():
        number = uploads().number_after(resource.name, records.largest(resource.table.c.id))
        instant = milliseconds(now())
        row: Values = {
            **dict.fromkeys(column.name for column in resource.table.c),
            "training_ids": [],
            **written.columns,
            "id": number,
            "slug": _free_slug(resource, number, written.columns["name"]),
            "created_at": instant,
            "updated_at": instant,
            **_picture(records, written),
        }
        records.insert(resource.table, [row])
        _add_prices(records, number, instant)
    return written_answer(resource, call, _row(resource, number), 201)


def update_machine(resource: LabResource, call: Call) -> Response:
    """Change the attributes of a machine that the request has."""
    parameters = authorized_parameters(call, written_parameters)
    before = resource.named(call.record)
    written = read_machine(parameters)
    check_machine(written, before)
    changes = {
        name: value for name, value in written.columns.items() if value != getattr(before, name)
    }
    if changes:
        changes["updated_at"] = milliseconds(now())
    records = Records(world(), resource.api)
    with records.writing():
        changes |= _picture(records, written)
        if changes:
            table = resource.table
            records.connection.execute(
                table.update().where(table.c.id == before.id).values(changes)
            )
    return written_answer(resource, call, _row(resource, before.id), 200)


def destroy_machine(resource: LabResource, call: Call) -> Response:
    """Remove a machine, or mark it as deleted where there are reservations of it."""
    authorized_parameters(call, written_parameters)
    row = resource.named(call.record)
    records = Records(world(), resource.api)
    with records.writing():
        if _is_reserved(row.id):
            if row.deleted_at is None:
                records.connection.execute(
                    resource.table.update()
                    .where(resource.table.c.id == row.id)
                    .values(deleted_at=milliseconds(now()))
                )
        else:
            _remove_prices(records, row.id)
            _close_availabilities(records, row.id)
            resource.remove(records, [row.id])
    return answer(204, None, {**ENDPOINT_HEADERS, "Cache-Control": "no-cache"})


def _row(resource: LabResource, number: int) -> Row:
    return store().rows(select(resource.table).where(resource.table.c.id == number))[0]


def _free_slug(resource: LabResource, number: int, name: str) -> str:
    """Return a slug that no machine has: that of the name, or one with a UUID behind it."""
    slug = slug_of(name)
    uuid = SeededRandom(world().seed, "machine slugs", number).uuid()
    if not slug:
        return uuid
    column = resource.table.c.slug
    is_taken = store().row(select(column).where(column == slug)) is not None
    return f"{slug}-{uuid}" if is_taken else slug


def _picture(records: Records, written: Written) -> dict[str, Any]:
    """Keep a new picture under a number of its own; return the column that names it."""
    if written.is_broken:
        return {"picture": ""}
    if written.file is None:
        return {}
    extension = extension_of(written.file.filename or "")
    path = f"/uploads/machine_image/{next_asset(records)}/machine_image.{extension}"
    uploads().keep(path, written.file)
    return {"picture": path}


def _add_prices(records: Records, number: int, instant: int) -> None:
    prices, plans, groups = (RESOURCES[name].table for name in ("prices", "plans", "groups"))
    offers = [(row.id, None) for row in records.rows(select(groups).order_by(groups.c.id))]
    offers += [(row.group_id, row.id) for row in records.rows(select(plans).order_by(plans.c.id))]
    first = records.largest(prices.c.id) + 1
    # The service makes one after the other, and a list has the newest first.
    earliest = instant - len(offers)
    records.insert(
        prices,
        [
            {
                "id": price,
                "group_id": group,
                "plan_id": plan,
                "priceable_id": number,
                "priceable_type": _MACHINE,
                "amount": 0,
                "created_at": earliest + price - first,
                "updated_at": earliest + price - first,
            }
            for price, (group, plan) in enumerate(offers, first)
        ],
    )


def _remove_prices(records: Records, number: int) -> None:
    prices = RESOURCES["prices"].table
    records.connection.execute(
        prices.delete().where(prices.c.priceable_id == number, prices.c.priceable_type == _MACHINE)
    )


def _is_reserved(number: int) -> bool:
    table = RESOURCES["reservations"].table
    of_machine = (table.c.reservable_id == number, table.c.reservable_type == _MACHINE)
    return store().row(select(table.c.id).where(*of_machine).limit(1)) is not None


def _close_availabilities(records: Records, number: int) -> None:
    """Take a machine out of the availabilities; remove those that offer nothing else."""
    rows = records.rows(
        select(availabilities)
        .join(reservables)
        .where(reservables.c.reservable_id == number, availabilities.c.available_type == _MACHINE)
    )
    empty = []
    for row in rows:
        others = [
            other_number for other_number in json.loads(row.available_ids) if other_number != number
        ]
        if not others:
            empty.append(row.id)
            continue
        of_row = availabilities.c.id == row.id
        records.connection.execute(
            availabilities.update().where(of_row).values(available_ids=json.dumps(others))
        )
        records.connection.execute(
            reservables.delete().where(
                reservables.c.availability_id == row.id, reservables.c.reservable_id == number
            )
        )
    RESOURCES["availabilities"].remove(records, empty)
