"""What a graph is asked for with, and what it counts."""

from itertools import cycle
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_ordered, expect_that, need

from .helpers import (
    NOBODY,
    SLOTS,
    WORK,
    a_project,
    a_user,
    graph,
    listed,
    moment,
    page,
    school,
    slot,
    total,
    window,
    work_on,
)
from .periods import CYCLES, INTERVALS, filled

FIELDS = {
    SLOTS: ("created_at", "begin_at", "end_at"),
    WORK: ("created_at", "updated_at", "retriable_at"),
}
SENTENCES = {
    SLOTS: "created_at, begin_at, and end_at",
    WORK: "created_at, updated_at, and retriable_at",
}
PAGING = ("X-Page", "X-Per-Page", "X-Total", "Link")


def days(target: Target, path: str, field: str) -> dict[str, int]:
    """Return the days of a graph that is not empty."""
    counts = graph(target, path, f"on/{field}/by/day")
    need(counts, f"records in {path}")
    return counts


@behaviour("intra42.graph.routes")
def test_every_form_counts_every_record(intra42: Target) -> None:
    need(total(intra42, SLOTS) + total(intra42, WORK), "a record")
    for path, fields in FIELDS.items():
        whole = total(intra42, path)
        for form in ("", f"on/{fields[1]}", f"on/{fields[1]}/by/week"):
            seen = sum(graph(intra42, path, form).values())
            expect(f"the sum of {path}/graph/{form}", whole, seen)


@behaviour("intra42.graph.routes")
def test_nested_graphs_count_what_is_nested(intra42: Target) -> None:
    nests = (f"/v2/users/{a_user(intra42)['id']}", f"/v2/projects/{a_project(intra42)['id']}")
    for path, fields in FIELDS.items():
        whole = total(intra42, path)
        for nest in nests:
            nested = nest + path.removeprefix("/v2")
            expected = total(intra42, nested)
            need(0 < expected < whole, f"some of {path} in {nested}")
            intervals = [f"on/{fields[0]}/by/{interval}" for interval in INTERVALS]
            for form in ("", f"on/{fields[1]}", *intervals):
                seen = sum(graph(intra42, nested, form).values())
                expect(f"the sum of {nested}/graph/{form}", expected, seen)


@behaviour("intra42.graph.example.slots", needs=("data",))
def test_the_documented_example_of_slots(intra42: Target) -> None:
    slots = {"begin_on": {"2017-11-20": 123, "2017-11-24": 1266}}
    with school(intra42, at="2017-11-22T14:00:00Z", slots=slots) as own:
        seen = page(own, f"{SLOTS}/graph/on/begin_at/by/day").text
        counts = (("20", 123), ("21", 0), ("22", 0), ("23", 0), ("24", 1266))
        expected = ",".join(f'"2017-11-{day}":{number}' for day, number in counts)
        expect("the body", f"{{{expected}}}", seen)


@behaviour("intra42.graph.example.slots")
def test_slots_by_day(intra42: Target) -> None:
    counts = days(intra42, SLOTS, "begin_at")
    by_time = {"per_page": 1, "sort": "begin_at"}
    first = listed(intra42, SLOTS, by_time)[0]["begin_at"][:10]
    last = listed(intra42, SLOTS, {**by_time, "sort": "-begin_at"})[0]["begin_at"][:10]
    expect("the first day", first, next(iter(counts)))
    expect_that("the last slot's day", counts.get(last), "one with slots", counts.get(last))


@behaviour("intra42.graph.example.projects_users", needs=("data",))
def test_the_documented_example_of_projects_users(intra42: Target) -> None:
    work = {"created_on": {"2017-11-22": 68}}
    with school(intra42, at="2017-11-22T14:00:00Z", work=work) as own:
        answer = page(own, f"{WORK}/graph/on/created_at/by/day")
        expect("the body", '{"2017-11-22":68}', answer.text)


@behaviour("intra42.graph.example.projects_users")
def test_projects_users_by_day(intra42: Target) -> None:
    counts = days(intra42, WORK, "created_at")
    _, records = window(intra42, WORK, 1)
    for record in records:
        day = record["created_at"][:10]
        expect_that(f"the count of {day}", counts.get(day), "one or more", counts.get(day))


@behaviour("intra42.graph.body")
def test_a_graph_is_flat_and_ascending(intra42: Target) -> None:
    for path, field in ((SLOTS, "begin_at"), (WORK, "created_at")):
        days(intra42, path, field)
        for interval in INTERVALS:
            counts = graph(intra42, path, f"on/{field}/by/{interval}")
            expect("the kind of the body", dict, type(counts))
            for number in counts.values():
                expect_that("a count", type(number) is int and number >= 0, "a number", number)
            keys = [int(key) if interval in CYCLES else key for key in counts]
            expect_ordered(f"the keys by {interval}", keys, lambda key: key)


@behaviour("intra42.graph.field.default")
def test_created_at_is_the_default(intra42: Target) -> None:
    differ = False
    for path, field in ((SLOTS, "begin_at"), (WORK, "updated_at")):
        expected = days(intra42, path, "created_at")
        differ = differ or expected != days(intra42, path, field)
        seen = graph(intra42, path, "", {"interval": "day"})
        expect("the graph without a field", expected, seen)
    need(differ, "fields that differ")


@behaviour("intra42.graph.interval.default")
def test_month_of_year_is_the_default(intra42: Target) -> None:
    for path, fields in FIELDS.items():
        days(intra42, path, fields[1])
        expected = graph(intra42, path, f"on/{fields[1]}/by/month_of_year")
        expect("the graph without an interval", expected, graph(intra42, path, f"on/{fields[1]}"))


@behaviour("intra42.graph.field.query")
def test_field_and_interval_in_the_query(intra42: Target) -> None:
    differ = False
    for path, fields in FIELDS.items():
        field = fields[1]
        expected = days(intra42, path, field)
        differ = differ or expected != days(intra42, path, "created_at")
        both = {"field": field, "interval": "day"}
        expect("both in the query", expected, graph(intra42, path, "", both))
        on = graph(intra42, path, f"on/{field}", {"interval": "day"})
        expect("the interval in the query", expected, on)
        others = {"field": "created_at", "interval": "year"}
        seen = graph(intra42, path, f"on/{field}/by/day", others)
        expect("others in the query", expected, seen)
    need(differ, "fields that differ")


@behaviour("intra42.graph.field.unknown", invalid=True)
def test_fields_that_cannot_be_graphed(intra42: Target) -> None:
    for path, sentence in SENTENCES.items():
        for field in ("id", "marked_at", "nonsense"):
            message = (
                f"Attribute {field} do not exist or isn't graphable."
                f" Available fields are: {sentence}"
            )
            for form, query in ((f"/on/{field}/by/day", ""), (f"/on/{field}", "")):
                answer = intra42.get(f"{path}/graph{form}{query}").expect_status(422)
                answer.expect_json({"error": "Graph Error", "message": message})
        intra42.get(f"{path}/graph?field=nonsense").expect_status(422)


@behaviour("intra42.graph.interval.unknown", invalid=True)
def test_intervals_that_are_none(intra42: Target) -> None:
    for path in FIELDS:
        for target in (
            f"{path}/graph/on/created_at/by/hour",
            f"{path}/graph/on/created_at/by/Day",
            f"{path}/graph?interval=decade",
        ):
            answer = intra42.get(target).expect_status(422)
            expect("the keys of the body", ["error", "message"], list(answer.json))
            expect("the error", "Graph Error", answer.json["error"])
            message = answer.json["message"]
            lacking = [interval for interval in INTERVALS if interval not in message]
            expect_that("the message", not lacking, "the name of each interval", message)


@behaviour("intra42.graph.empty")
def test_graphs_of_nothing(intra42: Target) -> None:
    nothing = {"filter[id]": NOBODY}
    for path, intervals in ((SLOTS, INTERVALS), (WORK, ("day", "hour_of_day"))):
        need(total(intra42, path, nothing) == 0, "an id that no record has")
        for interval in intervals:
            seen = graph(intra42, path, f"on/created_at/by/{interval}", nothing)
            expected = [(key, 0) for key in CYCLES.get(interval, ())]
            expect(f"nothing by {interval}", expected, list(seen.items()))


@behaviour("intra42.graph.null")
def test_records_without_a_date_are_not_counted(intra42: Target) -> None:
    params, records = window(intra42, WORK)
    dated = [record for record in records if record["retriable_at"] is not None]
    need(0 < len(dated) < len(records), "projects users with and without a retriable_at")
    some = {"range[id]": params["range[id]"]}
    for interval in ("day", "month", "hour_of_day", "day_of_week"):
        seen = sum(graph(intra42, WORK, f"on/retriable_at/by/{interval}", some).values())
        expect(f"the sum by {interval}", len(dated), seen)


@behaviour("intra42.graph.null", needs=("data",))
def test_null_is_no_period(intra42: Target) -> None:
    work = [work_on(1), work_on(2, retriable_at="2026-05-02T08:00:00Z")]
    with school(intra42, work=work, at="2026-05-03T08:00:00Z") as own:
        expected = dict.fromkeys(map(str, range(1, 13)), 0) | {"5": 1}
        expect("the graph", expected, graph(own, WORK, "on/retriable_at"))


@behaviour("intra42.graph.filtered")
def test_a_graph_of_slots_sums_up_to_its_list(intra42: Target) -> None:
    _, records = window(intra42, SLOTS)
    lo, hi = records[1]["id"], records[-2]["id"]
    begin, end = sorted((records[0]["begin_at"], records[-1]["begin_at"]))
    forms = cycle(
        [f"on/{field}/by/{interval}" for interval in INTERVALS for field in FIELDS[SLOTS]]
    )
    counts = []
    for params in (
        {"filter[id]": f"{lo},{hi}"},
        {"range[id]": f"{lo},{hi}"},
        {"range[begin_at]": f"{begin},{end}"},
        {"range[created_at]": f",{begin}"},
        {"range[end_at]": f"{begin},{end}", "range[id]": f"{lo},"},
        {"filter[future]": "true"},
        {"filter[future]": "false"},
        {"filter[end]": "false"},
    ):
        for form in (next(forms), next(forms), next(forms)):
            # Those without an end are in no graph on it.
            ended = {"filter[end]": "true"} if "end_at" in form else {}
            counts.append(expect_sum(intra42, SLOTS, form, {**params, **ended}))
    need(len(set(counts)) > 3, "filters that keep different numbers of slots")


@behaviour("intra42.graph.filtered", needs=("data",))
def test_a_sum_lacks_the_slots_without_the_date(intra42: Target) -> None:
    slots = [slot(1, "2026-05-05T08:00:00Z"), slot(2, "2026-05-05T08:00:00Z", end_at=None)]
    with school(intra42, slots=slots, at="2026-05-06T08:00:00Z") as own:
        for params, count, ended in (
            ({}, 2, 1),
            ({"filter[end]": "false"}, 1, 0),
            ({"filter[end]": "true"}, 1, 1),
            ({"range[end_at]": "2026-05-05,"}, 1, 1),
        ):
            expect(f"the slots with {params}", count, total(own, SLOTS, params))
            for form, expected in (("on/begin_at/by/day", count), ("on/end_at/by/day", ended)):
                seen = sum(graph(own, SLOTS, form, params).values())
                expect(f"the sum of {form} with {params}", expected, seen)


@behaviour("intra42.graph.filtered")
def test_a_graph_of_projects_users_sums_up_to_its_list(intra42: Target) -> None:
    _, records = window(intra42, WORK)
    record = records[0]
    fields = FIELDS[WORK][:2]
    forms = cycle([f"on/{field}/by/{interval}" for interval in INTERVALS for field in fields])
    counts = []
    for params in (
        {"filter[status]": record["status"]},
        {"filter[project_id]": record["project"]["id"]},
        {"filter[user_id]": record["user"]["id"], "filter[occurrence]": "0"},
        {"filter[marked]": "true"},
        {"range[final_mark]": "0,99"},
        {"filter[campus]": "1,2"},
        {"filter[cursus]": "9"},
        {"user_id": record["user"]["login"]},
    ):
        for form in (next(forms), next(forms)):
            counts.append(expect_sum(intra42, WORK, form, params))
    need(len(set(counts)) > 3, "filters that keep different numbers of projects users")


def expect_sum(target: Target, path: str, form: str, params: dict[str, Any]) -> int:
    """Assert that a graph sums up to the total of the list with the same filters; return it."""
    expected = total(target, path, params)
    seen = sum(graph(target, path, form, params).values())
    expect(f"the sum of {form} of {path} with {params}", expected, seen)
    return expected


@behaviour("intra42.graph.sort")
def test_sort_changes_nothing(intra42: Target) -> None:
    plain = list(days(intra42, SLOTS, "begin_at").items())
    for sort in ("-begin_at", "id", "user_id,-created_at", "scale_team_id", "-end_at"):
        seen = graph(intra42, SLOTS, "on/begin_at/by/day", {"sort": sort})
        expect(f"the graph with sort={sort}", plain, list(seen.items()))


@behaviour("intra42.graph.sort", invalid=True)
def test_sort_is_checked(intra42: Target) -> None:
    answer = intra42.get(f"{SLOTS}/graph/on/begin_at/by/day", params={"sort": "-score"})
    message = "The score field is not sortable"
    answer.expect_status(400).expect_json({"error": "Sort Error", "message": message})


@behaviour("intra42.graph.not_paginated")
def test_a_graph_has_no_pages(intra42: Target) -> None:
    for path in FIELDS:
        counts = days(intra42, path, "created_at")
        answer = page(intra42, f"{path}/graph/on/created_at/by/day", {"page": 2, "per_page": 1})
        expect("the graph", counts, answer.json)
        for name in PAGING:
            answer.expect_header(name, None)


@behaviour("intra42.graph.not_paginated", needs=("data",))
def test_a_long_graph_is_whole(intra42: Target) -> None:
    slots = [slot(1, "2020-01-01T10:00:00Z"), slot(2, "2026-01-01T10:00:00Z")]
    with school(intra42, slots=slots, at="2026-01-01T12:00:00Z") as own:
        first, last = (moment(record["begin_at"]).date() for record in slots)
        seen = list(graph(own, SLOTS, "on/begin_at/by/day"))
        expect("how many days there are", len(filled("day", first, last)), len(seen))
