"""The parameters and headers of an API's lists: `list` in `schemas/<api>/target.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Listing:
    """The names and the syntax that lists of an API share; None where it has no such feature.

    - `items`: the member of a body that holds the rows; None: the body is the list. A tuple has
      the members of all lists: a body has one of them, or is the list. `*` is the only member of
      a body that is a list, in any name.
    - `total`: the header that counts the rows of all pages. `link`: the header with the links.
    - `page`, `size`: the parameters for the number of a page, from 1, and for its size.
    - `sort`: the parameter that takes a field; `descending`: its value for descending order.
    - `fields`: the parameter that takes the fields to show, joined by commas.
    - `filter`: the parameter whose members are filters (`filter[name]=x`); without it, parameters
      with the name of a property of a row are filters.
    - `range`: the parameter whose members are ranges; `between`: the value of a range. Without a
      `range`, filters of the kinds `ranged` take such a value.
    - `several`: the value of a filter for several ids.
    - `repeated`: the name under which a filter for several values takes each of them.
    - `names`: the fields of a record, beside its id, that stand for it in a path.
    - `other_pages`: other parameters for the number of a page and its size, which go together.
    - `cursors`: the parameters that take a cursor, which wins over the number of a page.
    - `spellings`: other spellings of a list's path that mean the same, as `{path}.json`.
    - `roles`: the header of an answer with the roles of who asks, joined by commas.
    """

    items: str | tuple[str, ...] | None
    total: str | None
    link: str = "Link"
    page: str | None = "page"
    size: str | None = "per_page"
    sort: str = "sort"
    descending: str = "-{field}"
    fields: str | None = None
    filter: str | None = None
    range: str | None = None
    between: str | None = None
    ranged: frozenset[str] = frozenset()
    several: str | None = None
    repeated: str | None = None
    names: tuple[str, ...] = ()
    other_pages: tuple[str, ...] = ()
    cursors: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    roles: str | None = None

    def rows_member(self, body: Mapping[str, Any]) -> str | None:
        """Return the member of a body, or of its properties, that holds the rows; None without one.

        The values of `body` are those of the members, or their schemas.
        """
        if self.items == "*":
            names = [name for name, value in body.items() if _is_list(value)] or [*body]
            return names[0] if len(names) == 1 else None
        if self.items is None or isinstance(self.items, str):
            return self.items
        return next((name for name in self.items if name in body), None)

    def several_values(self, values: Iterable[Any]) -> str:
        """Return the text of a filter for several values."""
        return (self.several or "{values}").format(values=",".join(map(str, values)))

    def range_text(self, low: str, high: str) -> str:
        """Return the text of a range from `low` to `high`, both included."""
        return (self.between or "{low},{high}").format(low=low, high=high)


_TUPLES = ("cursors", "spellings", "names", "other_pages")


def _is_list(value: Any) -> bool:
    """Return whether a value is a list, or the schema of one."""
    return isinstance(value, list) or (isinstance(value, Mapping) and value.get("type") == "array")


def listing(raw: Mapping[str, Any]) -> Listing:
    """Return a listing as `target.yaml` writes it."""
    ranged = frozenset(raw.get("ranged", ()))
    items = raw.get("items")
    tuple_items = {"items": tuple(items)} if isinstance(items, list) else {}
    several = {name: tuple(raw.get(name, ())) for name in _TUPLES}
    tuples = {**tuple_items, **several}
    return Listing(**{"total": None, "items": None, **raw, **tuples, "ranged": ranged})
