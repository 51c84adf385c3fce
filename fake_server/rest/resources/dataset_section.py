"""The dataset section of a plain resource, which follows from its declaration and its shape.

A property of the shape says with `x-pinned` what its type cannot: keywords that its attribute has
in a dataset besides or instead, or false where a dataset does not pin it. A column that is not
shown says so with `pinned` in `columns` of the declaration.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fake_server.data_files.package_files import json_file
from fake_server.rest.resources.columns import ColumnPlan, column_plans
from fake_server.rest.resources.declaration import Declaration
from fake_server.rest.resources.declaration_files import read_declarations

Node = dict[str, Any]

FRAME = "dataset.frame.json"
"""The file with the handwritten parts of an API's section; other sections are added to it."""

_LARGEST = 2**31 - 1
_MOST_RECORDS = 5_000_000
_TYPES = {"text": "string", "instant": "string"}
_INSTANT: Mapping[str, Any] = {
    "pattern": r"^(19[0-9]{2}|2[0-9]{3})-[0-9]{2}-[0-9]{2}"
    r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?$",
    "format": "instant",
}
_AS_INSTANT = "As 2017-11-22T13:41:00.750Z."
_KEPT = ("enum", "pattern", "minLength", "maxLength", "minimum", "maximum")


Said = Callable[[Declaration, Mapping[str, Declaration]], Node | None]
"""Returns the section that a dialect makes of a declaration; None if it leaves that to the shape.

It gets all declarations of the API as well."""


def made_dataset(folder: Path, said: Said = lambda resource, others: None) -> Node | None:
    """Return the dataset schema of the API whose data is in `folder`; None without a frame.

    The frame's own sections stay as they are; each declared resource that has a shape and no
    section there gets the one that `said` returns, or that follows from both; one that is a part
    of another has none. Raises `ValueError` for a shape that has properties which are no columns.
    """
    frame = folder / FRAME
    if not frame.is_file():
        return None
    schema: Node = json_file(frame)
    sections: Node = schema.setdefault("properties", {})
    resources = {
        name: Declaration(folder.name, name, keys)
        for name, keys in read_declarations(folder).items()
    }
    for name, resource in resources.items():
        if name not in sections and resource.shape is not None and not resource.part_of:
            own = said(resource, resources)
            sections[name] = own or section_of(resource, lambda file: _read(folder, file))
    return schema


def _read(folder: Path, file: str) -> Mapping[str, Any]:
    shape: Mapping[str, Any] = json_file(folder / file)
    return shape


def section_of(resource: Declaration, read: Callable[[str], Mapping[str, Any]]) -> Node:
    """Return the JSON Schema of a resource's section: `count`, and `records` with its columns.

    `read` returns the shape in a file. Raises `ValueError`; see `column_plans`.
    """
    try:
        plans = column_plans(read(str(resource.shape)), resource.columns, read)
    except ValueError as error:
        raise ValueError(f"{resource.name}: {error}; or write its section by hand") from None
    record: Node = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {plan.name: _attribute(plan) for plan in plans if plan.is_pinned},
    }
    if "ordered" in resource.keys:
        record["x-ordered"] = resource.keys["ordered"]
    return {
        "type": "object",
        "additionalProperties": False,
        "description": resource.keys["says"],
        "properties": {
            "count": {
                "type": "integer",
                "description": "How many records are made in addition to the pinned ones.",
                "minimum": 0,
                "maximum": _MOST_RECORDS,
            },
            "records": {"type": "array", "description": "The pinned records.", "items": record},
        },
    }


def _attribute(plan: ColumnPlan) -> Node:
    if plan.kind == "value":
        return _kept(plan)
    kind = _TYPES.get(plan.kind, plan.kind)
    description = plan.schema.get("description", f"Its {plan.name.replace('_', ' ')}.")
    attribute: Node = {
        "type": [kind, "null"] if plan.nullable else kind,
        "description": f"{description} {_AS_INSTANT}" if plan.kind == "instant" else description,
    }
    if plan.kind == "instant":
        attribute |= _INSTANT
    else:
        attribute |= _bounds(plan)
        attribute |= {name: plan.schema[name] for name in _KEPT if name in plan.schema}
    own: Mapping[str, Any] = plan.schema.get("x-pinned", {})
    return {**attribute, **own}


def _kept(plan: ColumnPlan) -> Node:
    """Return the attribute of a value that is kept as it is.

    Only the type is checked, and the members of a list of references.
    """
    words = plan.name.replace("_", " ")
    attribute: Node = {"description": plan.schema.get("description", f"Its {words}.")}
    if plan.reference:
        attribute["items"] = {"type": "integer", "minimum": 1, "maximum": _LARGEST}
    if "type" in plan.schema:
        attribute = {"type": plan.schema["type"], **attribute}
    own: Mapping[str, Any] = plan.schema.get("x-pinned", {})
    return {**attribute, **own}


def _bounds(plan: ColumnPlan) -> Node:
    if plan.kind != "integer":
        return {}
    is_id = plan.name == "id" or plan.reference is not None
    return {"minimum": 1 if is_id else -_LARGEST, "maximum": _LARGEST}
