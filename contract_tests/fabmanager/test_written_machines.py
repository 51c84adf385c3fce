"""Machines that a test writes and removes, which any service can show that may be written to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from fake_server.contract import Answer, Target, behaviour, expect, expect_distinct, expect_that

from .bookable_machines import rows_of_user
from .helpers import Record
from .lists import rows, some
from .machines import GIF, KINDS_OF_NO_PICTURE, MACHINES, MISSING, create, expect_location, upload

ABOUT = {"description": "<p>Made by a test, and removed by it.</p>"}


@contextmanager
def own_machine(target: Target, **more: Any) -> Iterator[Record]:
    """Create a machine, yield it, and remove it."""
    attributes = {"name": target.name("machine"), **ABOUT, **more}
    machine: Record = create(target, **attributes).expect_status(201).json
    try:
        yield machine
    finally:
        target.delete(f"{MACHINES}/{machine['id']}")


def _numbers(target: Target) -> list[int]:
    return [machine["id"] for machine in rows(target, "machines")]


@behaviour("fabmanager.machines.create", needs=("writes",))
def test_a_machine_of_its_own(fabmanager: Target) -> None:
    known, name = _numbers(fabmanager), fabmanager.name("machine")
    answer = create(fabmanager, name=name, **ABOUT, disabled=True).expect_status(201)
    machine = answer.json
    expect_that("its number", machine["id"] > max(known, default=0), "the highest", machine["id"])
    expect("its name and state", (name, True), (machine["name"], machine["disabled"]))
    expect_location(answer, name.replace(" ", "-"))
    expect("the list", sorted([*known, machine["id"]]), sorted(_numbers(fabmanager)))
    fabmanager.delete(f"{MACHINES}/{machine['id']}").expect_status(204)
    with own_machine(fabmanager) as later:
        is_new = later["id"] > machine["id"]
        expect_that("the next number", is_new, f"more than {machine['id']}", later["id"])


@behaviour("fabmanager.machines.prices", needs=("writes",))
def test_own_machine_has_a_price_for_each_group(fabmanager: Target) -> None:
    with own_machine(fabmanager) as machine:
        own = {"priceable_type": "Machine", "priceable_id": machine["id"]}
        prices = rows(fabmanager, "prices", own)
        expect("the amounts", {0}, {price["amount"] for price in prices})
        groups = {price["group_id"] for price in rows(fabmanager, "prices")}
        plans = {(plan["group_id"], plan["id"]) for plan in rows(fabmanager, "plans")}
        pairs = [(price["group_id"], price["plan_id"]) for price in prices]
        without_plan = sorted(group for group, plan in pairs if plan is None)
        expect("the groups of prices without a plan", sorted(groups), without_plan)
        of_plans = sorted(pair for pair in pairs if pair[1] is not None)
        expect("the groups and plans of prices", sorted(plans), of_plans)
    expect("the prices of a removed machine", [], rows(fabmanager, "prices", own))


@behaviour("fabmanager.machines.slug", needs=("writes",))
def test_slugs_of_own_machines(fabmanager: Target) -> None:
    name = fabmanager.name("Élan n°7")
    expected = name.replace("Élan n°7", "elan-n-7").replace(" ", "-")
    with own_machine(fabmanager, name=name) as machine:
        expect("the slug", expected, machine["slug"])
        with own_machine(fabmanager, name=name) as namesake:
            head, _, uuid = namesake["slug"].partition(f"{expected}-")
            fits = (head, len(uuid)) == ("", 36)
            expect_that("the second slug", fits, "a UUID behind it", namesake["slug"])


@behaviour("fabmanager.machines.create.invalid", needs=("writes",), invalid=True)
def test_machines_that_are_refused(fabmanager: Target) -> None:
    known, name = _numbers(fabmanager), fabmanager.name("machine")
    for attributes, messages in (
        ({"name": name}, {"description": [MISSING]}),
        ({"spec": "s"}, {"name": [MISSING], "description": [MISSING]}),
        ({"name": f"{name}é{'x' * (50 - len(name))}", **ABOUT},
         {"name": ["is too long (maximum is 50 characters)"]}),
    ):  # fmt: skip
        create(fabmanager, **attributes).expect_status(422).expect_json(messages)
    answer = fabmanager.post(MACHINES, json={}).expect_status(400)
    missing = "param is missing or the value is empty: machine"
    expect("the errors", ["Bad request", missing], answer.json["errors"])
    expect("the list", known, _numbers(fabmanager))


@behaviour("fabmanager.machines.forms", needs=("writes",))
def test_forms_for_own_machines(fabmanager: Target) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for word, truth in (("1", True), ("false", False), ("", None)):
        attributes = {"name": fabmanager.name("form"), **ABOUT, "disabled": word, "odd": "x"}
        form = urlencode({f"machine[{key}]": value for key, value in attributes.items()})
        answer = fabmanager.post(MACHINES, body=form.encode(), headers=headers)
        machine = answer.expect_status(201).json
        expect(f"disabled as {word!r}", truth, machine["disabled"])
        expect("the name", attributes["name"], machine["name"])
        fabmanager.delete(f"{MACHINES}/{machine['id']}").expect_status(204)
    plain = {"name": fabmanager.name("plain"), **ABOUT, "slug": "x"}
    machine = fabmanager.post(MACHINES, json=plain).expect_status(201).json
    expect("attributes without the key", plain["name"], machine["name"])
    expect("the slug", plain["name"].replace(" ", "-"), machine["slug"])
    fabmanager.delete(f"{MACHINES}/{machine['id']}").expect_status(204)


@behaviour("fabmanager.machines.casts", needs=("writes",), invalid=True)
def test_own_machines_with_wrong_types(fabmanager: Target) -> None:
    for name, value in {"description": {}, "spec": [], "disabled": "yes"}.items():
        attributes = {"name": fabmanager.name("machine"), **ABOUT, name: value}
        answer = create(fabmanager, **attributes).expect_status(400)
        expect("the error", "Bad request", answer.json["errors"][0])


@behaviour("fabmanager.machines.casts", live=True, needs=("writes",), invalid=True)
def test_own_machines_with_cast_types(fabmanager: Target) -> None:
    cast = {"description": 42, "spec": [1], "disabled": "off"}
    with own_machine(fabmanager, **cast) as machine:
        expect("a number", "42", machine["description"])
        expect("a word for false", False, machine["disabled"])
        expect("a list", None, machine["spec"])
    with own_machine(fabmanager, description=True) as machine:
        expect("a truth value", "t", machine["description"])


@behaviour("fabmanager.machines.update", needs=("writes",))
def test_own_machine_is_changed(fabmanager: Target) -> None:
    with own_machine(fabmanager, spec="40 W", disabled=True) as machine:
        path = f"{MACHINES}/{machine['id']}"
        before = fabmanager.get(path).expect_status(200).json
        same = fabmanager.patch(path, json={"machine": {"name": machine["name"]}})
        expect("what stays", before, same.expect_status(200).json)
        name = fabmanager.name("changed")
        listed = fabmanager.get(MACHINES).expect_status(200)
        answer = fabmanager.put(path, json={"machine": {"name": name}}).expect_status(200)
        expect_location(answer, machine["slug"])
        changed = answer.json
        later = {"name": name, "updated_at": changed["updated_at"]}
        expect("what is sent, and nothing else", {**before, **later}, changed)
        is_later = changed["updated_at"] > before["updated_at"]
        expect_that("updated_at", is_later, "a later one", changed["updated_at"])
        expect("what is shown", changed, fabmanager.get(path).expect_status(200).json)
        known = {"If-None-Match": listed.headers.get("ETag")}
        again = fabmanager.get(MACHINES, headers=known).expect_status(200)
        expect_distinct("the ETags", [listed.headers.get("ETag"), again.headers.get("ETag")])
        listed_now: list[Record] = again.json["machines"]
        row: Record = next((row for row in listed_now if row["id"] == machine["id"]), {})
        expect("what is listed", row, {key: changed[key] for key in row})
        expect("the name that is listed", name, row.get("name"))
        expect_listed(fabmanager, path, description="<p>Changed.</p>", spec="90 W", disabled=False)
        fabmanager.patch(path, json={"machine": {"name": " "}}).expect_status(422)


def expect_listed(target: Target, path: str, **attributes: Any) -> None:
    """Assert that the list shows each change of a machine."""
    for name, value in attributes.items():
        changed = target.patch(path, json={"machine": {name: value}}).expect_status(200).json
        rows: list[Record] = target.get(MACHINES).expect_status(200).json["machines"]
        row = next((row for row in rows if row["id"] == changed["id"]), {})
        expect(f"{name} that is listed", (value, value), (row.get(name), changed[name]))


@behaviour("fabmanager.machines.destroy", needs=("writes",))
def test_own_machine_is_removed(fabmanager: Target) -> None:
    known = _numbers(fabmanager)
    with own_machine(fabmanager) as machine:
        answer = fabmanager.delete(f"{MACHINES}/{machine['slug']}").expect_status(204)
        expect("the body", "", answer.text)
        answer.expect_header("Content-Type", None)
        fabmanager.get(f"{MACHINES}/{machine['id']}").expect_status(404)
        expect("the others", known, _numbers(fabmanager))


@behaviour("fabmanager.bookable_machines.list", needs=("writes",))
def test_own_machine_may_be_reserved_while_it_is_there(fabmanager: Target) -> None:
    users = some(fabmanager, "users")[:2]
    with own_machine(fabmanager, disabled=True) as machine:
        listed = next(row for row in rows(fabmanager, "machines") if row["id"] == machine["id"])
        for user in users:
            seen = _machines_to_reserve(fabmanager, user, machine)
            expect("the machines with its number", [{**listed, "hours_remaining": 0}], seen)
    for user in users:
        removed = _machines_to_reserve(fabmanager, user, machine)
        expect("a machine that was removed, among those to reserve", [], removed)


def _machines_to_reserve(target: Target, user: Record, machine: Record) -> list[Record]:
    """Return a machine as the list has it, and as asked for by number, if a user may reserve it."""
    by_number = rows_of_user(target, user, machine_id=machine["id"])
    whole = rows_of_user(target, user)
    expect(
        "the machine in the whole list",
        by_number,
        [row for row in whole if row["id"] == machine["id"]],
    )
    return by_number


@behaviour("fabmanager.machines.picture", needs=("writes",))
def test_picture_of_own_machine(fabmanager: Target) -> None:
    with own_machine(fabmanager) as machine:
        before = fabmanager.get(f"{MACHINES}/{machine['id']}").expect_status(200).json
        shown = upload(fabmanager, "p.GIF", GIF, machine["id"]).expect_status(200).json
        path = urlsplit(shown["image"]).path
        _, folder, kind, number, name = path.split("/")
        parts = (folder, kind, name)
        expect("the path", ("uploads", "machine_image", "machine_image.GIF"), parts)
        expect_that("its number", number.isdigit(), "a number", number)
        expect("updated_at", before["updated_at"], shown["updated_at"])
        picture = fabmanager.get(path).expect_status(200)
        expect("the bytes", GIF, picture.body)
        picture.expect_header("Content-Type", "image/gif")


@behaviour("fabmanager.machines.picture.kind", needs=("writes",), invalid=True)
def test_what_own_machine_takes_for_no_picture(fabmanager: Target) -> None:
    with own_machine(fabmanager) as machine:
        for name, data, message in KINDS_OF_NO_PICTURE:
            answer = upload(fabmanager, name, data, machine["id"]).expect_status(422)
            answer.expect_json({"machine_image.attachment": [message]})


@behaviour("fabmanager.machines.accept", needs=("writes",))
def test_own_machine_is_written_whatever_is_accepted(fabmanager: Target) -> None:
    _expect_created_as_html(fabmanager, 201)


@behaviour("fabmanager.machines.accept", live=True, needs=("writes",))
def test_own_machine_is_written_and_not_acceptable(fabmanager: Target) -> None:
    _expect_created_as_html(fabmanager, 500)


def _expect_created_as_html(target: Target, status: int) -> None:
    """Create a machine with an answer that the request does not accept, and remove it."""
    name = target.name("machine")
    sent = {"machine": {"name": name, **ABOUT}}
    answer: Answer = target.post(MACHINES, json=sent, headers={"Accept": "text/html"})
    written = [record["id"] for record in rows(target, "machines") if record["name"] == name]
    for number in written:
        target.delete(f"{MACHINES}/{number}").expect_status(204)
    answer.expect_status(status)
    expect("how many were written", 1, len(written))
