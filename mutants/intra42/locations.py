"""Defects of locations."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "active-inverted",
        "filter[active]=true keeps the locations that have an end.",
        _edit("dialect.filter_options:_absent", '"false" if value == "true" else "true"', "value"),
        "locations.active",
    ),
    _mutant(
        "campus-of-user",
        "The locations of a campus are those of the user with its id.",
        _edit(
            "dialect.resource:IntraResource.of_parent",
            "self._parent_columns[parent]",
            '"user_id" if self.name == "locations" else self._parent_columns[parent]',
        ),
        "locations.parents",
    ),
    _mutant(
        "shown-by-place",
        "A location by its id is the one after it.",
        _edit(
            "dialect.collection:show_record",
            "resource.called(call)",
            "resource.named(str(int(call.record) + 1))",
        ),
        "locations.show",
    ),
    _mutant(
        "left-an-hour-ago",
        "Whoever sits there has left an hour after coming.",
        _edit(
            "dialect.collection:answer_list",
            "(render or resource.as_items)(page.rows)",
            "[{**item, 'end_at': item['end_at'] or item['begin_at']} if 'host' in item else item"
            " for item in (render or resource.as_items)(page.rows)]",
        ),
        "locations.open",
        "locations.active",
    ),
)
