"""Defects that the tests of the shared ledger see."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "total-of-page-2",
        "Total counts one availability more on page 2.",
        _edit(
            "dialect.collection:list_records",
            "page_headers(window, selection.total)",
            "page_headers(window, selection.total + bool(window and window.number == 2))",
        ),
        "collections.total:list_availabilities",
    ),
    _mutant(
        "first-instants-by-day",
        "The first instant that a filter keeps is the beginning of its day.",
        _edit(
            "dialect.filters:read_from",
            "-(-instant // MILLISECOND)",
            "instant // MILLISECOND // 86_400_000 * 86_400_000",
        ),
        "collections.moments:list_users",
    ),
    _mutant(
        "slash-loses-a-row",
        "A list whose path ends in a slash begins with its second row.",
        _edit(
            "dialect.collection:list_records",
            "rows = page_rows(selection, window)",
            "rows = page_rows(selection, window)"
            "[int('/?' in __import__('flask').request.environ['RAW_URI']):]",
        ),
        "collections.paths:list_reservations",
    ),
    _mutant(
        "reserved-things-disabled",
        "What is reserved is shown as disabled.",
        _edit(
            "resources.reservations:_Reservations.reservable",
            "row.id: summaries.get(row.reservable_id)",
            'row.id: {**summaries[row.reservable_id], "disabled": True}',
        ),
        "collections.embedded:list_reservations",
    ),
    _mutant(
        "size-0-elsewhere",
        "A size of 0 is taken by all lists but that of availabilities.",
        _edit(
            "dialect.pages:_size",
            "if size < 1:",
            "if size < 1 and 'availabilities' in current_request().path:",
        ),
        "collections.odd_pages",
    ),
    _mutant(
        "links-keep-one-value",
        "Links keep the first value of a parameter that stands several times.",
        _edit(
            "dialect.pages:page_headers",
            "query_values(current_request())",
            "{name: value[:1] if isinstance(value, list) else value"
            " for name, value in query_values(current_request()).items()}",
        ),
        "collections.repeated:list_reservations",
    ),
    _mutant(
        "winter-alone",
        "The offset of a time is that of the winter.",
        _edit(
            "dialect.resource:LabResource.instants",
            "timestamp(instant, zone)",
            "timestamp(instant, zone).replace('+02:00', '+01:00')",
        ),
        "collections.zone",
    ),
)
