"""Defects of the 42 intra API."""

import re
from typing import Any

from tests.verify.defects.proxy import Defect, Exchange, Rewrite, answer, request
from tests.verify.defects.rewrites import (
    accepts,
    drop_header,
    each,
    is_list,
    links_with,
    links_without,
    page_number,
    refuse,
    rows,
    set_header,
    with_rows,
)

SLOTS, WORK, LOCATIONS = "/v2/slots", "/v2/projects_users", "/v2/locations"
NESTED = re.compile(r"/v2/(users|projects|campus)/[^/]+(/.*)")


def _defect(name: str, says: str, rewrite: Rewrite, *likely: str) -> Defect:
    return Defect("intra42", name, says, rewrite, likely)


def _nested(exchange: Exchange) -> bool:
    return NESTED.fullmatch(exchange.path) is not None and is_list(exchange)


def _nested_list(exchange: Exchange) -> bool:
    return _nested(exchange) and "/graph" not in exchange.path


def _nested_graph(interval: str) -> Any:
    return lambda exchange: (
        _nested(exchange) and exchange.path.endswith(f"/graph/on/created_at/by/{interval}")
    )


def _plain_list(path: str, *names: str) -> Any:
    return lambda exchange: (
        exchange.path == path and is_list(exchange) and set(names) <= exchange.query.keys()
    )


def _of_all(exchange: Exchange) -> None:
    match = NESTED.fullmatch(exchange.path)
    assert match is not None
    path = exchange.environ["PATH_INFO"].replace(exchange.path, f"/v2{match[2]}")
    exchange.environ["PATH_INFO"] = path
    exchange.environ["REQUEST_URI"] = exchange.environ["RAW_URI"] = path


def _without(*names: str) -> Any:
    return lambda exchange: exchange.with_query(**dict.fromkeys(names))


def _rising_second(exchange: Exchange) -> None:
    first, *others = exchange.query["sort"].split(",")
    exchange.with_query(sort=",".join([first, *(name.removeprefix("-") for name in others)]))


def _falls_never(exchange: Exchange) -> None:
    info = exchange.json
    exchange.with_json({**info, "expires_in_seconds": 7000})


def _made_anew(exchange: Exchange) -> None:
    exchange.memory["asked"] = exchange.memory.get("asked", 0) + 1
    info = exchange.json
    exchange.with_json({**info, "created_at": info["created_at"] + exchange.memory["asked"]})


def _last_period_before(exchange: Exchange) -> None:
    graph = exchange.json
    keys = list(graph)
    if len(keys) > 1:
        last = graph[keys[-1]]
        exchange.with_json({**graph, keys[-1]: 0, keys[-2]: graph[keys[-2]] + last})


def _costs_two(exchange: Exchange) -> None:
    left = int(exchange.headers["X-Hourly-RateLimit-Remaining"])
    exchange.memory["more"] = exchange.memory.get("more", 0) + ("/graph" in exchange.path)
    set_header(exchange, "X-Hourly-RateLimit-Remaining", left - exchange.memory["more"])


def _first_value(name: str) -> Any:
    return lambda exchange: exchange.with_query(**{name: exchange.query[name].split(",")[0]})


def _no_teams(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "teams": []}


def _twice(exchange: Exchange) -> None:
    listed = rows(exchange)
    with_rows(exchange, listed + listed[:1])


DEFECTS = (
    *(
        _defect(
            f"nested-graph-of-all-by-{interval}",
            f"A nested graph by {interval} counts all records.",
            request(_of_all, _nested_graph(interval)),
            "graph.routes",
            f"graph.{interval}",
        )
        for interval in ("week", "day", "quarter", "day_of_week", "hour_of_day")
    ),
    _defect(
        "second-field-rises",
        "A second field to sort by counts as ascending.",
        request(_rising_second, lambda exchange: "," in exchange.query.get("sort", "")),
        "sort.fields",
    ),
    _defect(
        "size-of-last-page",
        "X-Per-Page of the last, partial page is the number of its rows.",
        answer(
            lambda exchange: set_header(exchange, "X-Per-Page", len(rows(exchange))),
            lambda exchange: (
                is_list(exchange) and exchange.path in (SLOTS, WORK) and page_number(exchange) > 1
            ),
        ),
        "pages.headers",
        "pages.beyond",
    ),
    _defect(
        "seconds-left-constant",
        "expires_in_seconds of a token is always the same.",
        answer(_falls_never, lambda exchange: exchange.path.endswith("/token/info")),
        "token.info",
    ),
    _defect(
        "token-made-anew",
        "created_at of a token moves with each look at it.",
        answer(_made_anew, lambda exchange: exchange.path.endswith("/token/info")),
        "token.info",
    ),
    _defect(
        "quality-refused",
        "Accept with a quality is answered with 406.",
        refuse(406, lambda exchange: ";q=" in accepts(exchange)),
        "answer.json",
    ),
    _defect(
        "nested-sort-ignored",
        "Below a record, sort counts for nothing.",
        request(_without("sort"), _nested_list),
        "collections.sort",
        "projects_users.nested",
        "slots.of_*",
        "locations.parents",
    ),
    _defect(
        "nested-range-ignored",
        "Below a record, ranges of ids count for nothing.",
        request(_without("range[id]"), _nested_list),
        "collections.ranges",
        "projects_users.nested",
        "slots.of_*",
    ),
    _defect(
        "nested-filter-ignored",
        "Below a record, filters by id count for nothing.",
        request(_without("filter[id]"), _nested_list),
        "collections.filters",
        "projects_users.nested",
        "slots.of_*",
        "locations.parents",
    ),
    _defect(
        "range-ignored-with-filter",
        "A range counts for nothing beside a filter of another field.",
        request(_without("range[final_mark]"), _plain_list(WORK, "filter[status]")),
        "filter.fields",
        "range.projects_users",
    ),
    _defect(
        "first-status-only",
        "Of several statuses, the first counts.",
        request(
            _first_value("filter[status]"),
            lambda exchange: "," in exchange.query.get("filter[status]", ""),
        ),
        "filter.values",
        "filter.projects_users",
    ),
    _defect(
        "first-mark-only",
        "Of several marks, the first counts.",
        request(
            _first_value("filter[final_mark]"),
            lambda exchange: "," in exchange.query.get("filter[final_mark]", ""),
        ),
        "filter.values",
        "filter.projects_users",
    ),
    _defect(
        "graph-by-week-of-all",
        "A graph by week counts what a range leaves out.",
        request(_without("range[id]"), lambda exchange: exchange.path.endswith("/by/week")),
        "graph.week",
        "graph.filtered",
    ),
    _defect(
        "graph-by-quarter-unfiltered",
        "A graph by quarter counts what a filter leaves out.",
        request(
            lambda exchange: exchange.with_query(
                **{name: None for name in exchange.query if name.startswith("filter")}
            ),
            lambda exchange: exchange.path.endswith("/by/quarter"),
        ),
        "graph.filtered",
        "graph.quarter",
    ),
    _defect(
        "last-month-moved",
        "By month on updated_at, the last month is counted in the one before.",
        answer(
            _last_period_before, lambda exchange: exchange.path.endswith("/on/updated_at/by/month")
        ),
        "graph.month",
    ),
    _defect(
        "last-week-moved-on-end",
        "By week on end_at, the last week is counted in the one before.",
        answer(
            _last_period_before,
            lambda exchange: exchange.path == f"{SLOTS}/graph/on/end_at/by/week",
        ),
        "graph.week",
    ),
    _defect(
        "nested-total-of-all",
        "X-Total below a record is greater by one.",
        answer(
            lambda exchange: set_header(exchange, "X-Total", int(exchange.headers["X-Total"]) + 1),
            _nested_list,
        ),
        "collections.total",
        "projects_users.nested",
        "slots.of_*",
    ),
    _defect(
        "nested-links-of-all",
        "The links of a nested list lead to the list of all.",
        answer(
            lambda exchange: links_with(
                exchange, lambda url: re.sub(r"/v2/\w+/[^/]+/", "/v2/", url)
            ),
            _nested_list,
        ),
        "collections.links",
        "pages.link*",
    ),
    _defect(
        "links-lose-sort",
        "The links of a sorted list lead to one in the default order.",
        answer(lambda exchange: links_without(exchange, "sort"), _plain_list(WORK, "sort")),
        "pages.link*",
        "filter.fields",
    ),
    _defect(
        "head-of-the-first-page",
        "HEAD of a later page has the headers of the first.",
        request(
            _without("page"),
            lambda exchange: exchange.is_head and page_number(exchange) > 1,
        ),
        "request.head",
    ),
    _defect(
        "head-without-limits",
        "HEAD has no application's id.",
        answer(
            lambda exchange: drop_header(exchange, "X-Application-Id"),
            lambda exchange: exchange.is_head,
        ),
        "request.head",
        "collections.head",
    ),
    _defect(
        "open-under-campus-ended",
        "end_at of an open location is its begin_at below a campus.",
        answer(
            each(lambda row: {**row, "end_at": row["end_at"] or row["begin_at"]}),
            lambda exchange: (
                exchange.path.startswith("/v2/campus/") and exchange.path.endswith("/locations")
            ),
        ),
        "locations.parents",
        "locations.open",
    ),
    _defect(
        "active-ignored-under-campus",
        "filter[active] counts for nothing below a campus.",
        request(
            _without("filter[active]"),
            lambda exchange: (
                exchange.path.startswith("/v2/campus/") and exchange.path.endswith("/locations")
            ),
        ),
        "locations.active",
        "locations.parents",
    ),
    _defect(
        "campus-never-falls",
        "Campus by -name come by name.",
        request(
            lambda exchange: exchange.with_query(sort="name"), _plain_list("/v2/campus", "sort")
        ),
        "campus.fields",
        "collections.sort",
    ),
    _defect(
        "ties-turn-on-later-pages",
        "Equals stand the other way round on later pages.",
        answer(
            lambda exchange: with_rows(
                exchange, sorted(rows(exchange), key=lambda row: (-row["occurrence"], -row["id"]))
            ),
            lambda exchange: (
                _plain_list(WORK)(exchange)
                and exchange.query.get("sort") == "-occurrence"
                and page_number(exchange) > 1
            ),
        ),
        "sort.stable",
    ),
    _defect(
        "user-beats-project",
        "project_id counts for nothing beside user_id.",
        request(_without("project_id"), _plain_list(WORK, "user_id", "project_id")),
        "lists.user_id",
    ),
    _defect(
        "suffix-loses-the-size",
        "With the suffix .json, per_page counts for nothing below a record.",
        request(
            _without("per_page"),
            lambda exchange: _nested(exchange) and exchange.path.endswith(".json"),
        ),
        "request.paths",
    ),
    _defect(
        "graph-costs-two",
        "A graph costs two requests of the hour.",
        answer(_costs_two, lambda exchange: exchange.path.startswith("/v2/")),
        "limits.headers",
    ),
    _defect(
        "lowest-id-left-out-backwards",
        "A range of ids leaves out its first where it is sorted by -id.",
        answer(
            lambda exchange: with_rows(
                exchange,
                [
                    row
                    for row in rows(exchange)
                    if str(row["id"]) != exchange.query["range[id]"].split(",")[0]
                ],
            ),
            lambda exchange: (
                exchange.query.get("sort") == "-id"
                and "range[id]" in exchange.query
                and is_list(exchange)
            ),
        ),
        "sort.*",
        "range.*",
        "filter.fields",
    ),
    _defect(
        "doubled-id-doubles",
        "An id that a filter names twice is listed twice.",
        answer(
            _twice,
            lambda exchange: (
                _plain_list(SLOTS, "filter[id]")(exchange)
                and len(set(ids := exchange.query["filter[id]"].split(","))) < len(ids)
            ),
        ),
        "filter.values",
    ),
    _defect(
        "teams-missing-below-a-user",
        "A projects user has no teams below its user.",
        answer(
            each(_no_teams),
            lambda exchange: (
                exchange.path.startswith("/v2/users/") and exchange.path.endswith("/projects_users")
            ),
        ),
        "projects_users.nested",
        "projects_users.shape",
    ),
    _defect(
        "evaluation-begins-later-on-later-pages",
        "The evaluation of a slot is another one on later pages.",
        answer(
            each(
                lambda row: {
                    **row,
                    "scale_team": row["scale_team"]
                    and {**row["scale_team"], "id": row["scale_team"]["id"] + 1},
                }
            ),
            lambda exchange: _plain_list(SLOTS)(exchange) and page_number(exchange) > 1,
        ),
        "slots.scale_team",
        "collections.pages",
        "pages.styles",
    ),
    _defect(
        "not-modified-ignored-later",
        "A later page is sent again, whatever the client knows.",
        request(
            lambda exchange: exchange.environ.pop("HTTP_IF_NONE_MATCH", None),
            lambda exchange: page_number(exchange) > 1,
        ),
        "answer.etag",
    ),
    _defect(
        "future-ignored-with-range",
        "filter[future] counts for nothing beside a range.",
        request(_without("filter[future]"), _plain_list(SLOTS, "filter[future]", "range[id]")),
        "filter.future",
        "filter.fields",
    ),
    _defect(
        "location-without-user-alone",
        "A single location has another host than in the list.",
        answer(
            each(lambda row: {**row, "host": row["host"].upper()}),
            lambda exchange: re.fullmatch(rf"{LOCATIONS}/\d+", exchange.path) is not None,
        ),
        "locations.show",
        "records.found",
    ),
    _defect(
        "day-means-its-end",
        "A day as the end of a range lasts until its last second.",
        request(
            lambda exchange: exchange.with_query(
                **{"range[begin_at]": f"{exchange.query['range[begin_at]']}T23:59:59Z"}
            ),
            lambda exchange: (
                re.fullmatch(r".*,\d{4}-\d\d-\d\d", exchange.query.get("range[begin_at]", ""))
                is not None
            ),
        ),
        "range.date",
    ),
)
