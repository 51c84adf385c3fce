import pytest
from sqlalchemy import column

from fake_server.rest.pages import order_by
from fake_server.rest.sorting import SortKey, parse_sort


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,-b", [("a", False), ("b", True)]),
        (" a , - b", [("a", False), (" b", True)]),
        ("", []),
        (",,", []),
        ("a,a", [("a", False), ("a", False)]),
        ("--a", [("-a", True)]),
        ("-", [("", True)]),
    ],
)
def test_sort_keys_are_in_order(text: str, expected: list[tuple[str, bool]]) -> None:
    assert [(key.field, key.descending) for key in parse_sort(text)] == expected


def test_sort_keys_become_order_by() -> None:
    keys = [SortKey("a", True), SortKey("b", False)]
    terms = order_by(keys, {"a": column("x"), "b": column("y")})
    assert [str(term) for term in terms] == ["x DESC", "y ASC"]
