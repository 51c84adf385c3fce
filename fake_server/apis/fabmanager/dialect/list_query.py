"""What a request asks of a list, before it is looked for."""

from typing import Any

from fake_server.api.serve import SortKey


class ListQuery:
    """What a request asks of a list.

    - `conditions`: the names of those that every record must satisfy.
    - `values`: what conditions compare with, by the name of their filter.
    - `order`: the keys that the list is sorted by.
    - `matches_nothing`: whether a filter was given that no record can satisfy.
    - `is_unstorable`: whether a date was given that the real service's database cannot hold.
    """

    __slots__ = ("conditions", "is_unstorable", "matches_nothing", "order", "values")

    def __init__(self, order: tuple[SortKey, ...]) -> None:
        self.conditions: set[str] = set()
        self.values: dict[str, Any] = {}
        self.order = order
        self.matches_nothing = False
        self.is_unstorable = False

    def require(self, name: str, value: Any) -> None:
        """Ask for records whose filter `name` has a value."""
        self.conditions.add(name)
        self.values[name] = value
