"""The filters of availabilities that depend on each other, and conditions without a parameter."""

from fake_server.api.declare import Field
from fake_server.api.serve import Parameters, has_quirk
from fake_server.apis.fabmanager.dialect.filters import read_integers
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.dialect.parameters import option
from fake_server.apis.fabmanager.dialect.ruby_parameters import items, no_such_join

SOUND = "sound"
"""The condition that a record has all that the document shows."""

UNTYPED = "untyped"
"""The condition that a record has no type. An unknown type asks for it."""

JOINED = "available_id joined"
"""The condition of available_id that repeats a record for each reservable that matches."""


def read_available_type(
    query: LabListQuery, parameters: Parameters, name: str, field: Field
) -> None:
    """Read the type of the reservables."""
    text = option(parameters, name, field.options)
    if text == "":
        query.conditions.add(UNTYPED)
    elif text is not None:
        query.require(name, text)


def read_available_ids(
    query: LabListQuery, parameters: Parameters, name: str, field: Field
) -> None:
    """Read the ids of the reservables. They count only beside a type."""
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
