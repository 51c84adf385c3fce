"""Creating and changing calendars."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import (
    CALENDAR,
    CALENDARS,
    Record,
    account,
    bare,
    calendar,
    calendars,
    create,
    expect_error,
    home,
    listed,
    moment,
    pass_time,
    retire,
    token,
    whole,
)

BRANDS = {"4me API", "Xurrent API", "R-Service API"}


@behaviour("xurrent.calendars.create", needs=("writes",))
def test_a_name_is_all_it_takes(xurrent: Target) -> None:
    name = xurrent.name("calendar")
    answer = xurrent.post(CALENDARS, json={"name": name}).expect_status(201)
    record = answer.json
    expect("its fields", CALENDAR, set(bare(record)))
    seen = (record["name"], record["calendar_hours"], record["disabled"], record["sourceID"])
    expect("its values", (name, [], False, None), seen)
    expect("the calendar read back", record, whole(xurrent, record["id"]))
    expect_listed(xurrent, record, name)
    retire(xurrent, record)


@behaviour("xurrent.calendars.create", needs=("writes",))
def test_all_that_can_be_given(xurrent: Target) -> None:
    attributes = {"source": "HR sync", "sourceID": "Desk 7", "disabled": True}
    record = create(xurrent, **attributes)
    expect("its values", attributes, {key: record[key] for key in attributes})
    expect("the calendar read back", record, whole(xurrent, record["id"]))
    expect_listed(xurrent, record, record["name"])
    lag = abs(moment(record["created_at"]) - xurrent.now())
    expect_that("created_at", lag < timedelta(minutes=5), str(xurrent.now()), record["created_at"])


def created(target: Target) -> Answer:
    """Create a calendar and disable it; return the answer to its creation."""
    answer = target.post(CALENDARS, json={"name": target.name("calendar")}).expect_status(201)
    retire(target, answer.json)
    return answer


@behaviour("xurrent.calendars.create.location", needs=("writes",))
def test_a_location_that_can_be_followed(xurrent: Target) -> None:
    answer = created(xurrent)
    number = answer.json["id"]
    need(created(xurrent).json["id"] != number, "calendars that are unlike each other")
    answer.expect_header("Location", f"{xurrent.base_url}{CALENDARS}/{number}")
    seen = xurrent.follow(answer.headers["Location"]).expect_status(200)
    expect("what it leads to", number, seen.json["id"])


@behaviour("xurrent.calendars.create.location", live=True, needs=("writes",))
def test_a_location_in_the_user_interface(xurrent: Target) -> None:
    answer = created(xurrent)
    seen = answer.headers.get("Location", "")
    right = re.fullmatch(rf"https://[\w-]+(\.[\w-]+)+/calendars/{answer.json['id']}", seen)
    expected = f"https://account.domain/calendars/{answer.json['id']}"
    expect_that("the Location", right and not seen.startswith(xurrent.base_url), expected, seen)


@behaviour("xurrent.calendars.create.location", live=True, needs=("writes", "data"))
def test_the_location_names_account_and_domain(xurrent: Target) -> None:
    for brand, domain in (("xurrent", "xurrent.com"), ("r-service", "r-service.tech")):
        with account(xurrent, brand=brand) as own:
            answer = created(own)
            expected = f"https://{home(xurrent)}.{domain}/calendars/{answer.json['id']}"
            answer.expect_header("Location", expected)


@behaviour("xurrent.calendars.update", needs=("writes",))
def test_only_what_is_given_is_changed(xurrent: Target) -> None:
    check_update(xurrent, "PATCH")


@behaviour("xurrent.calendars.update.put", needs=("writes",))
def test_put_is_patch(xurrent: Target) -> None:
    check_update(xurrent, "PUT")


def check_update(target: Target, method: str) -> None:
    """Change one attribute after the other; the rest must stay, wherever it is shown."""
    with calendar(target, ("mon", "09:00", "17:00"), source="HR", sourceID="a-1") as record:
        path = f"{CALENDARS}/{record['id']}"
        before = whole(target, record["id"])
        second = create(target)
        for change in (
            {"name": target.name("renamed")},
            {"sourceID": "b-2"},
            {"source": "CMDB"},
            {"disabled": True},
            {"sourceID": "c-3"},
            {"name": target.name("still disabled")},
            {"source": "HR"},
            {"sourceID": None},
            {"name": target.name("again"), "disabled": False},
            {"sourceID": "d-4", "source": "CMDB"},
        ):
            seen = target.request(method, path, json=change).expect_status(200).json
            expected = {**before, **change, "updated_at": seen["updated_at"]}
            expect(f"the calendar after {change}", expected, seen)
            expect("the calendar read back", seen, whole(target, record["id"]))
            expect_listed(target, seen, before["name"])
            before = seen
        expect("another calendar", second, whole(target, second["id"]))
        retire(target, second)


def expect_listed(target: Target, record: Record, old_name: str) -> None:
    """Assert that lists show a calendar as it is now, and filters keep it by what it is now."""
    shown = {"id": record["id"], "fields": ",".join(CALENDAR)}
    (seen,) = listed(target, params=shown)
    expect("the calendar in the list", bare(record), {name: seen[name] for name in bare(record)})
    state, others = ("disabled", "enabled") if record["disabled"] else ("enabled", "disabled")
    for path, expected in ((state, [record["id"]]), (others, [])):
        records = listed(target, f"{CALENDARS}/{path}", {"id": record["id"]})
        expect(f"the calendar in /{path}", expected, [item["id"] for item in records])
    for name, kept in {old_name: old_name == record["name"], record["name"]: True}.items():
        records = [item["id"] for item in listed(target, params={"name": name})]
        expect(f"those of the name {name}", [record["id"]] if kept else [], records)


@behaviour("xurrent.calendars.updated_at")
def test_updated_at_is_not_before_created_at(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(records, "a calendar")
    for record in records:
        right = moment(record["updated_at"]) >= moment(record["created_at"])
        expect_that("updated_at", right, f"{record['created_at']} or later", record["updated_at"])


@behaviour("xurrent.calendars.updated_at", needs=("writes",))
def test_updated_at_is_created_at_at_first(xurrent: Target) -> None:
    with calendar(xurrent) as record:
        expect("updated_at", record["created_at"], record["updated_at"])


@behaviour("xurrent.calendars.updated_at", needs=("writes",))
def test_updated_at_moves_with_a_change(xurrent: Target) -> None:
    with calendar(xurrent) as record:
        path = f"{CALENDARS}/{record['id']}"
        pass_time(xurrent, 2)
        seen = xurrent.patch(path, json={"name": record["name"]}).expect_status(200).json
        expect("the calendar after no change", record, seen)
        seen = xurrent.patch(path, json={"sourceID": "b-2"}).expect_status(200).json
        expect("created_at", record["created_at"], seen["created_at"])
        later = moment(seen["updated_at"]) > moment(record["updated_at"])
        expect_that("updated_at", later, f"after {record['updated_at']}", seen["updated_at"])
        expect("the calendar read back", seen, whole(xurrent, record["id"]))


@behaviour("xurrent.calendars.updated_at", needs=("writes", "clock"))
def test_updated_at_follows_changes(xurrent: Target) -> None:
    xurrent.clock.freeze()
    with calendar(xurrent) as record:
        path = f"{CALENDARS}/{record['id']}"
        xurrent.clock.advance(timedelta(hours=2))
        for nothing in ({}, {"name": record["name"]}, {"disabled": False}, {"unknown": 1}):
            seen = xurrent.patch(path, json=nothing).expect_status(200).json
            expect(f"the calendar after {nothing}", record, seen)
        seen = xurrent.patch(path, json={"sourceID": "b-2"}).expect_status(200).json
        expect("created_at", record["created_at"], seen["created_at"])
        later = moment(seen["updated_at"]) - moment(record["updated_at"])
        expect("how much later it was updated", timedelta(hours=2), later)


@behaviour("xurrent.calendars.unknown_attributes", needs=("writes",))
def test_other_attributes_are_ignored(xurrent: Target) -> None:
    hours = [{"weekday": "mon", "time_from": "09:00", "time_until": "17:00"}]
    surplus: dict[str, Any] = {
        "remarks": "…",
        "id": 1,
        "created_at": "2001-01-01T00:00:00Z",
        "updated_at": "2001-01-01T00:00:00Z",
        "calendar_hours": hours,
    }
    record = create(xurrent, **surplus)
    expect("the hours", [], record["calendar_hours"])
    expect("the fields", CALENDAR, set(bare(record)))
    for field in ("created_at", "updated_at"):
        expect_that(field, moment(record[field]).year > 2001, "the time of the call", record[field])
    path = f"{CALENDARS}/{record['id']}"
    expect("its id", record["id"], whole(xurrent, record["id"])["id"])
    seen = xurrent.patch(path, json=surplus).expect_status(200).json
    expect("the calendar after an update", record, seen)
    retire(xurrent, record)


@behaviour("xurrent.calendars.source.default", needs=("writes",))
def test_where_a_record_comes_from(xurrent: Target) -> None:
    records: list[Record] = []

    def source(attributes: dict[str, Any], **headers: str) -> str:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {"name": xurrent.name("calendar"), **attributes}
        records.append(xurrent.post(CALENDARS, json=body, headers=sent).expect_status(201).json)
        return str(records[-1]["source"])

    agent = {"User_Agent": "agent/1.0"}
    expect("the body's", "HR", source({"source": "HR"}, X_4me_Source="header", **agent))
    for header in ("X_4me_Source", "X_Xurrent_Source"):
        expect("the header's", "header", source({}, **{header: "header"}, **agent))
        expect("a blank one's", "header", source({"source": ""}, **{header: "header"}, **agent))
    expect("the agent's", "agent/1.0", source({}, **agent))
    brand = source({}, User_Agent="")
    expect_that("the brand's", brand in BRANDS, " or ".join(sorted(BRANDS)), brand)
    expect("a long header's", "h" * 30, source({}, X_4me_Source="h" * 31))
    expect("a long agent's", "a" * 30, source({}, User_Agent="a" * 40))
    retire(xurrent, *records)


TRUE = ("1", "T", "y", "TRUE", "yes", "On", True, 1)
FALSE = ("0", "F", "n", "false", "no", "2", False, 0)


@behaviour("xurrent.calendars.disabled", needs=("writes",))
def test_what_is_true(xurrent: Target) -> None:
    with calendar(xurrent) as record:
        expect("disabled", False, record["disabled"])
        path = f"{CALENDARS}/{record['id']}"
        for words in zip(TRUE, FALSE, strict=True):
            for word, expected in zip(words, (True, False), strict=True):
                seen = xurrent.patch(path, json={"disabled": word}).expect_status(200).json
                expect(f"disabled after {word!r}", expected, seen["disabled"])


@behaviour("xurrent.calendars.delete", needs=("writes",))
def test_a_calendar_has_no_delete(xurrent: Target) -> None:
    with calendar(xurrent) as record:
        path = f"{CALENDARS}/{record['id']}"
        expect_error(xurrent.delete(path), 404, "Not Found")
        expect("the calendar", record, whole(xurrent, record["id"]))
        seen = xurrent.patch(path, json={"disabled": True}).expect_status(200).json
        expect("disabled", True, seen["disabled"])


@behaviour("xurrent.calendars.administrator", needs=("data", "writes"))
def test_others_may_only_read(xurrent: Target) -> None:
    hours = {"id": 4, "weekday": "mon", "time_from": "09:00", "time_until": "17:00"}
    desk = {"id": 1, "name": "Desk", "calendar_hours": [hours], "holidays": [2]}
    day = {"id": 2, "name": "Day", "start_at": "2020-05-05T00:00", "end_at": "2020-05-06T00:00"}
    tokens = {"tokens": [{"token": token(xurrent), "administrator": False}]}
    attributes = {
        "name": "x",
        "start_at": "2020-05-05T00:00",
        "end_at": "2020-05-06T00:00",
        **hours,
    }
    with account(xurrent, desk, holidays=[day], credentials=tokens) as own:
        before = whole(own, 1)
        for method, path in (
            ("POST", ""),
            ("PATCH", "/1"),
            ("PUT", "/1"),
            ("POST", "/1/calendar_hours"),
            ("PATCH", "/1/calendar_hours/4"),
            ("DELETE", "/1/calendar_hours/4"),
            ("DELETE", "/1/calendar_hours"),
            ("POST", "/1/holidays/2"),
            ("DELETE", "/1/holidays/2"),
            ("DELETE", "/1/holidays"),
        ):
            body = urlencode(attributes).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = own.request(method, f"{CALENDARS}{path}", body=body, headers=headers)
            expect_error(answer, 403, "Forbidden")
        for method, path in (("POST", ""), ("PATCH", "/2"), ("DELETE", "/2/calendars")):
            answer = own.request(method, f"/v1/holidays{path}", json=attributes)
            expect_error(answer, 403, "Forbidden")
        expect("the calendar", before, whole(own, 1))
        expect("its holidays", 1, len(listed(own, f"{CALENDARS}/1/holidays")))
