"""The query that a request makes of a list."""

from typing import Any

from fake_server.api.serve import SortKey


class LabListQuery:
    """The query that a request makes of a list.

    - `conditions`: the names of the conditions that every record must satisfy.
    - `values`: the values that conditions compare with, by the name of their filter.
    - `order`: the sort keys of the list.
    - `matches_nothing`: whether a filter has a value that no record can satisfy.
    - `is_unstorable`: whether a filter has a date that the real service's database cannot hold.
    """

    __slots__ = ("conditions", "is_unstorable", "matches_nothing", "order", "values")

    def __init__(self, order: tuple[SortKey, ...]) -> None:
        self.conditions: set[str] = set()
        self.values: dict[str, Any] = {}
        self.order = order
        self.matches_nothing = False
        self.is_unstorable = False

    def require(self, name: str, value: Any) -> None:
        """Require that the filter `name` has a value."""
        self.conditions.add(name)
        self.values[name] = value
