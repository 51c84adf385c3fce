"""Rows into JSON as a shape says it: compiled once for each shape, never walked for a row."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fake_server.rest.resources.columns import ColumnPlan
from fake_server.world.store import Row

Json = dict[str, Any]
Lookup = Callable[[Sequence[Row]], Mapping[int, Any]]
"""Returns values for rows, by the row's id or by the id that a column refers to."""

Instants = Callable[[], Callable[[int], str]]
"""Returns what writes milliseconds since 1970, as the current request is to be answered."""

Renderer = Callable[[Sequence[Row]], list[Json]]
"""Returns rows as JSON, keys in the order of the shape."""


def compiled(
    shape: Mapping[str, Any],
    plans: Sequence[ColumnPlan],
    lookups: Mapping[str, Lookup],
    instants: Instants,
) -> Renderer:
    """Return the renderer of a shape.

    `lookups` tells the values of properties that are no plain column: by the id that the column
    refers to, or by the row's own id where there is no column.
    """
    columns = {plan.shown: plan for plan in plans if plan.shown}
    names = [name for name in shape["properties"] if name in columns or name in lookups]
    values = ", ".join(f"{name!r}: {_value(name, columns.get(name))}" for name in names)
    used = [name for name in names if name in lookups]
    source = f"lambda rows, instant, known: [{{{values}}} for row in rows]"
    # The source holds names of columns and properties of our own files, each as a literal.
    render = eval(source, {})

    def rendered(rows: Sequence[Row]) -> list[Json]:
        known = {name: lookups[name](rows) for name in used} if rows else {}
        items: list[Json] = render(rows, instants(), known)
        return items

    return rendered


def _value(name: str, plan: ColumnPlan | None) -> str:
    if plan is None:
        return f"known[{name!r}][row.id]"
    column = f"row.{plan.name}"
    if plan.reference and plan.reference.function:
        text = f"known[{name!r}][{column}]"
    elif plan.kind == "instant":
        text = f"instant({column})"
    else:
        return column
    return f"(None if {column} is None else {text})" if plan.nullable else text
