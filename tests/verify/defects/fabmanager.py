"""Defects of a Fab-manager."""

from typing import Any

from tests.verify.defects.proxy import Defect, Exchange, Rewrite, answer, request
from tests.verify.defects.rewrites import (
    accepts,
    drop_header,
    empty_page,
    is_list,
    links_without,
    page_number,
    refuse,
    rows,
    set_header,
    size_of_page,
    with_rows,
)

AVAILABILITIES = "/open_api/v1/availabilities"
FILTERS = {"after", "before", "available_type", "available_id", "id"}


def _defect(name: str, says: str, rewrite: Rewrite, *likely: str) -> Defect:
    return Defect("fabmanager", name, says, rewrite, likely)


def _listed(exchange: Exchange) -> bool:
    return exchange.path.startswith(AVAILABILITIES) and is_list(exchange)


def _later_page(exchange: Exchange) -> bool:
    return _listed(exchange) and page_number(exchange) > 1


def _with(*names: str) -> Any:
    return lambda exchange: _listed(exchange) and set(names) <= exchange.query.keys()


def _each(exchange: Exchange, change: Any) -> None:
    with_rows(exchange, [change(row) for row in rows(exchange)])


def _far_down(exchange: Exchange) -> None:
    offset = (page_number(exchange) - 1) * size_of_page(exchange, 20)

    def change(index: int, row: dict[str, Any]) -> dict[str, Any]:
        if offset + index < 100 or FILTERS & exchange.query.keys():
            return row
        late = row["start_at"].replace("+02:00", "+01:00")
        return {**row, "start_at": late}

    with_rows(exchange, [change(*pair) for pair in enumerate(rows(exchange))])


def _last_slot_gone(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "slots": row["slots"][:-1] if len(row["slots"]) > 3 else row["slots"]}


def _total_of_rest(exchange: Exchange) -> None:
    skipped = (page_number(exchange) - 1) * size_of_page(exchange, 20)
    set_header(exchange, "Total", int(exchange.headers["Total"]) - skipped)


def _end_of_day(exchange: Exchange) -> None:
    exchange.with_query(before=f"{exchange.query['before']}T23:59:59")


def _first_of_list(name: str) -> Any:
    def change(exchange: Exchange) -> None:
        exchange.with_query(**{name: exchange.query[name].split(",")[0].rstrip("]") + "]"})

    return change


def _many_known(exchange: Exchange) -> bool:
    return "," in (exchange.header("If-None-Match") or "")


def _cut_page(exchange: Exchange) -> None:
    with_rows(exchange, rows(exchange)[:200])


DEFECTS = (
    _defect(
        "size-of-last-page",
        "Per-Page of the last, partial page is the number of its rows.",
        answer(
            lambda exchange: set_header(exchange, "Per-Page", len(rows(exchange))),
            lambda exchange: _later_page(exchange),
        ),
        "pages.per_page_header",
    ),
    _defect(
        "total-of-rest",
        "Total on a later page counts the rows from there on.",
        answer(_total_of_rest, _later_page),
        "pages.total",
        "collections.total",
    ),
    _defect(
        "summer-far-down",
        "A start in summer has the winter's offset behind the first hundred rows.",
        answer(_far_down, _listed),
        "times.offset",
        "availabilities.order",
        "slots.by_type",
    ),
    _defect(
        "before-day-is-its-end",
        "before with a date alone lasts until the end of that day.",
        request(
            _end_of_day,
            lambda exchange: _listed(exchange) and len(exchange.query.get("before", "")) == 10,
        ),
        "dates.server_zone",
    ),
    _defect(
        "quality-refused",
        "Accept with a quality is answered with 406.",
        refuse(406, lambda exchange: ";q=0.5" in accepts(exchange)),
        "accept.any",
    ),
    _defect(
        "second-choice-refused",
        "JSON as the second choice in Accept is answered with 406.",
        refuse(406, lambda exchange: "text/html, application/json" in accepts(exchange)),
        "accept.any",
    ),
    _defect(
        "head-without-link",
        "HEAD of a later page has no Link.",
        answer(
            lambda exchange: drop_header(exchange, "Link"),
            lambda exchange: exchange.is_head and page_number(exchange) > 1,
        ),
        "availabilities.head",
        "collections.head",
    ),
    _defect(
        "links-lose-the-type",
        "The links of a list by type lead to the list of all types.",
        answer(lambda exchange: links_without(exchange, "available_type"), _with("available_type")),
        "pages.link",
        "pages.link.url",
        "filters.all",
    ),
    _defect(
        "links-lose-before",
        "The links of a list before some time lead to the whole list.",
        answer(lambda exchange: links_without(exchange, "before"), _with("before")),
        "pages.link",
        "pages.link.url",
        "filters.all",
    ),
    _defect(
        "second-reservable-ignored",
        "Of two reservables, the first counts.",
        request(
            _first_of_list("available_id"),
            lambda exchange: _listed(exchange) and "," in exchange.query.get("available_id", ""),
        ),
        "availabilities.available_id*",
        "lists.forms",
    ),
    _defect(
        "third-id-ignored",
        "Of three ids, two count.",
        request(
            lambda exchange: exchange.with_query(
                id=",".join(exchange.query["id"].split(",")[:2]).rstrip("]") + "]"
            ),
            lambda exchange: _listed(exchange) and exchange.query.get("id", "").count(",") == 2,
        ),
        "availabilities.id",
        "lists.forms",
    ),
    _defect(
        "type-ignored-with-before",
        "available_type counts for nothing beside before.",
        request(
            lambda exchange: exchange.with_query(available_type=None),
            _with("available_type", "before"),
        ),
        "filters.all",
    ),
    _defect(
        "after-ignored-with-before",
        "after counts for nothing beside before.",
        request(lambda exchange: exchange.with_query(after=None), _with("after", "before")),
        "filters.all",
        "before.inclusive",
    ),
    _defect(
        "id-ignored-with-after",
        "id counts for nothing beside after.",
        request(lambda exchange: exchange.with_query(id=None), _with("after", "id")),
        "filters.all",
    ),
    _defect(
        "last-slot-gone",
        "The last of four slots and more is missing behind the first page.",
        answer(lambda exchange: _each(exchange, _last_slot_gone), _later_page),
        "slots.by_type",
    ),
    _defect(
        "not-modified-ignored-later",
        "A later page is sent again, whatever the client knows.",
        request(lambda exchange: exchange.environ.pop("HTTP_IF_NONE_MATCH", None), _later_page),
        "headers.not_modified",
    ),
    _defect(
        "only-one-etag",
        "Of several ETags in If-None-Match, none counts.",
        request(
            lambda exchange: exchange.environ.pop("HTTP_IF_NONE_MATCH"),
            _many_known,
        ),
        "headers.if_none_match",
    ),
    _defect(
        "long-request-id-replaced",
        "A request id of more than 20 characters is not given back.",
        request(
            lambda exchange: exchange.environ.pop("HTTP_X_REQUEST_ID"),
            lambda exchange: len(exchange.header("X-Request-Id") or "") > 20,
        ),
        "headers.request_id",
    ),
    _defect(
        "made-to-the-second-by-id",
        "created_at has lost its milliseconds where id is asked for.",
        answer(
            lambda exchange: _each(
                exchange,
                lambda row: {
                    **row,
                    "created_at": row["created_at"][:20] + "000" + row["created_at"][23:],
                },
            ),
            _with("id"),
        ),
        "availabilities.id",
    ),
    _defect(
        "pages-of-200",
        "A page has 200 rows at most.",
        answer(_cut_page, _listed),
        "pages.per_page",
    ),
    _defect(
        "far-beyond-is-first",
        "A page far beyond the last is the first one.",
        request(
            lambda exchange: exchange.with_query(page="1"),
            lambda exchange: _listed(exchange) and page_number(exchange) > 1000,
        ),
        "pages.beyond",
    ),
    _defect(
        "suffix-ignores-filters",
        "With the suffix .json, after counts for nothing.",
        request(
            lambda exchange: exchange.with_query(after=None),
            lambda exchange: exchange.path.endswith(".json"),
        ),
        "availabilities.path_spellings",
    ),
    _defect(
        "slash-ignores-page",
        "With a slash at the end, page counts for nothing.",
        request(
            lambda exchange: exchange.with_query(page=None),
            lambda exchange: exchange.path.endswith("/"),
        ),
        "availabilities.path_spellings",
    ),
    _defect(
        "order-of-a-type",
        "The list of a type is in the order of the ids.",
        answer(
            lambda exchange: with_rows(exchange, sorted(rows(exchange), key=lambda row: row["id"])),
            _with("available_type"),
        ),
        "availabilities.order",
        "filters.all",
    ),
    _defect(
        "order-of-before",
        "The list before some time begins with the oldest.",
        answer(lambda exchange: with_rows(exchange, rows(exchange)[::-1]), _with("before")),
        "availabilities.order",
        "filters.all",
    ),
    _defect(
        "tab-behind-the-token",
        "A token with a parameter behind a tab is refused.",
        refuse(401, lambda exchange: "\t" in (exchange.header("Authorization") or "")),
        "auth.forms",
    ),
    _defect(
        "first-page-of-two",
        "Of page given twice, the first counts.",
        request(
            lambda exchange: exchange.environ.__setitem__(
                "QUERY_STRING", exchange.environ["QUERY_STRING"].rpartition("&page=")[0]
            ),
            lambda exchange: f"&{exchange.environ['QUERY_STRING']}".count("&page=") > 1,
        ),
        "errors.doubled",
    ),
    _defect(
        "empty-has-a-link",
        "An empty list has a Link to its first page.",
        answer(
            lambda exchange: set_header(
                exchange,
                "Link",
                f'<http://{exchange.environ["HTTP_HOST"]}{exchange.path}?page=1>; rel="first"',
            ),
            lambda exchange: _listed(exchange) and exchange.query.get("after", "") > "2150",
        ),
        "availabilities.empty",
    ),
    _defect(
        "type-has-the-total-of-all",
        "Total of a later page of a type counts all types.",
        answer(
            lambda exchange: set_header(exchange, "Total", 10_000),
            lambda exchange: _later_page(exchange) and "available_type" in exchange.query,
        ),
        "availabilities.available_type",
        "pages.total",
        "filters.all",
    ),
    _defect(
        "later-pages-of-a-type-empty",
        "A type has one page.",
        answer(
            empty_page,
            lambda exchange: _later_page(exchange) and "available_type" in exchange.query,
        ),
        "availabilities.available_type",
        "pages.*",
        "filters.all",
    ),
)
