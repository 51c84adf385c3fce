"""The kinds of records: read, added, changed and removed as a dataset has them."""

from typing import Any

import pytest

from fake_server.errors import DataError, InUseError, UnknownRecordError, UserError
from fake_server.world.records.data import add, change, counts, get, load, page, remove
from tests.xurrent.conftest import Caller

MORNING = {"weekday": "mon", "time_from": "09:00", "time_until": "12:00"}


def test_a_calendar_is_added_as_a_dataset_pins_it(empty: Caller) -> None:
    (holiday,) = add(
        empty.world,
        "xurrent",
        "holidays",
        [{"name": "May", "start_at": "2026-05-01T00:00", "end_at": "2026-05-02T00:00"}],
    )
    (added,) = add(
        empty.world,
        "xurrent",
        "calendars",
        [{"id": 7, "name": "Office", "calendar_hours": [MORNING], "holidays": [holiday["id"]]}],
    )
    assert added["calendar_hours"] == [{"id": 1, **MORNING}]
    shown = empty.get("/calendars/7").json
    assert (shown["name"], shown["calendar_hours"]) == ("Office", [MORNING])
    assert empty.ids("/calendars/7/holidays") == [holiday["id"]]
    assert get(empty.world, "xurrent", "calendars", "7") == added


def test_what_the_api_wrote_is_read_as_a_dataset_has_it(empty: Caller) -> None:
    made = empty.created("/calendars", {"name": "Mine", "source": "me"})
    calendar = get(empty.world, "xurrent", "calendars", str(made["id"]))
    assert (calendar["name"], calendar["source"], calendar["disabled"]) == ("Mine", "me", False)
    remove(empty.world, "xurrent", "calendars", str(made["id"]))
    assert empty.get(f"/calendars/{made['id']}").status_code == 404


def test_a_change_leaves_the_other_attributes(many: Caller) -> None:
    before = get(many.world, "xurrent", "calendars", "2")
    after = change(many.world, "xurrent", "calendars", "2", {"name": "Gamma"})
    assert after == {**before, "name": "Gamma"}
    assert many.get("/calendars/2").json["name"] == "Gamma"
    assert many.ids("/calendars?name=gamma") == [2]


def test_a_linked_holiday_stays_in_its_account(empty: Caller) -> None:
    day = {"id": 3, "name": "Day", "start_at": "2026-05-01T00:00", "end_at": "2026-05-02T00:00"}
    other = [{"id": "other", "name": "Other"}]
    calendars = [{"id": 9, "name": "x", "holidays": [3]}]
    load(empty.world, "xurrent", {"holidays": [day], "calendars": calendars, "accounts": other})
    with pytest.raises(DataError) as refused:
        change(empty.world, "xurrent", "holidays", "3", {"account": "other"})
    assert str(refused.value) == (
        "xurrent.holidays.account: calendar 9, which it is linked to, is in wdc"
    )
    change(empty.world, "xurrent", "calendars", "9", {"holidays": []})
    assert (
        change(empty.world, "xurrent", "holidays", "3", {"account": "other"})["account"] == "other"
    )


def test_pages_and_filters(many: Caller) -> None:
    first, more = page(many.world, "xurrent", "calendars", 4, None, {})
    rest, end = page(many.world, "xurrent", "calendars", 4, str(more), {})
    assert [[calendar["id"] for calendar in each] for each in (first, rest)] == [
        [1, 2, 3, 4],
        [5, 6],
    ]
    assert (more, end) == (4, None)
    disabled, _ = page(many.world, "xurrent", "calendars", 9, None, {"disabled": "true"})
    assert [calendar["id"] for calendar in disabled] == [2, 4]
    with pytest.raises(
        UserError, match=r"^nam: no such filter of xurrent.calendars; meant name\?$"
    ):
        page(many.world, "xurrent", "calendars", 9, None, {"nam": "x"})


def test_a_second_account_and_its_token(empty: Caller) -> None:
    load(
        empty.world,
        "xurrent",
        {
            "calendars": [{"name": "Elsewhere", "account": "other"}],
            "tokens": [{"token": "second", "account": "other", "administrator": False}],
            "accounts": [{"id": "other", "name": "Other"}],
        },
    )
    (shown,) = empty.get("/calendars", token="Bearer second").json
    assert shown["name"] == "Elsewhere"
    assert empty.post("/calendars", {"name": "x"}, token="Bearer second").status_code == 403
    with pytest.raises(InUseError, match="other has tokens, such as second: remove them first"):
        remove(empty.world, "xurrent", "accounts", "other")
    remove(empty.world, "xurrent", "tokens", "second")
    assert empty.get("/calendars", token="Bearer second").status_code == 401
    remove(empty.world, "xurrent", "calendars", "1")
    remove(empty.world, "xurrent", "accounts", "other")
    with pytest.raises(InUseError, match="wdc is the default account, it stays"):
        remove(empty.world, "xurrent", "accounts", "wdc")


def test_a_removed_holiday_leaves_no_link(empty: Caller) -> None:
    day = {"id": 3, "name": "Day", "start_at": "2026-05-01T00:00", "end_at": "2026-05-02T00:00"}
    load(empty.world, "xurrent", {"holidays": [day], "calendars": [{"name": "x", "holidays": [3]}]})
    remove(empty.world, "xurrent", "holidays", "3")
    assert get(empty.world, "xurrent", "calendars", "1")["holidays"] == []
    assert counts(empty.world)["xurrent"] == {
        "accounts": 1,
        "tokens": 2,
        "holidays": 0,
        "calendars": 1,
    }


@pytest.mark.parametrize(
    ("kind", "record", "mistake"),
    [
        ("calendars", {"nam": "x"}, "calendars.1.nam: no such key; meant name?"),
        ("calendars", {}, "calendars.1: 'name' is a required property"),
        ("calendars", 5, "calendars.1: 5 is not of type 'object'"),
        ("calendars", {"id": "5", "name": "x"}, "calendars.1.id: '5' is not of type 'integer'"),
        ("calendars", {"id": 1, "name": "y"}, "calendars.1.id: another record has the id 1 too"),
        ("calendars", {"name": "ALPHA"}, "calendars.1.name: calendar 1 has this name too"),
        ("calendars", {"name": "y", "account": "z"}, "calendars.1.account: z is not in"),
        ("calendars", {"name": "y", "holidays": [9]}, "calendars.1.holidays.0: 9 is not a pinned"),
        ("tokens", {"token": "t", "account": "z"}, "credentials.tokens.1.account: z is not in"),
        ("tokens", {"token": "api-token"}, "credentials.tokens.1.token: another record has the"),
    ],
)
def test_a_mistake_adds_nothing(many: Caller, kind: str, record: Any, mistake: str) -> None:
    good = {"calendars": {"name": "Good"}, "tokens": {"token": "good"}}[kind]
    before = counts(many.world)
    with pytest.raises(DataError) as refused:
        add(many.world, "xurrent", kind, [good, record])
    assert str(refused.value).startswith(f"xurrent.{mistake}")
    assert counts(many.world) == before


def test_what_is_not_there(empty: Caller) -> None:
    for call, said in (
        (lambda: get(empty.world, "xurent", "x", "1"), "meant xurrent?"),
        (lambda: get(empty.world, "xurrent", "calendar", "1"), "meant calendars?"),
        (lambda: get(empty.world, "xurrent", "calendars", "1"), "no record with the id '1'"),
        (lambda: get(empty.world, "xurrent", "calendars", "x"), "no record with the id 'x'"),
        (lambda: remove(empty.world, "xurrent", "tokens", "x"), "no record with the token 'x'"),
    ):
        with pytest.raises(UnknownRecordError) as raised:
            call()
        assert said in str(raised.value)


def test_a_reset_undoes_it(empty: Caller) -> None:
    load(empty.world, "xurrent", {"calendars": [{"name": "x"}], "tokens": [{"token": "t"}]})
    empty.world.reset()
    assert counts(empty.world)["xurrent"]["calendars"] == 0
    assert empty.get("/calendars", token="Bearer t").status_code == 401
