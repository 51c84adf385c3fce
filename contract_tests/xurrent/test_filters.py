"""Filters of the list of calendars."""

from datetime import UTC, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    CALENDARS,
    Record,
    account,
    calendar,
    calendars,
    first,
    ids,
    listed,
    moment,
    page,
    some,
    sort_key,
)

NAME = "name"
STAMPS = ("created_at", "updated_at")


def middle(records: list[Record], field: str) -> Record:
    """Return the record in the middle of the order by a field."""
    return sorted(records, key=sort_key(field))[len(records) // 2]


def expect_kept(target: Target, field: str, value: str, expected: list[Record]) -> None:
    """Assert what `field=value` keeps of the calendars looked at, and the total that it counts.

    `field` may end in `!`; where the list is narrowed by id, a filter by id is read out of it.
    """
    params = dict(some(target)[0])
    narrowed = "id" in params
    if field.rstrip("!") in {"id", "ids"}:
        params.pop("id", None)
    answer = page(target, params={**params, field: value})
    seen = target.records(answer)
    if narrowed:
        known = {record["id"] for record in calendars(target)}
        seen = [record for record in seen if record["id"] in known]
    else:
        expect(f"the total of {field}={value}", len(expected), target.total(answer))
    expect(f"the calendars of {field}={value}", ids(expected), ids(seen))


def plain_name(record: Record) -> bool:
    """Return whether a name can be asked for: it has none of the characters with a meaning."""
    return not set(record[NAME]) & set(",!<>=")


@behaviour("xurrent.filters.fields")
def test_every_field_filters(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(len(records) > 2, "three calendars")
    for field in ("id", "sourceID", "name", *STAMPS):
        chosen = middle([record for record in records if plain_name(record)], field)
        if chosen[field] is None or (field == "sourceID" and "," in chosen[field]):
            continue
        expected = [record for record in records if record[field] == chosen[field]]
        expect_kept(xurrent, field, str(chosen[field]), expected)
    for word, value in (("true", True), ("false", False)):
        kept = [record for record in records if record["disabled"] is value]
        expect_kept(xurrent, "disabled", word, kept)
    expect_kept(xurrent, "name", f"{xurrent.name('nobody')}", [])


@behaviour("xurrent.filters.fields")
def test_conditions_are_joined_by_and(xurrent: Target) -> None:
    records = [record for record in calendars(xurrent) if plain_name(record)]
    need(len(records) > 1, "two calendars")
    first_record, last_record = records[0], records[-1]
    for compared, expected in ((first_record, [first_record["id"]]), (last_record, [])):
        for field in ("name", "id"):
            both = {"id": first_record["id"], "name": first_record["name"], field: compared[field]}
            expect(f"the calendars of {both}", expected, ids(listed(xurrent, params=both)))
    for field in STAMPS:
        for sign, expected in (
            ("<", []),
            (">=", [first_record["id"]]),
            (">", []),
            ("<=", [first_record["id"]]),
        ):
            both = {"name": first_record["name"], field: f"{sign}{first_record[field]}"}
            expect(f"the calendars of {both}", expected, ids(listed(xurrent, params=both)))
    for other, expected in ((first_record, [first_record["id"]]), (last_record, [])):
        text = f"!{last_record['id']}" if other is first_record else f"!{first_record['id']}"
        both = {"name": first_record["name"], "id": text}
        expect(f"the calendars of {both}", expected, ids(listed(xurrent, params=both)))
    state = {"id": first_record["id"], "disabled": str(not first_record["disabled"]).lower()}
    expect("the calendars of a wrong state", [], ids(listed(xurrent, params=state)))


@behaviour("xurrent.filters.fields", needs=("writes",))
def test_a_source_id_filters(xurrent: Target) -> None:
    source_id = xurrent.name("source")
    with calendar(xurrent, sourceID=source_id) as record, calendar(xurrent):
        records = listed(xurrent, params={"sourceID": source_id})
        expect("those of that sourceID", [record["id"]], ids(records))
        for field in STAMPS:
            records = listed(xurrent, params={"sourceID": source_id, field: record[field]})
            expect(f"those of that {field}", [record["id"]], ids(records))


@behaviour("xurrent.filters.case")
def test_filters_take_no_notice_of_case(xurrent: Target) -> None:
    records = [record for record in calendars(xurrent) if plain_name(record)]
    record = first(records, "a calendar")
    for text in (record["name"].upper(), record["name"].lower(), record["name"].swapcase()):
        expect(
            "the calendars of that name", [record["id"]], ids(listed(xurrent, params={NAME: text}))
        )


@behaviour("xurrent.filters.case", needs=("writes",))
def test_filters_take_no_notice_of_case_in_any_script(xurrent: Target) -> None:
    for text in ("Équipe Zürich", "Ομάδα Αθήνα", "Команда Київ", "Straße ЖЁ"):
        name = f"{text} {xurrent.name('calendar')}"
        with calendar(xurrent, name=name, sourceID=name) as record:
            for field in ("name", "sourceID"):
                for spelling in (name, name.upper(), name.swapcase()):
                    records = listed(xurrent, params={field: spelling})
                    expect(f"those whose {field} is {spelling}", [record["id"]], ids(records))


@behaviour("xurrent.filters.negation")
def test_negations_keep_the_rest(xurrent: Target) -> None:
    records = calendars(xurrent)
    chosen = first([record for record in records if plain_name(record)], "a calendar")
    need(len(records) > 1, "two calendars")
    for field in ("id", "name", "created_at", "disabled"):
        value = str(chosen[field]).lower() if field == "disabled" else str(chosen[field])
        rest = [record for record in records if record[field] != chosen[field]]
        expect_kept(xurrent, field, f"!{value}", rest)
        expect_kept(xurrent, f"{field}!", value, rest)


@behaviour("xurrent.filters.negation", needs=("writes",))
def test_negations_keep_records_without_a_value(xurrent: Target) -> None:
    with (
        calendar(xurrent, sourceID="a-1") as first_record,
        calendar(xurrent, sourceID="b-2") as two,
        calendar(xurrent) as three,
    ):
        these = {"ids": ",".join(str(record["id"]) for record in (first_record, two, three))}
        for name, value in (("sourceID", "!A-1"), ("sourceID!", "a-1")):
            records = listed(xurrent, params={**these, name: value})
            expect("those that differ", [two["id"], three["id"]], ids(records))


@behaviour("xurrent.filters.empty")
def test_nothing_parts_the_list(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(records, "a calendar")
    for field in ("sourceID", "name", "created_at"):
        without = [record for record in records if record[field] in {None, ""}]
        having = [record for record in records if record[field] not in {None, ""}]
        expect_kept(xurrent, field, "", without)
        expect_kept(xurrent, field, "!", having)
        expect_kept(xurrent, f"{field}!", "", having)


@behaviour("xurrent.filters.empty", needs=("writes",))
def test_those_without_a_source_id(xurrent: Target) -> None:
    with calendar(xurrent, sourceID="a-1") as first_record, calendar(xurrent) as second_record:
        these = {"ids": f"{first_record['id']},{second_record['id']}"}
        for name, value, expected in (
            ("sourceID", "", second_record),
            ("sourceID", "!", first_record),
            ("sourceID!", "", first_record),
        ):
            records = listed(xurrent, params={**these, name: value})
            expect(f"those of {name}={value}", [expected["id"]], ids(records))


@behaviour("xurrent.filters.sets")
def test_sets_of_ids(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(len(records) > 2, "three calendars")
    chosen, rest = [records[0], records[2]], [records[1], *records[3:]]
    text = ",".join(str(record["id"]) for record in chosen)
    expect_kept(xurrent, "id", text, chosen)
    expect_kept(xurrent, "ids", text, chosen)
    expect_kept(xurrent, "id", f"!{text}", rest)
    expect_kept(xurrent, "id!", text, rest)
    expect_kept(xurrent, "id", f"{text},{text}", chosen)


@behaviour("xurrent.filters.sets")
def test_a_thousand_ids(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(records, "a calendar")
    last = records[-1]
    start = last["id"] + 1
    many = ",".join(str(number) for number in [*range(start, start + 999), last["id"]])
    seen = ids(listed(xurrent, params={"id": many, "per_page": 100, "sort": "id"}))
    expect_that("those of 1000 ids", last["id"] in seen, last["id"], seen)
    expect_that(
        "those of 1000 ids", records[0]["id"] not in seen or last is records[0], "no more", seen
    )


@behaviour("xurrent.filters.comparison")
def test_comparisons(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(len(records) > 2, "three calendars")
    for field in ("id", "created_at"):
        key = sort_key(field)
        chosen = middle(records, field)
        bound = key(chosen)
        for operator, kept in (
            ("<", [record for record in records if key(record) < bound]),
            ("<=", [record for record in records if key(record) <= bound]),
            (">", [record for record in records if key(record) > bound]),
            (">=", [record for record in records if key(record) >= bound]),
        ):
            expect_kept(xurrent, field, f"{operator}{chosen[field]}", kept)


@behaviour("xurrent.filters.comparison")
def test_an_offset_is_honoured(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(len(records) > 1, "two calendars")
    chosen = middle(records, "created_at")
    instant = moment(chosen["created_at"])
    kept = [record for record in records if moment(record["created_at"]) >= instant]
    for text in (f"{instant + timedelta(hours=9):%Y-%m-%dT%H:%M:%S}",):
        shift = (instant.utcoffset() or timedelta()) + timedelta(hours=9)
        sign, minutes = ("-" if shift < timedelta() else "+"), abs(shift) // timedelta(minutes=1)
        offset = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
        if minutes < 14 * 60:
            expect_kept(xurrent, "created_at", f">={text}{offset}", kept)


@behaviour("xurrent.filters.range")
def test_ranges(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(len(records) > 2, "three calendars")
    for field in ("id", *STAMPS):
        key = sort_key(field)
        ordered = sorted(records, key=key)
        low, high = ordered[len(ordered) // 4], ordered[-(len(ordered) // 4) - 1]
        within = [record for record in records if key(low) < key(record) < key(high)]
        ends = [record for record in records if key(low) <= key(record) <= key(high)]
        expect_kept(xurrent, field, f">{low[field]}<{high[field]}", within)
        expect_kept(xurrent, field, f">={low[field]}<={high[field]}", ends)


@behaviour("xurrent.filters.no_offset")
def test_times_without_an_offset_are_the_accounts(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(len(records) > 1, "two calendars")
    chosen = middle(records, "created_at")
    bound, day = chosen["created_at"][:19], chosen["created_at"][:10]
    key = sort_key("created_at")
    kept = [record for record in records if key(record) >= key(chosen)]
    expect_kept(xurrent, "created_at", f">={bound}", kept)
    kept = [record for record in records if record["created_at"][:10] >= day]
    expect_kept(xurrent, "created_at", f">={day}", kept)


@behaviour("xurrent.filters.no_offset", needs=("data",))
def test_a_day_begins_at_the_accounts_midnight(xurrent: Target) -> None:
    records: list[dict[str, Any]] = [
        {"id": 1, "name": "A", "created_at": "2021-07-15T05:59:59Z"},
        {"id": 2, "name": "B", "created_at": "2021-07-15T06:00:00Z"},
        {"id": 3, "name": "C", "created_at": "2021-01-15T07:00:00Z"},
    ]
    with account(xurrent, *records, time_zone="America/Denver") as own:
        for text, expected in (
            ("2021-07-15", [2]),
            ("2021-07-15T00:00", [2]),
            ("2021-01-15T00:00:00", [3]),
            ("2021-07-14T23:59:59", [1]),
            (">=2021-07-15", [2]),
            ("<2021-07-15", [1, 3]),
        ):
            seen = ids(listed(own, params={"created_at": text}))
            expect(f"those of created_at={text}", expected, seen)


@behaviour("xurrent.filters.body")
def test_filters_may_stand_in_the_body(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(len(records) > 1, "two calendars")
    first_record, last_record = records[0], records[-1]
    headers = {"Content-Type": "application/json"}
    body = f'{{"id": "{first_record["id"]}"}}'.encode()
    seen = xurrent.get(CALENDARS, body=body, headers=headers).expect_status(200)
    expect("the calendars of the body", [first_record["id"]], ids(xurrent.records(seen)))
    path = f"{CALENDARS}?id={quote(str(last_record['id']))}"
    seen = xurrent.get(path, body=body, headers=headers).expect_status(200)
    expect("the calendars of the query", [last_record["id"]], ids(xurrent.records(seen)))


@behaviour("xurrent.filters.plus")
def test_a_plus_of_an_offset_may_be_sent_as_it_is(xurrent: Target) -> None:
    params, calendars = some(xurrent)
    east = moment(middle(calendars, "created_at")["created_at"]).astimezone(UTC) + timedelta(
        hours=2
    )
    text = f"{east:%Y-%m-%dT%H:%M:%S}"
    bound = moment(f"{text}+02:00")
    kept = [record for record in calendars if moment(record["created_at"]) >= bound]
    wall = [
        record for record in calendars if moment(record["created_at"]) >= moment(f"{text}+00:00")
    ]
    need(len(wall) < len(kept) < len(calendars), "calendars of some hours")
    for plus in ("%2B", "+", "%20"):
        path = f"{CALENDARS}?{urlencode(params)}&created_at=%3E={text}{plus}02:00"
        seen = [record for record in raw_records(xurrent, path) if record["id"] in ids(calendars)]
        expect(f"those of {path}", ids(kept), ids(seen))


@behaviour("xurrent.filters.plus", needs=("data",))
def test_a_plus_may_be_sent_as_it_is(xurrent: Target) -> None:
    records: list[dict[str, Any]] = [
        {"id": 1, "name": "A", "created_at": "2021-07-15T03:30:00Z"},
        {"id": 2, "name": "B", "created_at": "2021-07-15T04:30:00Z"},
        {"id": 3, "name": "C", "created_at": "2021-07-15T06:30:00Z"},
    ]
    with account(xurrent, *records) as own:
        for offset, expected in (("02:00", [2, 3]), ("0300", [1, 2, 3]), ("00:00", [3])):
            for plus in ("%2B", "+", "%20"):
                path = f"{CALENDARS}?created_at=%3E=2021-07-15T06:00:00{plus}{offset}"
                expect(f"those of {path}", expected, ids(raw_records(own, path)))


def raw_records(target: Target, path: str) -> list[Record]:
    """Return the records of a list whose query is sent as it stands in a path."""
    return target.records(target.get(path).expect_status(200))
