"""Rows into JSON as a shape says it: compiled once for each shape, never walked for a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fake_server.rest.resources.columns import ColumnPlan
from fake_server.world.storage.store import Row

WRITTEN = ("instant", "local", "json")
"""The kinds of columns whose values are no JSON until something writes them so."""

Json = dict[str, Any]
"""An object of an answer."""

Lookup = Callable[[Sequence[Row]], Mapping[int, Any]]
"""Returns values for rows, by the row's id or by the id that a column refers to."""

Writers = Mapping[str, Callable[[Any], Any]]
"""What makes JSON of a column's value, by the column's kind; other kinds are JSON as they are."""

Renderer = Callable[[Sequence[Row]], list[Json]]
"""Returns rows as JSON, keys in the order of the properties it was compiled for."""


def compiled(
    properties: Iterable[str],
    plans: Sequence[ColumnPlan],
    lookups: Mapping[str, Lookup],
    writers: Callable[[], Writers],
) -> Renderer:
    """Return the renderer of some properties of a shape, in the order in which they are given.

    `lookups` tells the values of properties that are no plain column: by the id that the column
    refers to, or by the row's own id where there is no column. `writers` returns what writes
    values as the current request is to be answered.
    """
    columns = {plan.shown: plan for plan in plans if plan.shown}
    names = [name for name in properties if name in columns or name in lookups]
    values = ", ".join(f"{name!r}: {_value(name, columns.get(name))}" for name in names)
    used = [name for name in names if name in lookups]
    source = f"lambda rows, known, {', '.join(WRITTEN)}: [{{{values}}} for row in rows]"
    # The source holds names of columns and properties of our own files, each as a literal.
    render = eval(source, {})

    def rendered(rows: Sequence[Row]) -> list[Json]:
        if not rows:
            return []
        known = {name: lookups[name](rows) for name in used}
        by_kind = writers()
        items: list[Json] = render(rows, known, *(by_kind.get(kind) for kind in WRITTEN))
        return items

    return rendered


def _value(name: str, plan: ColumnPlan | None) -> str:
    if plan is None:
        return f"known[{name!r}][row.id]"
    column = f"row.{plan.name}"
    if plan.reference and plan.reference.function:
        text = f"known[{name!r}][{column}]"
    elif plan.kind in WRITTEN:
        text = f"{plan.kind}({column})"
    else:
        return column
    return f"(None if {column} is None else {text})" if plan.nullable else text
