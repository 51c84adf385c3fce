"""The section of a dataset."""

import json
import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from fake_server.apis.fabmanager import api
from fake_server.apis.fabmanager.resources.availabilities import availability_tables
from fake_server.errors import DatasetError
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import parse
from fake_server.world.instants import instant_of
from tests.fabmanager.conftest import DOCUMENTED_TOKEN, LIST, Lab
from tests.support.client import CheckedClient

TIMES = "start_at: 2026-11-02T09:00:00Z, end_at: 2026-11-02T12:00:00Z"


@pytest.mark.parametrize(
    ("section", "mistake"),
    [
        (
            "time_zone: Atlantis",
            ":4: fabmanager.time_zone: Atlantis is not a time zone; give a Rails name such as"
            " Paris, or an IANA name such as Europe/Paris",
        ),
        (
            "time_zone: Europe/Pariss",
            ":4: fabmanager.time_zone: Europe/Pariss is not a time zone; meant Europe/Paris?",
        ),
        ("colour: red", "fabmanager"),
        (
            "availabilities: {records: [{id: 1, start_at: 1950-01-01, end_at: 2026-01-01,"
            " available_type: Machine, slot_minutes: 1}]}",
            ":4: fabmanager.availabilities.records.0.slot_minutes: would cut it into more than"
            " 10000 slots",
        ),
        (
            "availabilities: {records: [{id: 1, start_at: '2026-02-31', end_at: '2026-03-01',"
            " available_type: Event}]}",
            ":4: fabmanager.availabilities.records.0.start_at: '2026-02-31' is not a time that"
            " exists, from 1900 to 2999",
        ),
        (
            "availabilities: {records: [{id: 1, start_at: '0001-01-01T00:00+01:00',"
            " end_at: '2026-03-01', available_type: Event}]}",
            "'0001-01-01T00:00+01:00' is not a time that exists, from 1900 to 2999",
        ),
        ("availabilities: {count: -1}", "fabmanager.availabilities.count"),
        ("availabilities: {records: [{id: 1}]}", "fabmanager.availabilities.records.0"),
        (
            f"availabilities: {{records: [{{id: 1, {TIMES}, available_type: machine}}]}}",
            ":4: fabmanager.availabilities.records.0.available_type: 'machine' is not of the form"
            " expected (expected: Event, Machine, Space or Training; null, or another name that"
            " begins with a capital letter and has letters and digits only, stands for a damaged"
            " record, which only the live profile shows.)",
        ),
        (
            f"availabilities: {{records: [{{id: 1, {TIMES}, available_type: Event,"
            " available_ids: [1, 2]}]}",
            ":4: fabmanager.availabilities.records.0.available_ids: [1, 2] is too long"
            " (expected: The number of the one event, or none where the event is missing.)",
        ),
        (
            f"availabilities: {{records: [{{id: 1, {TIMES}, available_type: Space}},"
            f" {{id: 1, {TIMES}, available_type: Event}}]}}",
            ":4: fabmanager.availabilities.records.1.id: an earlier record has the id 1 too",
        ),
        (
            "availabilities: {records: [{id: 1, start_at: 2026-11-02T09:00:00Z,"
            " end_at: 2026-11-02T09:00:00Z, available_type: Space}]}",
            ":4: fabmanager.availabilities.records.0.end_at: is not after start_at",
        ),
        (
            f"availabilities: {{records: [{{id: 1, {TIMES}, available_type: Space,"
            f" slots: [{{id: 3, {TIMES}}}, {{id: 3, {TIMES}}}]}}]}}",
            ":4: fabmanager.availabilities.records.0.slots.1.id: an earlier record has the id 3",
        ),
        (
            f"availabilities: {{records: [{{id: 1, {TIMES}, available_type: Space, slots:"
            " [{id: 3, start_at: 2026-11-02T10:00:00Z, end_at: 2026-11-02T09:00:00Z}]}]}",
            ":4: fabmanager.availabilities.records.0.slots.0.end_at: is not after start_at",
        ),
    ],
)
def test_mistakes(lab_of: Callable[..., Lab], section: str, mistake: str) -> None:
    with pytest.raises(DatasetError) as caught:
        lab_of(section)
    assert mistake in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_token_that_stands_twice() -> None:
    text = "fabmanager:\n  credentials:\n    tokens:\n      - a\n      - b\n      - a\n"
    with pytest.raises(DatasetError) as caught:
        check(parse(text, name="test"))
    assert str(caught.value) == "test:6: fabmanager.credentials.tokens.2: 'a' stands here twice"


def test_ids_never_collide(lab_of: Callable[..., Lab]) -> None:
    slots = f"slots: [{{id: 9, {TIMES}}}, {{id: 40, {TIMES}}}]"
    lab = lab_of(
        "availabilities:\n"
        "  count: 30\n"
        "  records:\n"
        f"    - {{id: 3, {TIMES}, available_type: Machine, {slots}}}\n"
        f"    - {{id: 5, {TIMES}, available_type: Space}}"
    )
    availabilities = lab.page("per_page=100")
    assert sorted(availability["id"] for availability in availabilities) == list(range(1, 33))
    slot_ids = [slot["id"] for availability in availabilities for slot in availability["slots"]]
    assert len(slot_ids) == len(set(slot_ids))
    assert {9, 40} <= set(slot_ids)


def test_invented_records_do_not_depend_on_each_other(lab_of: Callable[..., Lab]) -> None:
    few = {
        availability["id"]: availability
        for availability in lab_of("availabilities: {count: 5}").page("per_page=100")
    }
    many = {
        availability["id"]: availability
        for availability in lab_of("availabilities: {count: 50}").page("per_page=100")
    }
    assert len(many) == 50
    assert {number: many[number] for number in few} == few


def test_a_lab_without_reservables_has_events_only(lab_of: Callable[..., Lab]) -> None:
    nothing = "machines: {count: 0}\nspaces: {count: 0}\ntrainings: {count: 0}\nusers: {count: 0}\n"
    empty_lab = lab_of(f"{nothing}availabilities: {{count: 20}}")
    assert {availability["available_type"] for availability in empty_lab.page()} == {"Event"}
    assert empty_lab.ids("user_id=1") == []


def rows(client: CheckedClient, table: Any) -> Iterator[Any]:
    yield from client.world.store("fabmanager").rows(select(table))


def test_demo_is_a_believable_lab(client_for: Callable[..., CheckedClient]) -> None:
    client = client_for(dataset="demo", auth="any")
    section = client.world.section("fabmanager")
    kept = list(rows(client, availability_tables.availabilities))
    assert len(kept) == section["availabilities"]["count"]
    assert {row.available_type for row in kept} == {"Event", "Machine", "Space", "Training"}
    start = instant_of(client.world.start)
    months = (max(row.start_at for row in kept) - min(row.start_at for row in kept)) / 86_400_000
    assert months > 180
    assert sum(row.start_at > start for row in kept) > 50
    booked = {row.user_id for row in rows(client, availability_tables.bookings)}
    assert len(booked) > 50
    assert max(booked) <= section["users"]["count"]
    slots = {row.id: {slot for slot, _, _ in json.loads(row.slots)} for row in kept}
    for row in rows(client, availability_tables.bookings):
        assert row.slot_id in slots[row.availability_id]


def _offers(lab: Lab) -> dict[tuple[str, int], list[tuple[int, int]]]:
    store = lab.world.store("fabmanager")
    rows = {row.id: row for row in store.rows(select(availability_tables.availabilities))}
    offers: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for offer in store.rows(select(availability_tables.reservables)):
        row = rows[offer.availability_id]
        offers.setdefault((row.available_type, offer.reservable_id), []).append(
            (row.start_at, row.end_at)
        )
    return offers


def _overlaps(offers: dict[tuple[str, int], list[tuple[int, int]]]) -> int:
    return sum(
        earlier[1] > later[0]
        for times in offers.values()
        for earlier, later in pairwise(sorted(times))
    )


@pytest.mark.parametrize("now", ["2026-11-21", "2026-11-22", "2027-03-31"])
def test_demo_offers_nothing_twice_at_a_time(
    client_for: Callable[..., CheckedClient], now: str
) -> None:
    start = datetime.fromisoformat(now).replace(tzinfo=UTC)
    lab = Lab(client_for(dataset="demo", now=start), DOCUMENTED_TOKEN)
    rows = lab.world.store("fabmanager").rows(select(availability_tables.availabilities))
    days = [datetime.fromtimestamp(row.start_at / 1000, ZoneInfo("Europe/Paris")) for row in rows]
    assert len(rows) == 420
    assert _overlaps(_offers(lab)) == 0
    assert {day.weekday() for day in days} == {*range(6)}
    assert -152 < (min(days) - start).days < -140
    assert 50 < (max(days) - start).days < 62
    assert len({day.date() for day in days}) > 100


@pytest.mark.parametrize(
    "section",
    [
        "availabilities: {count: 4000}",
        "machines: {count: 1}\nspaces: {count: 1}\ntrainings: {count: 1}\n"
        "availabilities: {count: 3000}",
        "machines: {count: 2}\ntrainings: {count: 0}\navailabilities: {count: 2000}",
        "machines: {count: 0}\nspaces: {count: 0}\navailabilities: {count: 1500}",
    ],
)
def test_a_full_lab_offers_nothing_twice_at_a_time(
    lab_of: Callable[..., Lab], section: str
) -> None:
    offers = _offers(lab_of(section))
    assert sum(map(len, offers.values())) >= 1500
    assert _overlaps(offers) == 0


def test_empty_has_no_records_but_credentials(client_for: Callable[..., CheckedClient]) -> None:
    client = client_for(dataset="empty")
    section = client.world.section("fabmanager")
    lab = Lab(client, section["credentials"]["tokens"][0])
    assert lab.ids() == []
    assert len(section["credentials"]["tokens"][0]) == 24


def test_a_missing_section_knows_nobody(
    client_for: Callable[..., CheckedClient], tmp_path: Any
) -> None:
    file = tmp_path / "none.yaml"
    file.write_text("description: nothing\n")
    client = client_for(dataset=str(file))
    assert client.get(LIST, headers={"Authorization": "Token x"}).status_code == 401


@pytest.mark.parametrize("dataset", ["documented", "demo", "empty"])
def test_the_banner_command_works(client_for: Callable[..., CheckedClient], dataset: str) -> None:
    client = client_for(dataset=dataset)
    command = client.get("/").json["apis"]["fabmanager"]["curl"]
    token = api.credentials.shown(client.world)["tokens"][0]
    curl, option, header, url = shlex.split(command)
    assert (curl, option, header) == ("curl", "-H", f"Authorization: Token token={token}")
    headers = {"Authorization": f"Token token={token}", "Accept": "*/*"}
    assert client.get(url.removeprefix("http://localhost"), headers=headers).status_code == 200
