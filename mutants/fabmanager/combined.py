"""Defects that only parameters together show, or a read after a write."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "type-lost-on-page-2",
        "The second page of the availabilities of a type is that of all availabilities.",
        _edit(
            "dialect.collection:list_records",
            "selection = selected(resource, query)",
            "selection = selected(resource, query)\n"
            "    if window and window.number == 2 and query.conditions:\n"
            "        selection = selected(resource, type(query)(query.order))",
        ),
        "collections.combined_pages",
    ),
    _mutant(
        "first-condition-alone",
        "Of several conditions on a list only one counts.",
        _edit(
            "dialect.selection:selected",
            "frozenset(query.conditions)",
            "frozenset(sorted(query.conditions)[:1])",
        ),
        "collections.all_conditions",
    ),
    _mutant(
        "zulu-read-as-local",
        "An instant with Z is read in the server's zone.",
        _edit(
            "dialect.parameters:_microseconds",
            "if match[8]:\n        return wall\n",
            "if match[8]:\n        return instant_of(wall, zone)\n",
        ),
        "collections.instants",
    ),
    _mutant(
        "filter-hides-slots",
        "Reservations under a condition show no slots.",
        _edit(
            "dialect.collection:list_records",
            "body = {resource.envelope: items",
            'if resource.name == "reservations" and query.conditions:\n'
            '        items = [{**item, "reserved_slots": []} for item in items]\n'
            "    body = {resource.envelope: items",
        ),
        "collections.same_rows",
    ),
    _mutant(
        "new-machine-without-prices",
        "A new machine has prices for plans only.",
        _edit("resources.machines.machine_views:_add_prices", "offers = [(", "offers = [] and [("),
        "machines.prices",
    ),
)
