"""Defects that show after a write, in one resource, or to a person or an application alone."""

import json
import re
from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import Headers

from tests.verify.defects.proxy import Defect, Exchange, Rewrite, answer, request
from tests.verify.defects.rewrites import Row, drop_header, each, page_number, rows, with_rows

_LAB, _OAUTH = "/open_api/v1", "/oauth/token"
_DATE_ALONE = re.compile(r".*,\d{4}-\d\d-\d\d")


def _reads(path: str, *parameters: str) -> Callable[[Exchange], bool]:
    return lambda exchange: (
        exchange.method == "GET"
        and re.fullmatch(path, exchange.path) is not None
        and exchange.query.keys() >= set(parameters)
    )


def _members(change: Callable[[Row], Row]) -> Callable[[Exchange], None]:
    """Return a change of the rows in the first list of a body."""

    def apply(exchange: Exchange) -> None:
        body = exchange.json
        name = next(name for name, value in body.items() if isinstance(value, list))
        exchange.with_json({**body, name: [change(row) for row in body[name]]})

    return apply


def _reply(exchange: Exchange, status: int, value: Any) -> None:
    exchange.status = status
    exchange.headers = Headers({"Content-Type": "application/json; charset=utf-8"})
    exchange.with_json(value)


def _by_day(exchange: Exchange) -> None:
    exchange.with_query(created_after=exchange.query["created_after"][:10])


def _whole_seconds(row: Row) -> Row:
    thing = row.get("reservable")
    if not thing:
        return row
    return {**row, "reservable": {**thing, "updated_at": f"{thing['updated_at'][:20]}000+01:00"}}


def _without_status(exchange: Exchange) -> None:
    exchange.with_json({"lines": exchange.json["lines"]})


def _first_tag(exchange: Exchange) -> None:
    known = exchange.environ["HTTP_IF_NONE_MATCH"]
    exchange.environ["HTTP_IF_NONE_MATCH"] = known.partition(",")[0]


def _several_tags(exchange: Exchange) -> bool:
    return "," in (exchange.header("If-None-Match") or "")


def _to_calendars(exchange: Exchange) -> None:
    location = exchange.headers.get("Location", "")
    exchange.headers["Location"] = location.replace("holidays", "calendars")


def _hours_kept(exchange: Exchange) -> None:
    exchange.send()
    calendar = re.fullmatch(r"/v1/calendars/(\d+)(/calendar_hours/\d+)?", exchange.path)
    if calendar is None or exchange.status != 200:
        return
    number, memory = calendar[1], exchange.memory
    if calendar[2] and exchange.method in {"PATCH", "PUT"}:
        memory.setdefault("changed", set()).add(number)
    elif not calendar[2] and exchange.method == "GET":
        first = memory.setdefault(number, exchange.json["calendar_hours"])
        if number in memory.get("changed", ()):
            exchange.with_json({**exchange.json, "calendar_hours": first})


def _any_scope(exchange: Exchange) -> None:
    exchange.send()
    if exchange.status == 403 and "WWW-Authenticate" in exchange.headers:
        exchange.environ["HTTP_AUTHORIZATION"] = "Bearer YOUR_ACCESS_TOKEN"
        exchange.send()


def _any_role(exchange: Exchange) -> None:
    exchange.send()
    if exchange.status == 403 and exchange.path in {"/v2/pools", "/v2/balances"}:
        roles = exchange.headers["X-Application-Roles"]
        _reply(exchange, 200, [])
        exchange.headers["X-Application-Roles"] = roles


def _form(exchange: Exchange) -> dict[str, str]:
    stream = exchange.environ["wsgi.input"]
    text = stream.read(int(exchange.environ.get("CONTENT_LENGTH") or 0)).decode("utf-8", "replace")
    stream.seek(0)
    pairs = (pair.partition("=") for pair in text.split("&"))
    return {name: value for name, _, value in pairs}


def _works_twice(grant: str, field: str) -> Rewrite:
    """Return a rewrite: what a grant is asked with gets the same answer again."""

    def rewrite(exchange: Exchange) -> None:
        form = _form(exchange) if exchange.path == _OAUTH else {}
        key = form.get(field) if form.get("grant_type") == grant else None
        if key is not None and key in exchange.memory:
            _reply(exchange, 200, exchange.memory[key])
            return
        exchange.send()
        if key is not None and exchange.status == 200:
            exchange.memory[key] = json.loads(exchange.body)

    return rewrite


def _refresh_token_kept(exchange: Exchange) -> None:
    form = _form(exchange) if exchange.path == _OAUTH else {}
    exchange.send()
    if form.get("grant_type") == "refresh_token" and exchange.status == 200:
        exchange.with_json({**exchange.json, "refresh_token": form["refresh_token"]})


def _unlisted_below(exchange: Exchange) -> None:
    exchange.send()
    if exchange.method == "POST" and exchange.status == 201:
        exchange.memory.setdefault("new", set()).add(exchange.json.get("id"))
    elif _reads(r"/v2/users/[^/]+/projects_users")(exchange) and exchange.status == 200:
        new = exchange.memory.get("new", set())
        with_rows(exchange, [row for row in rows(exchange) if row["id"] not in new])


def _rounded(exchange: Exchange) -> None:
    levels = [{**row, "level": round(row["level"], 1)} for row in exchange.json["cursus_users"]]
    exchange.with_json({**exchange.json, "cursus_users": levels})


def _until_the_last_moment(exchange: Exchange) -> None:
    ends = {
        name: f"{text}T23:59:59.999Z"
        for name, text in exchange.query.items()
        if name.startswith("range[") and _DATE_ALONE.fullmatch(text)
    }
    exchange.with_query(**ends)


def _roles_dropped(exchange: Exchange) -> None:
    exchange.send()
    if exchange.status == 404 and exchange.path.startswith("/v2/"):
        drop_header(exchange, "X-Application-Roles")


def _lab(name: str, says: str, rewrite: Rewrite, *likely: str) -> Defect:
    return Defect("fabmanager", name, says, rewrite, likely)


def _service(name: str, says: str, rewrite: Rewrite, *likely: str) -> Defect:
    return Defect("xurrent", name, says, rewrite, likely)


def _school(name: str, says: str, rewrite: Rewrite, *likely: str) -> Defect:
    return Defect("intra42", name, says, rewrite, likely, "awkward")


DEFECTS = (
    _lab(
        "created-after-by-day",
        "created_after reads the day alone.",
        request(_by_day, _reads(f"{_LAB}/users", "created_after")),
        "collections.moments",
    ),
    _lab(
        "amount-with-a-fraction",
        "The amount of a single plan is written as 3000.0.",
        answer(
            each(lambda row: {**row, "amount": float(row["amount"])}),
            _reads(f"{_LAB}/plans/[^/]+"),
        ),
        "records.shape",
    ),
    _lab(
        "status-on-the-first-page",
        "Later pages of accounting have no status.",
        answer(
            _without_status,
            lambda exchange: _reads(f"{_LAB}/accounting")(exchange) and page_number(exchange) > 1,
        ),
        "collections.pages",
    ),
    _lab(
        "suffix-loses-the-user",
        "With the suffix .json, user_id of reservations counts for nothing.",
        request(
            lambda exchange: exchange.with_query(user_id=None),
            _reads(rf"{_LAB}/reservations\.json"),
        ),
        "collections.paths",
    ),
    _lab(
        "reserved-to-the-second",
        "updated_at of what is reserved has no milliseconds.",
        answer(_members(_whole_seconds), _reads(f"{_LAB}/reservations")),
        "collections.embedded",
    ),
    _service(
        "first-of-the-known-tags",
        "Of several ETags in If-None-Match, the first counts.",
        request(_first_tag, _several_tags),
        "answers.known_etags",
    ),
    _service(
        "holidays-lead-to-calendars",
        "Location of a new holiday leads to a calendar.",
        answer(
            _to_calendars,
            lambda exchange: exchange.method == "POST" and exchange.path == "/v1/holidays",
        ),
        "holidays.create",
    ),
    _service(
        "changed-hours-not-shown",
        "A calendar that was read goes on to show the hours before a change.",
        _hours_kept,
        "hours.*",
    ),
    _school(
        "scope-not-asked-for",
        "A person's token without the scope of a list gets 200.",
        _any_scope,
        "login.scopes",
    ),
    _school(
        "roles-not-asked-for",
        "Pools and balances are empty lists to an application without the role.",
        _any_role,
        "access.roles",
        "collections.roles",
        "pools.roles",
    ),
    _school(
        "refresh-token-kept",
        "A refresh gives the old refresh token again.",
        _refresh_token_kept,
        "login.refresh",
    ),
    _school(
        "refresh-token-good-twice",
        "A refresh token works twice.",
        _works_twice("refresh_token", "refresh_token"),
        "login.refresh",
    ),
    _school(
        "code-good-twice",
        "A code works twice.",
        _works_twice("authorization_code", "code"),
        "login.code",
    ),
    _school(
        "new-work-not-listed-below",
        "A new record of work is not listed below its user.",
        _unlisted_below,
        "projects_users.create",
    ),
    _school(
        "deleted-with-200",
        "DELETE is answered with 200 and {}.",
        answer(
            lambda exchange: _reply(exchange, 200, {}),
            lambda exchange: exchange.method == "DELETE",
        ),
        "projects_users.change",
    ),
    _school(
        "points-as-text",
        "correction_point is a text below a coalition.",
        answer(
            each(lambda row: {**row, "correction_point": str(row["correction_point"])}),
            _reads("/v2/coalitions/[^/]+/users"),
        ),
        "collections.shape",
    ),
    _school(
        "level-of-one-digit",
        "A user alone shows levels with one digit behind the point.",
        answer(_rounded, _reads("/v2/users/(?!graph)[^/]+")),
        "users.show.cursus_users",
    ),
    _school(
        "day-lasts-below-a-record",
        "Below a record, a date as the end of a range lasts until its last moment.",
        request(_until_the_last_moment, _reads(r"/v2/\w+/[^/]+/\w+")),
        "range.date",
    ),
    _school(
        "roles-missing-in-404",
        "404 has no X-Application-Roles.",
        _roles_dropped,
        "answer.application",
    ),
)
