"""Defects that show beside another parameter, below a record, or in another spelling only."""

import re
from collections.abc import Callable

from werkzeug.datastructures import Headers

from tests.verify.defects.proxy import Defect, Exchange, Rewrite, answer, request
from tests.verify.defects.rewrites import drop_header, links_without

_LAB, _SCHOOL = "/open_api/v1", "/v2"
_ZULU = re.compile(r"(T[\d:.]+)Z")


def _reads(path: str, *parameters: str) -> Callable[[Exchange], bool]:
    """Return whether an exchange reads paths that a pattern has, with some parameters."""
    return lambda exchange: (
        exchange.method == "GET"
        and re.fullmatch(path, exchange.path) is not None
        and exchange.query.keys() >= set(parameters)
    )


def _without(*names: str) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.with_query(**dict.fromkeys(names))


def _conditions_lost(kinds: str) -> Callable[[Exchange], None]:
    """Return a change of a request: its conditions of some kinds are gone."""
    return lambda exchange: exchange.with_query(
        **{name: None for name in exchange.query if re.match(rf"({kinds})\[", name)}
    )


def _zulu_lost(exchange: Exchange) -> None:
    bounds = {name: exchange.query.get(name, "") for name in ("after", "before", "created_after")}
    spelled = {name: _ZULU.sub(r"\1", text) for name, text in bounds.items() if text}
    exchange.with_query(**spelled)


def _unpriced(exchange: Exchange) -> None:
    prices = exchange.json["prices"]
    numbers = exchange.memory.get("new", ())
    exchange.with_json(
        {"prices": [price for price in prices if price["priceable_id"] not in numbers]}
    )


def _noted(rewrite: Rewrite) -> Rewrite:
    """Return a rewrite that notes the machines that are made."""

    def noted(exchange: Exchange) -> None:
        rewrite(exchange)
        if exchange.method == "POST" and exchange.status == 201:
            exchange.memory.setdefault("new", set()).add(exchange.json["id"])

    return noted


def _any_order_below(exchange: Exchange) -> None:
    exchange.send()
    if exchange.status == 400 and re.fullmatch(r"/v2/\w+/[^/]+/\w+", exchange.path):
        exchange.with_query(sort=None)
        exchange.headers = Headers()
        exchange.send()


def _lab(name: str, says: str, rewrite: Rewrite, *likely: str) -> Defect:
    return Defect("fabmanager", name, says, rewrite, likely)


def _school(name: str, says: str, rewrite: Rewrite, *likely: str) -> Defect:
    return Defect("intra42", name, says, rewrite, likely)


DEFECTS = (
    _lab(
        "created-after-lost-beside-email",
        "created_after beside an email counts for nothing.",
        request(_without("created_after"), _reads(f"{_LAB}/users", "email")),
        "collections.all_conditions",
    ),
    _lab(
        "type-lost-beside-invoice",
        "Of accounting lines, type beside an invoice_id counts for nothing.",
        request(_without("type"), _reads(f"{_LAB}/accounting", "invoice_id")),
        "collections.all_conditions",
    ),
    _lab(
        "zulu-read-as-local",
        "An instant with Z is read in the server's zone.",
        request(_zulu_lost, _reads(f"{_LAB}/\\w+")),
        "collections.instants",
    ),
    _lab(
        "new-machine-without-prices",
        "A new machine has no price.",
        _noted(answer(_unpriced, _reads(f"{_LAB}/prices"))),
        "machines.prices",
    ),
    _lab(
        "change-without-location",
        "The answer to a change of a machine has no Location.",
        answer(
            lambda exchange: drop_header(exchange, "Location"),
            lambda exchange: exchange.method in {"PATCH", "PUT"},
        ),
        "machines.update",
    ),
    _lab(
        "upcoming-lost-in-links",
        "The links of events to come lead to all events.",
        answer(lambda exchange: links_without(exchange, "upcoming"), _reads(f"{_LAB}/events")),
        "collections.combined_links",
    ),
    _school(
        "ranges-lost-in-nested-graphs",
        "A graph below a record counts for no range and no filter.",
        request(_conditions_lost("range|filter"), _reads(r"/v2/\w+/[^/]+/\w+/graph.*")),
        "graphs.periods",
    ),
    _school(
        "filters-lost-in-graphs-of-locations",
        "Graphs of locations count for no filter.",
        request(_conditions_lost("filter"), _reads(f"{_SCHOOL}/(.*/)?locations/graph.*")),
        "graphs.periods",
    ),
    _school(
        "campus-in-the-query-ignored",
        "campus_id in the query of a flat list counts for nothing.",
        request(_without("campus_id"), _reads(f"{_SCHOOL}/\\w+", "campus_id")),
        "collections.nesting",
    ),
    _school(
        "any-order-below-a-record",
        "A list below a record takes any field to sort by.",
        _any_order_below,
        "collections.unknown_fields",
    ),
    _school(
        "token-of-the-query-lost-below",
        "A token in the query counts for nothing below a record.",
        request(_without("access_token"), _reads(r"/v2/users/[^/]+/\w+", "access_token")),
        "token.forms",
    ),
)
