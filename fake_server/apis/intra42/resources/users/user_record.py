"""What belongs to a user: the arrays of the record that shows a user alone."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from sqlalchemy import select

from fake_server.api.declare import Json, Sighting
from fake_server.api.serve import store
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.users import resource

_THROUGH: Mapping[str, str] = {"achievements": "achievements_users", "campus": "campus_users"}
"""The resources that tie a user to records which no list has under their user."""


def belongings(user_id: int) -> Json:
    """Return the records that belong to a user, by the key of the array that shows them.

    The records of each come by id. What no resource serves is empty.
    """
    return {
        name: _records(name, keys, user_id) if name in RESOURCES.names else []
        for name, keys in _keys().items()
    }


@cache
def _keys() -> Mapping[str, Sequence[str]]:
    """Return the keys of the records in each array, by the key of the array."""
    user, item = (resource.shape(file)["properties"] for file in ("user_record.json", "user.json"))
    return {
        name: list(resource.shape(schema["items"]["$ref"])["properties"])
        for name, schema in user.items()
        if name not in item
    }


def _records(name: str, keys: Sequence[str], user_id: int) -> list[Json]:
    child = RESOURCES[name]
    assert isinstance(child, IntraResource)
    if name in _THROUGH:
        condition = child.linked(RESOURCES[_THROUGH[name]], "user_id", user_id)
    else:
        condition = child.of_parent("users", user_id)
    rows = store().rows(select(child.table).where(condition).order_by(child.table.c.id))
    return child.as_belongings(rows, keys)


def sightings_of_belongings(item: Json) -> Iterator[Sighting]:
    """Yield the sightings of the records that belong to the user of an answer."""
    user = {"id": item["id"]}
    for name in ("campus", "cursus_users", "projects_users"):
        for record in item.get(name) or ():
            owned = record if name == "campus" else {**record, "user": user}
            yield from RESOURCES[name].sightings(owned)
