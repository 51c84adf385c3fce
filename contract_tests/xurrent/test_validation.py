"""Refusals of creates and changes of calendars, and their words."""

from collections.abc import Callable
from typing import Any

from fake_server.contract import Answer, Target, behaviour, expect, expect_that

from .helpers import (
    CALENDARS,
    HOLIDAYS,
    calendar,
    create,
    expect_error,
    expect_invalid,
    retire,
    whole,
)

BLANK = ("name", "Name can't be blank")
TAKEN = ("name", "Name has already been taken")


def refused_fields(answer: Answer) -> list[str]:
    """Return the fields of the mistakes that a 422 tells of."""
    body = answer.expect_status(422).json
    expect("the message", "Validation Failed", body["message"])
    for field, sentence in body["errors"]:
        expect_that(f"the sentence for {field}", sentence.strip(), "one", sentence)
    return [field for field, _ in body["errors"]]


@behaviour("xurrent.calendars.name.required", needs=("writes",))
def test_a_name_is_required(xurrent: Target) -> None:
    for attributes in ({}, {"name": ""}, {"name": None}, {"sourceID": "a"}):
        expect_invalid(xurrent.post(CALENDARS, json=attributes), BLANK)
    with calendar(xurrent) as record:
        for blank in ("", "  ", None):
            answer = xurrent.patch(f"{CALENDARS}/{record['id']}", json={"name": blank})
            expect_invalid(answer, BLANK)
        expect("the calendar", record, whole(xurrent, record["id"]))


@behaviour("xurrent.calendars.name.required", needs=("data", "writes"))
def test_a_name_is_more_than_blanks(xurrent: Target) -> None:
    expect_invalid(xurrent.post(CALENDARS, json={"name": " \t"}), BLANK)


def padded(target: Target, length: int) -> str:
    """Return a name of so many characters, some of them of several bytes."""
    return target.name("long").ljust(length, "é")


@behaviour("xurrent.calendars.name.length", needs=("writes",))
def test_a_name_has_80_characters_at_most(xurrent: Target) -> None:
    with calendar(xurrent, name=padded(xurrent, 80)) as record:
        expect("the length of the name", 80, len(record["name"]))
        for method, path in (("POST", CALENDARS), ("PATCH", f"{CALENDARS}/{record['id']}")):
            answer = xurrent.request(method, path, json={"name": padded(xurrent, 81)})
            expect("the fields", ["name"], refused_fields(answer))


@behaviour("xurrent.calendars.name.taken", needs=("writes",))
def test_a_name_is_taken_once(xurrent: Target) -> None:
    name = xurrent.name("calendar")
    first, second = create(xurrent, name=name), create(xurrent)
    expect_invalid(xurrent.post(CALENDARS, json={"name": name}), TAKEN)
    expect_invalid(xurrent.patch(f"{CALENDARS}/{second['id']}", json={"name": name}), TAKEN)
    own = xurrent.patch(f"{CALENDARS}/{first['id']}", json={"name": name, "sourceID": "b"})
    expect("the sourceID", "b", own.expect_status(200).json["sourceID"])
    retire(xurrent, first)
    expect_invalid(xurrent.post(CALENDARS, json={"name": name}), TAKEN)
    renamed = {"name": xurrent.name("renamed")}
    xurrent.patch(f"{CALENDARS}/{first['id']}", json=renamed).expect_status(200)
    retire(xurrent, create(xurrent, name=name), second)


@behaviour("xurrent.calendars.name.taken.case", needs=("writes",))
def test_case_makes_no_other_name(xurrent: Target) -> None:
    name = f"{xurrent.name('Calendar')} Été"
    with calendar(xurrent, name=name) as record:
        changes: tuple[Callable[[str], str], ...] = (str.upper, str.lower, str.swapcase)
        for change in changes:
            expect_invalid(xurrent.post(CALENDARS, json={"name": change(name)}), TAKEN)
        answer = xurrent.patch(f"{CALENDARS}/{record['id']}", json={"name": name.upper()})
        expect("the name", name.upper(), answer.expect_status(200).json["name"])
        # Whoever finds the calendar later knows it by the mark as it is written.
        xurrent.patch(f"{CALENDARS}/{record['id']}", json={"name": name}).expect_status(200)


@behaviour("xurrent.calendars.source.length", needs=("writes",))
def test_source_and_source_id_have_their_lengths(xurrent: Target) -> None:
    most: dict[str, Any] = {"source": "s" * 30, "sourceID": "ü" * 128}
    with calendar(xurrent, **most) as record:
        expect("what was made", most, {key: record[key] for key in most})
        for field, value in most.items():
            attributes = {"name": xurrent.name("calendar"), field: f"{value}x"}
            expect("the fields", [field], refused_fields(xurrent.post(CALENDARS, json=attributes)))
            answer = xurrent.patch(f"{CALENDARS}/{record['id']}", json={field: f"{value}x"})
            expect("the fields", [field], refused_fields(answer))


@behaviour("xurrent.calendars.invalid_kind", needs=("writes",))
def test_values_of_another_kind(xurrent: Target) -> None:
    for name in (5, {"a": 1}, ["a"], True):
        answer = xurrent.post(CALENDARS, json={"name": name})
        expect_invalid(answer, ("name", "Name is invalid"))
    for field in ("source", "sourceID", "disabled"):
        attributes = {"name": xurrent.name("calendar"), field: {"a": "b"}}
        answer = xurrent.post(CALENDARS, json=attributes).expect_status(422)
        ((seen, sentence),) = answer.json["errors"]
        expect("the field", field, seen)
        expect_that("the sentence", sentence.endswith(" is invalid"), "… is invalid", sentence)


@behaviour("xurrent.errors.json", needs=("writes",))
def test_bodies_that_are_no_objects(xurrent: Target) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b'[{"name": "x"}]', b"nonsense", b'"text"', b"{'name': 'x'}"):
        answer = xurrent.post(CALENDARS, body=body, headers=headers)
        expect_error(answer, 400, "Invalid JSON string posted")


@behaviour("xurrent.errors.validation", needs=("writes",))
def test_all_mistakes_are_told_at_once(xurrent: Target) -> None:
    attributes = {"source": "s" * 31, "sourceID": "i" * 129}
    answer = xurrent.post(CALENDARS, json=attributes)
    expect("the fields", {"name", "source", "sourceID"}, set(refused_fields(answer)))
    blank = [BLANK, ("start_at", "Start can't be blank"), ("end_at", "End can't be blank")]
    expect_invalid(xurrent.post(HOLIDAYS, json={}), *blank)


@behaviour("xurrent.errors.language", needs=("writes",))
def test_sentences_in_another_language(xurrent: Target) -> None:
    for header in ("X-4me-Language", "X-Xurrent-Language"):
        for language, words in (
            ("nl", "moet opgegeven zijn"),
            ("de", "muss ausgefüllt werden"),
            ("fr", "doit être rempli(e)"),
            ("en", "can't be blank"),
        ):
            answer = xurrent.post(CALENDARS, json={}, headers={header: language})
            expect("the fields", ["name"], refused_fields(answer))
            sentence = answer.json["errors"][0][1]
            expect_that("the sentence", sentence.endswith(f" {words}"), f"… {words}", sentence)


@behaviour("xurrent.bodies", needs=("writes",))
def test_forms_work_as_json_does(xurrent: Target) -> None:
    parts = ("--limit", 'Content-Disposition: form-data; name="{}"', "", "{}", "")
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=limit"):
        name = xurrent.name("form")
        pairs = {"name": name, "sourceID": "a-1", "disabled": "true"}
        if kind.startswith("multipart"):
            text = "".join("\r\n".join(parts).format(*pair) for pair in pairs.items())
            text += "--limit--\r\n"
        else:
            text = "&".join(f"{key}={value}" for key, value in pairs.items()).replace(" ", "+")
        answer = xurrent.post(CALENDARS, body=text.encode(), headers={"Content-Type": kind})
        record = answer.expect_status(201).json
        seen = {
            "name": record["name"],
            "sourceID": record["sourceID"],
            "disabled": record["disabled"],
        }
        expect(f"the calendar made by {kind}", {**pairs, "disabled": True}, seen)
        change = text.replace("a-1", "a-2").encode()
        path = f"{CALENDARS}/{record['id']}"
        changed = xurrent.patch(path, body=change, headers={"Content-Type": kind})
        expect(f"sourceID changed by {kind}", "a-2", changed.expect_status(200).json["sourceID"])
