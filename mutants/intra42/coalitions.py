"""Defects of coalitions and events."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "coalitions-led",
        "The coalitions of a user are those that the user leads.",
        _edit(
            "dialect.resource:IntraResource.of_parent",
            "if through:",
            'if through and parent != "users":',
        ),
        "coalitions.parents",
    ),
    _mutant(
        "blocs-share-coalitions",
        "A bloc shows the coalitions of the whole page.",
        _edit("resources.blocs:_Blocs.coalitions", "if row.bloc_id == key", "if row.bloc_id"),
        "coalitions.parents",
    ),
    _mutant(
        "campus-of-cursus-ignored",
        "The events of a cursus at a campus are those of the cursus anywhere.",
        _edit(
            "dialect.selection:_parents",
            "text = path.get(argument)",
            'text = None if len(path) > 1 and name == "campus" else path.get(argument)',
        ),
        "events.parents",
    ),
)
