"""The filters of availabilities that look at each other, and the conditions without a parameter."""

from fake_server.api.declare import Field
from fake_server.api.serve import Parameters, has_quirk
from fake_server.apis.fabmanager.dialect.filters import read_integers
from fake_server.apis.fabmanager.dialect.list_query import ListQuery
from fake_server.apis.fabmanager.dialect.parameters import option
from fake_server.apis.fabmanager.dialect.ruby_parameters import items, no_such_join

SOUND = "sound"
"""The condition that a record has all that the document shows."""

UNTYPED = "untyped"
"""The condition that a record has no type: what a type that is not known asks for."""

JOINED = "available_id joined"
"""The condition of available_id for records that come once for each reservable that matches."""


def read_available_type(query: ListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the type of what is offered."""
    text = option(parameters, name, field.options)
    if text == "":
        query.conditions.add(UNTYPED)
    elif text is not None:
        query.require(name, text)


def read_available_ids(query: ListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the ids of what is offered, which count beside a type alone."""
    is_untyped = UNTYPED in query.conditions
    is_typed = is_untyped or "available_type" in query.conditions
    if not is_typed and has_quirk("validation-off"):
        return
    read_integers(query, parameters, name, field)
    if not is_typed:
        parameters.disregard(name)
        query.conditions.discard(name)
        query.values.pop(name, None)
    elif name in query.conditions and is_untyped:
        if items(parameters[name]):
            raise no_such_join()
        query.values[name] = frozenset()
    if name in query.conditions and has_quirk("join-duplicates"):
        query.conditions.remove(name)
        query.conditions.add(JOINED)
