"""Sizes of pages that show what a test is about."""

from fake_server.verify import OperationUnderTest
from fake_server.verify.api_files.row_values import is_plain, value_of
from fake_server.verify.target.operation_under_test import Row


def a_third(rows: int) -> int:
    """Return the size of pages of which so many rows fill three, or nearly."""
    return max(1, -(-rows // 3))


def size_between_ties(operation: OperationUnderTest, rows: list[Row]) -> int:
    """Return a size near a third of which the first page ends amid rows that stand together.

    Those rows have the same value of the first field of the declared order, so that a service that
    does not go by the next field may give them to either page. Without any it is a third.
    """
    third, field = a_third(len(rows)), "".join(operation.declared.order[:1]).removeprefix("-")
    values = [value_of(operation.declared, row, field) for row in rows] if field else []
    sizes = [
        size
        for size in range(1, len(values) // 2 + 1)
        if is_plain(values[size]) and values[size - 1] == values[size]
    ]
    return min(sizes, key=lambda size: abs(size - third), default=third)
