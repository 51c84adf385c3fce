"""Machines, and what else can be reserved."""

from typing import Any

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import API, Record, answered, holding, keys_of, numbers
from .machines import (
    GIF,
    KINDS_OF_NO_PICTURE,
    MACHINE_KEYS,
    MACHINES,
    MISSING,
    NEW,
    create,
    expect_location,
    upload,
)
from .people import GROUP, user


def machine(number: int, **more: Any) -> Record:
    """Return a machine for a dataset."""
    return {
        "id": number,
        "name": f"Machine {number}",
        "slug": f"machine-{number}",
        "created_at": f"2024-01-{number:02}T10:00:00Z",
        "updated_at": "2024-03-01T10:00:00Z",
        "picture": None,
        "training_ids": [],
        **more,
    }


def listed(target: Target) -> list[int]:
    """Return the ids of the machines that are listed."""
    return numbers(answered(target, "machines"), "machines")


@behaviour("fabmanager.machines.list", needs=("data",))
def test_machines_are_listed(fabmanager: Target) -> None:
    machines = [machine(2, disabled=True), machine(1), machine(3)]
    with holding(fabmanager, machines=machines) as lab:
        body = answered(lab, "machines", {"page": 1, "per_page": 1})
    expect("all, the oldest first", [1, 2, 3], numbers(body, "machines"))
    expect("the keys", [*MACHINE_KEYS, "description", "spec"], keys_of(body, "machines"))


@behaviour("fabmanager.machines.show", needs=("data",))
def test_machine_by_number_and_slug(fabmanager: Target) -> None:
    machines = [machine(1), machine(2, slug="1"), machine(3, slug="saw")]
    with holding(fabmanager, machines=machines) as lab:
        expect("by number", 3, answered(lab, "machines/3")["id"])
        expect("by slug", 3, answered(lab, "machines/saw")["id"])
        expect("the slug before the number", 2, answered(lab, "machines/1")["id"])
        unknown = lab.get(f"{MACHINES}/9").expect_status(404)
        unknown.expect_json({"errors": ["Not found", "Couldn't find Machine with 'id'=9"]})
        unknown = lab.get(f"{MACHINES}/SAW").expect_status(404)
        unknown.expect_json({"errors": ["Not found", "ActiveRecord::RecordNotFound"]})


@behaviour("fabmanager.machines.deleted", needs=("data",))
def test_machine_that_is_marked_as_deleted(fabmanager: Target) -> None:
    machines = [machine(1), machine(2, deleted_at="2024-05-01T00:00:00Z")]
    with holding(fabmanager, machines=machines) as lab:
        expect("the others", [1], listed(lab))
        answer = lab.get(f"{MACHINES}/2").expect_status(404)
    expect("the error", "Not found", answer.json["errors"][0])


@behaviour("fabmanager.machines.deleted", live=True, needs=("data",))
def test_deleted_machine_has_no_body(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[machine(2, deleted_at="2024-05-01T00:00:00Z")]) as lab:
        expect("the others", [], listed(lab))
        answer = lab.get(f"{MACHINES}/2").expect_status(404)
    answer.expect_header("Content-Type", "application/json")
    expect("the body", "", answer.text)


@behaviour("fabmanager.machines.create", needs=("data", "writes"))
def test_new_machine(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[machine(1), machine(5)]) as lab:
        answer = create(lab, **NEW, disabled=True).expect_status(201)
        expect("its number", 6, answer.json["id"])
        expect("its slug", "laser-cutter", answer.json["slug"])
        expect("its state", True, answer.json["disabled"])
        expect_location(answer, "laser-cutter")
        expect("the list", [1, 5, 6], sorted(listed(lab)))
        lab.delete(f"{MACHINES}/6").expect_status(204)
        expect("the next number", 7, create(lab, **NEW).json["id"])


@behaviour("fabmanager.machines.slug", needs=("data", "writes"))
def test_slugs_of_new_machines(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[machine(1, slug="taken")]) as lab:
        odd = create(lab, **{**NEW, "name": "Élan n°7 — œuvre"})
        expect("of odd letters", "elan-n-7-oeuvre", odd.json["slug"])
        again = create(lab, **{**NEW, "name": "Taken"}).json["slug"]
        has_uuid = again.startswith("taken-") and len(again) == 42
        expect_that("the slug", has_uuid, "a UUID behind it", again)
        uuid = create(lab, **{**NEW, "name": "激光机"}).json["slug"]
        expect("a bare UUID", 36, len(uuid))


@behaviour("fabmanager.machines.create.invalid", needs=("data", "writes"), invalid=True)
def test_invalid_machines(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[]) as lab:
        for attributes, messages in (
            ({"name": "n"}, {"description": [MISSING]}),
            ({"spec": "s"}, {"name": [MISSING], "description": [MISSING]}),
            (
                {**NEW, "name": "x" * 51},
                {"name": ["is too long (maximum is 50 characters)"]},
            ),
            ({**NEW, "name": "new"}, {"friendly_id": ["is reserved"]}),
        ):
            answer = create(lab, **attributes).expect_status(422)
            answer.expect_json(messages)
        create(lab, **{**NEW, "name": "é" * 50}).expect_status(201)
        answer = lab.post(MACHINES, json={}).expect_status(400)
        missing = "param is missing or the value is empty: machine"
        expect("the errors", ["Bad request", missing], answer.json["errors"])


def _form(target: Target, text: str) -> Answer:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return target.post(MACHINES, body=text.encode(), headers=headers)


@behaviour("fabmanager.machines.forms", needs=("data", "writes"))
def test_forms(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[]) as lab:
        for word, truth in (("1", True), ("0", False), ("false", False), ("", None)):
            text = f"machine[name]=42&machine[description]=d&machine[disabled]={word}"
            record = _form(lab, text).expect_status(201).json
            expect(f"disabled as {word!r}", truth, record["disabled"])
        plain = lab.post(MACHINES, json={**NEW, "id": 9, "slug": "x"}).expect_status(201)
        expect("attributes without the key", NEW["name"], plain.json["name"])
        expect("the slug", "laser-cutter", plain.json["slug"])


@behaviour("fabmanager.machines.casts", needs=("data", "writes"), invalid=True)
def test_wrong_types(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[]) as lab:
        wrong = {"name": 42, "description": {}, "spec": [], "disabled": "yes"}
        for name, value in wrong.items():
            answer = create(lab, **{**NEW, name: value}).expect_status(400)
            expect("the error", "Bad request", answer.json["errors"][0])


@behaviour("fabmanager.machines.casts", live=True, needs=("data", "writes"), invalid=True)
def test_casts(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[]) as lab:
        record = create(lab, name=42, description=True, spec=[1], disabled="off").json
        expect("a number", "42", record["name"])
        expect("a truth value", "t", record["description"])
        expect("a word for false", False, record["disabled"])
        expect("a list", None, record["spec"])


@behaviour("fabmanager.machines.update", needs=("data", "writes"))
def test_changed_machine(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[machine(1, spec="40 W")]) as lab:
        before = answered(lab, "machines/1")
        same = lab.patch(f"{MACHINES}/1", json={"machine": {"name": "Machine 1"}})
        expect("what stays", before, same.expect_status(200).json)
        changed = lab.put(f"{MACHINES}/1", json={"machine": {"name": "new"}}).expect_status(200)
        expect_location(changed, "machine-1")
        expect("the name", "new", changed.json["name"])
        expect("the slug", "machine-1", changed.json["slug"])
        expect("the rest", "40 W", changed.json["spec"])
        is_later = changed.json["updated_at"] != before["updated_at"]
        expect_that("updated_at", is_later, "a later one", changed.json["updated_at"])
        lab.patch(f"{MACHINES}/1", json={"machine": {"name": " "}}).expect_status(422)
        lab.patch(f"{MACHINES}/9", json={}).expect_status(404)


@behaviour("fabmanager.machines.destroy", needs=("data", "writes"))
def test_removed_machine(fabmanager: Target) -> None:
    offered = {"available_type": "Machine", "start_at": "2024-06-01", "end_at": "2024-06-02"}
    availabilities = [
        {"id": 1, **offered, "available_ids": [1]},
        {"id": 2, **offered, "available_ids": [2, 1]},
        {"id": 3, **offered, "available_type": "Space", "available_ids": [1]},
    ]
    machines = [machine(1), machine(2)]
    with holding(fabmanager, machines=machines, availabilities=availabilities) as lab:
        answer = lab.delete(f"{MACHINES}/machine-1").expect_status(204)
        expect("the body", "", answer.text)
        answer.expect_header("Content-Type", None)
        expect("the others", [2], listed(lab))
        lab.get(f"{MACHINES}/1").expect_status(404)
        left = answered(lab, "availabilities")["availabilities"]
    expect("the availabilities", {2: [2], 3: [1]}, {a["id"]: a["available_ids"] for a in left})


@behaviour("fabmanager.machines.picture", needs=("data", "writes"))
def test_picture(fabmanager: Target) -> None:
    named = machine(1, picture="/uploads/machine_image/4/machine_image.png")
    with holding(fabmanager, machines=[named]) as lab:
        before = answered(lab, "machines/1")
        shown = upload(lab, "p.GIF", GIF).expect_status(200).json
        image = shown["image"]
        ends = image.endswith("/uploads/machine_image/5/machine_image.GIF")
        expect_that("image", ends, "an address with a new number", image)
        expect("updated_at", before["updated_at"], shown["updated_at"])
        picture = lab.get("/uploads/machine_image/5/machine_image.GIF").expect_status(200)
        expect("the bytes", GIF, picture.body)
        picture.expect_header("Content-Type", "image/gif")
        picture.expect_header("X-Content-Type-Options", "nosniff")
        picture.expect_header("Content-Security-Policy", "sandbox")


@behaviour("fabmanager.machines.picture.kind", needs=("data", "writes"), invalid=True)
def test_what_is_no_picture(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[machine(1)]) as lab:
        for name, data, message in KINDS_OF_NO_PICTURE:
            answer = upload(lab, name, data).expect_status(422)
            answer.expect_json({"machine_image.attachment": [message]})


def _with_text_for_a_picture(target: Target) -> Answer:
    return create(target, **NEW, machine_image_attributes={"attachment": "text"})


@behaviour("fabmanager.machines.picture.file", needs=("data", "writes"))
def test_picture_without_a_file(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[]) as lab:
        answer = _with_text_for_a_picture(lab).expect_status(201)
    expect_that("the picture", "image" not in answer.json, "none", answer.json)


@behaviour("fabmanager.machines.picture.file", live=True, needs=("data", "writes"))
def test_picture_without_a_file_breaks_the_machine(fabmanager: Target) -> None:
    error = {"error": ["Server error", "bad argument (expected URI object or URI string)"]}
    with holding(fabmanager, machines=[machine(3)]) as lab:
        _with_text_for_a_picture(lab).expect_status(500).expect_json(error)
        expect("the list", [3, 4], sorted(listed(lab)))
        lab.get(f"{MACHINES}/4").expect_status(500).expect_json(error)


@behaviour("fabmanager.machines.accept", needs=("data", "writes"))
def test_written_whatever_is_accepted(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[machine(1)]) as lab:
        headers = {"Accept": "text/html"}
        lab.post(MACHINES, json={"machine": NEW}, headers=headers).expect_status(201)
        expect("the list", [1, 2], sorted(listed(lab)))


@behaviour("fabmanager.machines.accept", live=True, needs=("data", "writes"))
def test_written_then_not_acceptable(fabmanager: Target) -> None:
    with holding(fabmanager, machines=[machine(1)]) as lab:
        headers = {"Accept": "text/html"}
        lab.post(MACHINES, json={"machine": NEW}, headers=headers).expect_status(500)
        expect("the list", [1, 2], sorted(listed(lab)))


@behaviour("fabmanager.spaces.list", needs=("data",))
def test_spaces(fabmanager: Target) -> None:
    gone = {"deleted_at": "2024-05-01T00:00:00Z", "created_at": "2024-01-01T00:00:00Z"}
    spaces = [
        {"id": 1, "slug": "gone", **gone},
        {"id": 2, "slug": "wood", "created_at": "2024-02-01T00:00:00Z"},
        {"id": 3, "slug": "cellar", "created_at": "2024-01-15T00:00:00Z"},
    ]
    with holding(fabmanager, spaces=spaces) as lab:
        body = answered(lab, "spaces")
        expect("those that are left, the oldest first", [3, 2], numbers(body, "spaces"))
        expect(
            "the keys", [*MACHINE_KEYS, "description", "characteristics"], keys_of(body, "spaces")
        )
        expect("one by its slug", 2, answered(lab, "spaces/wood")["id"])
        expect("one that is marked as deleted", 1, answered(lab, "spaces/gone")["id"])


@behaviour("fabmanager.trainings.list", needs=("data",))
def test_trainings(fabmanager: Target) -> None:
    trainings = [
        {"id": 1, "created_at": "2024-02-01T00:00:00Z", "disabled": True},
        {"id": 2, "created_at": "2024-01-15T00:00:00Z"},
    ]
    with holding(fabmanager, trainings=trainings) as lab:
        body = answered(lab, "trainings", {"page": 2})
    expect("all, the oldest first", [2, 1], numbers(body, "trainings"))
    keys = [*MACHINE_KEYS, "nb_total_places", "description"]
    expect("the keys", keys, keys_of(body, "trainings"))


def _trained() -> dict[str, list[Record]]:
    people = [user(1, role="member"), user(2, role="manager"), user(3, role="member")]
    gone = "2024-05-01T00:00:00Z"
    return {
        "groups": [GROUP],
        "users": people,
        "trainings": [{"id": 7}, {"id": 8}],
        "machines": [
            machine(1),
            machine(2, training_ids=[7, 8], deleted_at=gone),
            machine(3, training_ids=[7]),
        ],
        "user_trainings": [{"id": 1, "user_id": 3, "training_id": 8}],
    }


@behaviour("fabmanager.bookable_machines.list", needs=("data",))
def test_bookable_machines(fabmanager: Target) -> None:
    expected = {1: [1], 2: [1, 2, 3], 3: [1, 2]}
    with holding(fabmanager, **_trained()) as lab:
        for number, machines in expected.items():
            body = answered(lab, "bookable_machines", {"user_id": number})
            expect(f"those of user {number}", machines, sorted(numbers(body, "machines")))
        keys = [*MACHINE_KEYS, "description", "spec", "hours_remaining"]
        expect("the keys", keys, keys_of(body, "machines"))
        some = answered(lab, "bookable_machines", {"user_id": 2, "machine_id": 3})
        expect("the machine that is asked for", [3], numbers(some, "machines"))
        unknown = lab.get(f"{API}/bookable_machines", params={"user_id": 9}).expect_status(404)
        unknown.expect_json({"errors": ["Not found", "Couldn't find User with 'id'=9"]})


@behaviour("fabmanager.bookable_machines.user_id", invalid=True)
def test_bookable_machines_need_a_user(fabmanager: Target) -> None:
    for query in ("", "?user_id="):
        answer = fabmanager.get(f"{API}/bookable_machines{query}").expect_status(400)
        missing = "param is missing or the value is empty: user_id"
        expect("the errors", ["Bad request", missing], answer.json["errors"])


def _some_user(fabmanager: Target) -> int:
    people = fabmanager.records(fabmanager.get(f"{API}/users?page=1&per_page=1"))
    need(bool(people), "a user")
    number: int = people[0]["id"]
    return number


@behaviour("fabmanager.bookable_machines.user_ids", invalid=True)
def test_bookable_machines_need_a_single_user(fabmanager: Target) -> None:
    user = _some_user(fabmanager)
    answer = fabmanager.get(f"{API}/bookable_machines?user_id[]={user}").expect_status(400)
    invalid = f"Invalid parameter 'user_id' value [\"{user}\"]: Must be a Integer"
    expect("the errors", ["Bad request", invalid], answer.json["errors"])


@behaviour("fabmanager.bookable_machines.user_ids", live=True, invalid=True)
def test_bookable_machines_fail_for_a_list(fabmanager: Target) -> None:
    user = _some_user(fabmanager)
    answer = fabmanager.get(f"{API}/bookable_machines?user_id[]={user}").expect_status(500)
    kind, message = answer.json["error"]
    expect("the error", "Server error", kind)
    expect_that("the message", f"id: {user}," in message, f"user {user}", message)


@behaviour("fabmanager.bookable_machines.user_id", live=True, invalid=True)
def test_bookable_machines_fail_without_a_user(fabmanager: Target) -> None:
    for query in ("", "?user_id="):
        answer = fabmanager.get(f"{API}/bookable_machines{query}").expect_status(500)
        wrong = "wrong number of arguments (given 0, expected 1..2)"
        answer.expect_json({"error": ["Server error", wrong]})
