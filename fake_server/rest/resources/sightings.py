"""The records that an answer shows: the attributes that a dataset would pin for it.

A resource renders a pinned record as JSON; here is the way back. The declaration and the shape say
which property shows which column, and which object is a record of another resource.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file
from fake_server.world.records.agreement import record_schema, resolved


class Sighting(NamedTuple):
    """What one item of an answer says of one record.

    - `kind`: the kind of the record, such as `users`.
    - `attributes`: its attributes, as a dataset pins them; the key is among them.
    - `guesses`: attributes that the answer keeps secret, and what stands in for each: a list, or
      any record of the kind that is named.
    """

    kind: str
    attributes: dict[str, Any]
    guesses: dict[str, str | list[Any]]


LearnedRecords = Mapping[str, Mapping[int | str, dict[str, Any]]]
"""The pinned records that sightings add up to, by kind and key."""


class ListMembership(NamedTuple):
    """The facts about a record that follow from its place in a list.

    - `key`: the key of the record.
    - `parent`: kind and key of the record that the list is nested under; None if it is not nested.
    - `query`: the parameters of the request, by name.
    """

    key: int | str
    parent: tuple[str, int | str] | None
    query: Mapping[str, str]


def plain_sightings(resource: Any, item: Mapping[str, Any]) -> Iterator[Sighting]:
    """Yield the sightings of an item, by the declaration of its resource: its own one last.

    An object with an id is a record of the resource that the property's column refers to, or that
    the property is named after. The type of `resource` is `Any`, since the module of `Resource`
    imports this one.
    """
    section = json_file(registry.package(resource.api).schemas / "dataset.json")
    pinned = record_schema(section, resource)["properties"]
    plans = {plan.shown: plan for plan in resource.columns if plan.shown}
    attributes: dict[str, Any] = {}
    for name, value in item.items():
        plan = plans.get(name)
        attribute = plan.name if plan else name
        if isinstance(value, Mapping) and "id" in value:
            reference = plan.reference.resource if plan and plan.reference else ""
            yield from _of_record(resource, reference or _kind_called(resource, name), value)
            attribute = attribute if attribute in pinned else f"{name}_id"
            value = value["id"]
        elif _are_records(value) and name in pinned and _holds_ids(section, pinned[name]):
            for record in value:
                yield from _of_record(resource, _kind_called(resource, name), record)
            value = [record["id"] for record in value]
        if attribute in pinned:
            attributes[attribute] = _fitting(section, pinned[attribute], value)
    if resource.key in attributes:
        yield Sighting(resource.name, attributes, {})


def _of_record(resource: Any, kind: str, value: Mapping[str, Any]) -> Iterator[Sighting]:
    if kind in resource.resources.names:
        yield from resource.resources[kind].sightings(value)
    else:
        yield Sighting(kind, dict(value), {})


def _kind_called(resource: Any, name: str) -> str:
    """Return the kind of records that a property is named after, in the singular or plural."""
    return _kinds_by_name(resource.resources).get(name, f"{name}s")


@cache
def _kinds_by_name(resources: Any) -> Mapping[str, str]:
    names = {
        resource.declaration.singular.replace(" ", "_"): resource.name for resource in resources
    }
    return {**names, **{name: name for name in resources.names}}


def _are_records(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(record, Mapping) and "id" in record for record in value
    )


def _holds_ids(section: Mapping[str, Any], schema: Any) -> bool:
    items = resolved(section, resolved(section, schema).get("items", {}))
    return items.get("type") == "integer"


def _fitting(section: Mapping[str, Any], schema: Any, value: Any) -> Any:
    """Return a value without the members that a dataset does not pin."""
    schema = resolved(section, schema)
    if isinstance(value, list) and "items" in schema:
        return [_fitting(section, schema["items"], member) for member in value]
    if isinstance(value, Mapping) and "properties" in schema:
        properties = schema["properties"]
        return {
            name: _fitting(section, properties[name], member)
            for name, member in value.items()
            if name in properties
        }
    return value
