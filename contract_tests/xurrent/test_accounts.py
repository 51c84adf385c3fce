"""Ids, nodeIDs, and the accounts to which records belong."""

import base64
from collections.abc import Iterator
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    CALENDARS,
    HOLIDAYS,
    NOBODY,
    Record,
    account,
    calendars,
    expect_error,
    first,
    holidays,
    home,
    ids,
    linked,
    listed,
    page,
    whole,
)

DOMAINS = ("4me.com", "xurrent.com", "r-service.tech")
ACCOUNT_HEADERS = ("X-4me-Account", "X-Xurrent-Account")
NO_ACCOUNT: dict[str, str | None] = dict.fromkeys(ACCOUNT_HEADERS)


def node(domain: str, kind: str, number: int) -> str:
    """Return the nodeID of a record."""
    return base64.b64encode(f"{domain}/{kind}/{number}".encode()).decode().rstrip("=")


@behaviour("xurrent.ids.node")
def test_node_ids_name_records(xurrent: Target) -> None:
    number = first(calendars(xurrent), "a calendar")["id"]
    expected = whole(xurrent, number)
    for domain in DOMAINS:
        seen = xurrent.get(f"{CALENDARS}/{node(domain, 'Calendar', number)}").expect_status(200)
        expect("the calendar", expected, seen.json)
    nested = f"{CALENDARS}/{node(domain, 'Calendar', number)}/calendar_hours"
    hours = listed(xurrent, f"{CALENDARS}/{number}/calendar_hours")
    expect("its hours", hours, listed(xurrent, nested))
    for row in hours[:1]:
        path = f"{nested}/{node(domain, 'CalendarHour', row['id'])}"
        xurrent.get(path).expect_status(200).expect_json(row)
    for holiday in holidays(xurrent)[:1]:
        path = f"{HOLIDAYS}/{node(DOMAINS[0], 'Holiday', holiday['id'])}"
        expect("the holiday", holiday["id"], xurrent.get(path).expect_status(200).json["id"])


@behaviour("xurrent.ids.node")
def test_node_ids_of_others_are_unknown(xurrent: Target) -> None:
    number = first(calendars(xurrent), "a calendar")["id"]
    for text in (
        node(DOMAINS[0], "Person", number),
        node(DOMAINS[0], "Calendar", NOBODY),
        node("example.org", "Calendar", number),
    ):
        expect_error(xurrent.get(f"{CALENDARS}/{text}"), 404, "Not Found")


def records_with_class(target: Target) -> Iterator[tuple[str, Record]]:
    """Go through records of every kind, listed and single, with the class of each."""
    record = first(calendars(target), "a calendar")
    path = f"{CALENDARS}/{record['id']}"
    lists = ((CALENDARS, "Calendar"), (f"{path}/calendar_hours", "CalendarHour"))
    for list_path, kind in (*lists, (HOLIDAYS, "Holiday"), (f"{path}/holidays", "Holiday")):
        for query in ({"per_page": 3}, {"per_page": 3, "fields": "id"}):
            records = listed(target, list_path, query)
            yield from ((kind, record) for record in records)
        for row in records[:1]:
            single = (CALENDARS if kind == "Calendar" else list_path) + f"/{row['id']}"
            if list_path != f"{path}/holidays":
                yield kind, target.get(single).expect_status(200).json


@behaviour("xurrent.ids.node.answers")
def test_answers_have_no_node_ids(xurrent: Target) -> None:
    for kind, record in records_with_class(xurrent):
        expect_that(f"the keys of a {kind}", "nodeID" not in record, "no nodeID", list(record))


@behaviour("xurrent.ids.node.answers", live=True)
def test_answers_end_with_node_ids(xurrent: Target) -> None:
    for kind, record in records_with_class(xurrent):
        expect(f"the last key of a {kind}", "nodeID", list(record)[-1])
        known = [node(domain, kind, record["id"]) for domain in DOMAINS]
        right = record["nodeID"] in known
        expect_that("the nodeID", right, " or ".join(known), record["nodeID"])
        for hours in record.get("calendar_hours", []):
            keys = ["time_from", "time_until", "weekday"]
            expect("the keys of hours within a calendar", keys, sorted(hours))


def observed(target: Target) -> list[str]:
    """Return paths of records that are there: of each kind that is asked for where it is not."""
    number = first(calendars(target), "a calendar")["id"]
    hours = listed(target, f"{CALENDARS}/{number}/calendar_hours")
    days = holidays(target)
    need(hours and days, "a calendar with hours, and a holiday")
    expect("the calendar", number, whole(target, number)["id"])
    return [
        f"{CALENDARS}/{number}/calendar_hours/{hours[0]['id']}",
        f"{CALENDARS}/{number}/holidays",
        f"{CALENDARS}/{number}/duration?start=2020-01-01T00:00Z&end=2020-01-02T00:00Z",
        f"{HOLIDAYS}/{days[0]['id']}",
        f"{HOLIDAYS}/{days[0]['id']}/calendars",
    ]


@behaviour("xurrent.ids.unknown")
def test_unknown_ids_are_not_found(xurrent: Target) -> None:
    number = first(calendars(xurrent), "a calendar")["id"]
    for path in observed(xurrent):
        xurrent.get(path).expect_status(200)
    for path in (
        f"{CALENDARS}/{NOBODY}",
        f"{CALENDARS}/nonsense",
        f"{CALENDARS}/{NOBODY}/calendar_hours",
        f"{CALENDARS}/{NOBODY}/holidays",
        f"{CALENDARS}/{NOBODY}/duration?start=2020-01-01T00:00Z&end=2020-01-02T00:00Z",
        f"{CALENDARS}/{number}/calendar_hours/{NOBODY}",
        f"{HOLIDAYS}/{NOBODY}",
        f"{HOLIDAYS}/{NOBODY}/calendars",
    ):
        expect_error(xurrent.get(path), 404, "Not Found")


def two_accounts(target: Target) -> dict[str, Any]:
    """Return the settings of a dataset with two accounts, the second called `other`."""
    return {
        "accounts": [{"id": home(target), "name": "Home"}, {"id": "other", "name": "Other one"}],
        "holidays": {"records": [day(3), day(4, account="other")]},
        "calendars": {
            "records": [
                {"id": 1, "name": "Desk", "holidays": [3]},
                {"id": 2, "name": "Desk", "account": "other", "holidays": [4]},
                {"id": 5, "name": "Night", "account": "other"},
            ]
        },
    }


def day(number: int, **more: Any) -> Record:
    """Return a holiday for a dataset."""
    times = {"start_at": "2020-05-05T00:00", "end_at": "2020-05-06T00:00"}
    return {"id": number, "name": f"Day {number}", **times, **more}


def in_account(id_: str | None) -> dict[str, Any]:
    """Return options of a request that works in an account; None: that names none."""
    return {"headers": NO_ACCOUNT | ({ACCOUNT_HEADERS[0]: id_} if id_ else {})}


@behaviour("xurrent.ids.unknown", needs=("data",))
def test_records_of_another_account_are_not_found(xurrent: Target) -> None:
    with target_with_two(xurrent) as own:
        for id_, strange in ((None, (2, 5)), ("other", (1,))):
            for number in strange:
                for path in ("", "/calendar_hours", "/holidays"):
                    answer = own.get(f"{CALENDARS}/{number}{path}", **in_account(id_))
                    expect_error(answer, 404, "Not Found")
        expect_error(own.get(f"{HOLIDAYS}/4", **in_account(None)), 404, "Not Found")


def target_with_two(target: Target) -> Any:
    """Give a target with two accounts."""
    settings = two_accounts(target)
    days, records = settings.pop("holidays"), settings.pop("calendars")
    return account(target, *records["records"], holidays=days["records"], **settings)


@behaviour("xurrent.accounts.header")
def test_without_the_header_it_is_the_users_own(xurrent: Target) -> None:
    need(calendars(xurrent), "a calendar")
    own = page(xurrent, headers=NO_ACCOUNT)
    need(own.json, "a calendar of the user's own account")
    if xurrent.rules.allow_invalid:
        strange = NO_ACCOUNT | {ACCOUNT_HEADERS[0]: "understudy-nowhere"}
        refused = xurrent.get(CALENDARS, headers=strange).status == 403
        need(refused, "a service that tells accounts apart")
    named = xurrent.identity.values.get("account")
    for header in ACCOUNT_HEADERS if named else ():
        seen = page(xurrent, headers=NO_ACCOUNT | {header: named})
        expect(f"the calendars of {header}", page(xurrent).json, seen.json)


@behaviour("xurrent.accounts.header", needs=("data",))
def test_the_header_names_the_account(xurrent: Target) -> None:
    with target_with_two(xurrent) as own:
        for path, mine, others in ((CALENDARS, [1], [2, 5]), (HOLIDAYS, [3], [4])):
            expect("the user's own", mine, ids(page(own, path, headers=NO_ACCOUNT).json))
            for header in ACCOUNT_HEADERS:
                for id_, expected in ((home(xurrent), mine), ("other", others)):
                    seen = page(own, path, headers=NO_ACCOUNT | {header: id_})
                    expect(f"those of {header}: {id_}", expected, ids(seen.json))


@behaviour("xurrent.accounts.header", needs=("data", "writes"))
def test_records_are_made_in_the_account(xurrent: Target) -> None:
    with target_with_two(xurrent) as own:
        answer = own.post(CALENDARS, json={"name": "Night shift"}, **in_account("other"))
        number = answer.expect_status(201).json["id"]
        expect("those of the account", [2, 5, number], ids(page(own, **in_account("other")).json))
        expect("the user's own", [1], ids(page(own, **in_account(None)).json))
        own.post(CALENDARS, json={"name": "Night"}, **in_account(None)).expect_status(201)


@behaviour("xurrent.accounts.unknown", invalid=True)
def test_an_account_that_is_not_there(xurrent: Target) -> None:
    for header in ACCOUNT_HEADERS:
        headers = NO_ACCOUNT | {header: "understudy-nowhere"}
        for path in (CALENDARS, HOLIDAYS):
            expect_error(xurrent.get(path, headers=headers), 403, "Forbidden")


@behaviour("xurrent.accounts.reference")
def test_records_of_the_own_account_do_not_name_it(xurrent: Target) -> None:
    answer = page(xurrent, headers=NO_ACCOUNT)
    need(answer.json, "a calendar of the user's own account")
    need(all("name" in record for record in answer.json), "calendars")
    for record in answer.json:
        expect_that("the keys", "account" not in record, "no account", list(record))
    single = xurrent.get(f"{CALENDARS}/{answer.json[0]['id']}", headers=NO_ACCOUNT)
    expect_that("the keys", "account" not in single.json, "no account", single.text)


@behaviour("xurrent.accounts.reference", needs=("data",))
def test_records_of_another_account_name_it(xurrent: Target) -> None:
    account_reference = {"id": "other", "name": "Other one"}
    with target_with_two(xurrent) as own:
        for path in (CALENDARS, f"{CALENDARS}?fields=name", HOLIDAYS, f"{CALENDARS}/2/holidays"):
            for record in page(own, path, **in_account("other")).json:
                expect(
                    f"the account of a record of {path}", account_reference, record.get("account")
                )
        for path in (f"{CALENDARS}/2", f"{HOLIDAYS}/4"):
            seen = page(own, path, **in_account("other")).json
            expect("the account of a single record", account_reference, seen.get("account"))
        expect("what nobody links", [], linked(own, 1)[1:])
