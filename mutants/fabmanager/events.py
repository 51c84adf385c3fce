"""Defects of events, and of addresses in answers."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "deleted-events-listed",
        "Events that are marked as deleted are listed.",
        _edit("resources.events:_Events.always", "return (_KEPT,)", "return ()"),
        "events.list",
    ),
    _mutant(
        "upcoming-by-creation",
        "Events to come are ordered like all others.",
        _edit("resources.events:_read_upcoming", "query.order = _BY_START", "pass"),
        "events.upcoming",
    ),
    _mutant(
        "upcoming-from-their-start",
        "An event that has begun is no event to come.",
        _edit("resources.events:_Events.condition", "self.table.c.end_at", "self.table.c.start_at"),
        "events.upcoming",
    ),
    _mutant(
        "upcoming-whatever-it-says",
        "upcoming=false means true, as the live service has it.",
        _edit("resources.events:_read_upcoming", "if is_sent or value:", "if name in parameters:"),
        "events.upcoming",
    ),
    _mutant(
        "prices-without-category",
        "Prices of categories stand under their names.",
        _edit(
            "resources.events:_Events.prices", 'str(price["price_category_id"])', 'price["name"]'
        ),
        "events.prices",
    ),
    _mutant(
        "addresses-follow-the-request",
        "Addresses have the host of the request.",
        _edit("dialect.addresses:_public_host", "return host if", 'return "" if True else host if'),
        "addresses.host",
    ),
)
