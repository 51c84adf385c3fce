"""Defects of Xurrent."""

import json
import re
from typing import Any

from tests.verify.defects.proxy import Defect, Exchange, Rewrite, answer, request
from tests.verify.defects.rewrites import (
    accepts,
    each,
    is_list,
    links_with,
    page_number,
    refuse,
    rows,
    set_header,
    with_rows,
)

CALENDARS, HOLIDAYS = "/v1/calendars", "/v1/holidays"


def _defect(name: str, says: str, rewrite: Rewrite, *likely: str) -> Defect:
    return Defect("xurrent", name, says, rewrite, likely)


def _single(path: str) -> Any:
    return lambda exchange: re.fullmatch(rf"{path}/\d+", exchange.path) is not None


def _changes(path: str) -> Any:
    return lambda exchange: _single(path)(exchange) and exchange.method in {"PATCH", "PUT"}


def _reads(path: str, *names: str) -> Any:
    return lambda exchange: (
        exchange.path == path and is_list(exchange) and set(names) <= exchange.query.keys()
    )


def _without(*names: str) -> Any:
    return lambda exchange: exchange.with_query(**dict.fromkeys(names))


def _body(exchange: Exchange) -> dict[str, Any]:
    stream = exchange.environ["wsgi.input"]
    raw = stream.read(int(exchange.environ.get("CONTENT_LENGTH") or 0))
    stream.seek(0)
    value = json.loads(raw) if raw[:1] == b"{" else {}
    return value if isinstance(value, dict) else {}


def _with_body(exchange: Exchange, value: dict[str, Any]) -> None:
    import io

    raw = json.dumps(value).encode()
    exchange.environ["wsgi.input"] = io.BytesIO(raw)
    exchange.environ["CONTENT_LENGTH"] = str(len(raw))


def _given_as_well(**attributes: Any) -> Any:
    """Change a request: what it does not give is set, too."""

    def change(exchange: Exchange) -> None:
        _with_body(exchange, {**attributes, **_body(exchange)})

    return change


def _etag_kept(exchange: Exchange) -> None:
    exchange.send()
    if exchange.method == "GET" and exchange.status == 200 and _single(CALENDARS)(exchange):
        tag = exchange.memory.setdefault(exchange.path, exchange.headers["ETag"])
        set_header(exchange, "ETag", tag)


def _list_kept(path: str, field: str) -> Rewrite:
    """Return a rewrite: a list goes on to show what a field was first."""

    def rewrite(exchange: Exchange) -> None:
        exchange.send()
        if not 200 <= exchange.status < 300 or not exchange.body:
            return
        if exchange.method in {"POST"} and exchange.path == path:
            made = exchange.json
            exchange.memory[made["id"]] = made.get(field)
        elif _reads(path)(exchange):
            memory = exchange.memory
            with_rows(
                exchange,
                [
                    {**row, field: memory[row["id"]]}
                    if row["id"] in memory and field in row
                    else row
                    for row in rows(exchange)
                ],
            )

    return rewrite


def _rising_second(exchange: Exchange) -> None:
    first, *others = exchange.query["sort"].split(",")
    exchange.with_query(sort=",".join([first, *(name.removeprefix("-") for name in others)]))


def _partial(exchange: Exchange) -> None:
    if "X-Pagination-Per-Page" in exchange.headers:
        set_header(exchange, "X-Pagination-Per-Page", len(rows(exchange)))


def _later(exchange: Exchange) -> bool:
    names = exchange.query.keys()
    return is_list(exchange) and (page_number(exchange) > 1 or "search_after" in names)


def _never_touched(exchange: Exchange) -> None:
    record = exchange.json
    if "updated_at" in record:
        exchange.with_json({**record, "updated_at": record["created_at"]})


def _to_first(exchange: Exchange) -> None:
    links_with(exchange, lambda url: re.sub(r"search_before=[^&]*&?", "", url))


def _costs_two(exchange: Exchange) -> None:
    exchange.send()
    name = "X-RateLimit-Remaining"
    if exchange.method not in {"GET", "HEAD"}:
        exchange.memory["more"] = exchange.memory.get("more", 0) + 1
    if name in exchange.headers:
        left = int(exchange.headers[name]) - exchange.memory.get("more", 0)
        set_header(exchange, name, left)


def _minute_more(exchange: Exchange) -> None:
    body = exchange.json
    exchange.with_json({"duration": body["duration"] + 1})


def _in_zone(exchange: Exchange) -> bool:
    return exchange.path.endswith("/duration") and "time_zone" in exchange.query


def _long(exchange: Exchange) -> bool:
    query = exchange.query
    if not exchange.path.endswith("/duration") or not {"start", "end"} <= query.keys():
        return False
    return query["start"][:4].isdigit() and query["end"][:4] > query["start"][:4]


DEFECTS = (
    _defect(
        "etag-outlives-a-change",
        "A calendar that was changed has the ETag it had before.",
        _etag_kept,
        "answers.etag",
        "answers.not_modified",
    ),
    _defect(
        "change-enables",
        "A change that does not speak of disabled sets it false.",
        request(_given_as_well(disabled=False), _changes(CALENDARS)),
        "calendars.update*",
    ),
    _defect(
        "put-clears-source-id",
        "PUT of a holiday clears what it does not give.",
        request(
            _given_as_well(sourceID=None),
            lambda exchange: _changes(HOLIDAYS)(exchange) and exchange.method == "PUT",
        ),
        "holidays.update",
    ),
    _defect(
        "change-clears-the-picture",
        "A change of a holiday clears its picture.",
        request(_given_as_well(picture_uri=None), _changes(HOLIDAYS)),
        "holidays.update",
    ),
    _defect(
        "change-clears-the-source",
        "A change of a holiday clears its source.",
        request(_given_as_well(source=None), _changes(HOLIDAYS)),
        "holidays.update",
    ),
    _defect(
        "list-keeps-the-name",
        "The list goes on to show the first name of a calendar.",
        _list_kept(CALENDARS, "name"),
        "calendars.update*",
    ),
    _defect(
        "list-keeps-the-end",
        "The list goes on to show the first end of a holiday.",
        _list_kept(HOLIDAYS, "end_at"),
        "holidays.update",
    ),
    _defect(
        "list-keeps-the-hours",
        "The list goes on to show a calendar without hours.",
        _list_kept(CALENDARS, "calendar_hours"),
        "hours.*",
    ),
    _defect(
        "never-touched",
        "updated_at of a changed calendar stays what it was.",
        answer(_never_touched, _single(CALENDARS)),
        "calendars.updated_at",
    ),
    _defect(
        "holiday-never-touched",
        "updated_at of a changed holiday stays what it was.",
        answer(_never_touched, _single(HOLIDAYS)),
        "holidays.update",
    ),
    _defect(
        "second-field-rises",
        "A second field to sort by counts as ascending.",
        request(_rising_second, lambda exchange: "," in exchange.query.get("sort", "")),
        "sort.fields",
    ),
    _defect(
        "nested-second-field-rises",
        "A second field to sort holidays by counts as ascending.",
        request(
            _rising_second,
            lambda exchange: exchange.path == HOLIDAYS and "," in exchange.query.get("sort", ""),
        ),
        "holidays.filters",
    ),
    _defect(
        "size-of-last-page",
        "X-Pagination-Per-Page of the last, partial page is the number of its rows.",
        answer(_partial, _later),
        "pages.headers",
    ),
    _defect(
        "quality-refused",
        "Accept with a quality is answered with 406.",
        refuse(406, lambda exchange: ";q=" in accepts(exchange)),
        "answers.json",
    ),
    _defect(
        "anything-refused",
        "Accept */* is answered with 406.",
        refuse(406, lambda exchange: accepts(exchange) == "*/*"),
        "answers.json",
    ),
    _defect(
        "state-beats-name",
        "name counts for nothing beside state.",
        request(_without("name"), _reads(CALENDARS, "state", "name")),
        "calendars.state",
    ),
    _defect(
        "enabled-beats-name",
        "name counts for nothing in /enabled.",
        request(_without("name"), _reads(f"{CALENDARS}/enabled", "name")),
        "calendars.predefined",
    ),
    _defect(
        "enabled-unsorted",
        "sort counts for nothing in /enabled.",
        request(_without("sort"), _reads(f"{CALENDARS}/enabled", "sort")),
        "calendars.predefined",
    ),
    _defect(
        "enabled-has-the-total-of-all",
        "The total of /enabled is greater by one.",
        answer(
            lambda exchange: set_header(
                exchange,
                "X-Pagination-Total-Entries",
                int(exchange.headers["X-Pagination-Total-Entries"]) + 1,
            ),
            _reads(f"{CALENDARS}/enabled"),
        ),
        "calendars.predefined",
        "collections.total",
    ),
    _defect(
        "after-loses-the-filter",
        "Behind a cursor, filters by id count for nothing.",
        request(
            _without("id"),
            lambda exchange: "search_after" in exchange.query and "id" in exchange.query,
        ),
        "pages.*",
    ),
    _defect(
        "after-loses-the-fields",
        "Behind a cursor, fields count for nothing.",
        request(
            _without("fields"),
            lambda exchange: "search_after" in exchange.query and "fields" in exchange.query,
        ),
        "pages.*",
        "fields.asked",
    ),
    _defect(
        "prev-is-first",
        "prev of the third page leads to the first.",
        answer(_to_first, _reads(CALENDARS)),
        "pages.link*",
    ),
    _defect(
        "writing-costs-two",
        "A write costs two requests of the hour.",
        _costs_two,
        "rate_limit.headers",
    ),
    _defect(
        "a-minute-more-over-new-year",
        "A duration over New Year is a minute longer.",
        answer(_minute_more, _long),
        "duration.*",
    ),
    _defect(
        "a-minute-more-in-a-zone",
        "A duration in a zone is a minute longer.",
        answer(_minute_more, _in_zone),
        "duration.*",
    ),
    _defect(
        "at-means-after",
        "Holidays that start at a time do not start at that time or later.",
        request(
            lambda exchange: exchange.with_query(
                start_at=exchange.query["start_at"].replace(">=", ">")
            ),
            _reads(HOLIDAYS, "start_at"),
        ),
        "holidays.filters",
    ),
    _defect(
        "before-means-at",
        "Calendars made before a time include those made at it, beside a name.",
        request(_without("created_at"), _reads(CALENDARS, "created_at", "name")),
        "filters.fields",
    ),
    _defect(
        "not-modified-ignored-alone",
        "A single calendar is sent again, whatever the client knows.",
        request(
            lambda exchange: exchange.environ.pop("HTTP_IF_NONE_MATCH", None), _single(CALENDARS)
        ),
        "answers.not_modified",
        "records.etag",
    ),
    _defect(
        "holiday-modified-always",
        "A single holiday is sent again, whatever the client knows.",
        request(
            lambda exchange: exchange.environ.pop("HTTP_IF_NONE_MATCH", None), _single(HOLIDAYS)
        ),
        "answers.not_modified",
        "records.etag",
    ),
    _defect(
        "hours-of-a-holiday",
        "The calendars of a holiday are shown without their hours.",
        answer(
            each(lambda row: {**row, "calendar_hours": []}),
            lambda exchange: (
                exchange.path.startswith(f"{HOLIDAYS}/") and "/calendars" in exchange.path
            ),
        ),
        "holidays.calendars",
    ),
    _defect(
        "pictures-lost-below-a-calendar",
        "The holidays of a calendar are shown without their source.",
        answer(
            each(lambda row: {**row, "source": "?"}),
            lambda exchange: (
                exchange.path.startswith(f"{CALENDARS}/") and exchange.path.endswith("/holidays")
            ),
        ),
        "holidays.of_calendar",
    ),
)
