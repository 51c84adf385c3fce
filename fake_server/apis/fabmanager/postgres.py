"""The order of the rows that the ORDER BY of a PostgreSQL 15 query leaves undecided.

PostgreSQL sorts a query with ORDER BY and LIMIT in one of two ways: by a quicksort of all rows, or
by a heap of the first rows. It takes the heap if the table has more than twice as many rows as the
query asks for. Neither way keeps the order of equal rows. Both are deterministic, so the order of
the rows in the table determines the order that a client of the real service sees.

Source: the published algorithms (Bentley and McIlroy's quicksort with a check for sorted rows, and
a bounded heap), compared with PostgreSQL 15 on thousands of random tables.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

_T = TypeVar("_T")
_Keys = list[tuple[int, int]]
_SMALL = 7
_MEDIUM = 40


def limited(rows: Sequence[_T], key: Callable[[_T], int], offset: int, limit: int) -> list[_T]:
    """Return the `rows` (a table in its order) of `ORDER BY key LIMIT limit OFFSET offset`.

    Smaller keys come first.
    """
    end = offset + limit
    keys = [(key(row), position) for position, row in enumerate(rows)]
    if end == 0 or not keys:
        return []
    if len(keys) > 2 * end:
        keys = _first_by_heap(keys, end)
    else:
        _quicksort(keys, 0, len(keys))
    return [rows[position] for _, position in keys[offset:end]]


def _first_by_heap(keys: _Keys, capacity: int) -> _Keys:
    heap: _Keys = []
    for item in keys:
        if len(heap) < capacity:
            _insert(heap, item)
        elif item[0] < heap[0][0]:
            _replace_top(heap, len(heap), item)
    for size in range(len(heap) - 1, 0, -1):
        largest = heap[0]
        _replace_top(heap, size, heap[size])
        heap[size] = largest
    return heap


def _insert(heap: _Keys, item: tuple[int, int]) -> None:
    heap.append(item)
    position = len(heap) - 1
    while position > 0:
        parent = (position - 1) >> 1
        if item[0] <= heap[parent][0]:
            break
        heap[position] = heap[parent]
        position = parent
    heap[position] = item


def _replace_top(heap: _Keys, size: int, item: tuple[int, int]) -> None:
    position = 0
    while (child := 2 * position + 1) < size:
        if child + 1 < size and heap[child][0] < heap[child + 1][0]:
            child += 1
        if item[0] >= heap[child][0]:
            break
        heap[position] = heap[child]
        position = child
    heap[position] = item


def _quicksort(keys: _Keys, start: int, size: int) -> None:
    while True:
        if size < _SMALL:
            _insertion_sort(keys, start, size)
            return
        end = start + size
        if all(keys[i - 1][0] <= keys[i][0] for i in range(start + 1, end)):
            return
        less, more = _partition(keys, start, size)
        if less <= more:
            if less > 1:
                _quicksort(keys, start, less)
            start, size = end - more, more
        else:
            if more > 1:
                _quicksort(keys, end - more, more)
            size = less
        if size <= 1:
            return


def _insertion_sort(keys: _Keys, start: int, size: int) -> None:
    for i in range(start + 1, start + size):
        j = i
        while j > start and keys[j - 1][0] > keys[j][0]:
            keys[j - 1], keys[j] = keys[j], keys[j - 1]
            j -= 1


def _partition(keys: _Keys, start: int, size: int) -> tuple[int, int]:
    """Put the keys smaller than the pivot first and the larger ones last.

    Return the number of smaller keys and the number of larger keys.
    """
    end = start + size
    pivot = _pivot(keys, start, size)
    keys[start], keys[pivot] = keys[pivot], keys[start]
    pivot_key = keys[start][0]
    equal_left = low = start + 1
    equal_right = high = end - 1
    while True:
        while low <= high and keys[low][0] <= pivot_key:
            if keys[low][0] == pivot_key:
                keys[equal_left], keys[low] = keys[low], keys[equal_left]
                equal_left += 1
            low += 1
        while low <= high and keys[high][0] >= pivot_key:
            if keys[high][0] == pivot_key:
                keys[high], keys[equal_right] = keys[equal_right], keys[high]
                equal_right -= 1
            high -= 1
        if low > high:
            break
        keys[low], keys[high] = keys[high], keys[low]
        low += 1
        high -= 1
    moved = min(equal_left - start, low - equal_left)
    _swap_runs(keys, start, low - moved, moved)
    moved = min(equal_right - high, end - equal_right - 1)
    _swap_runs(keys, low, end - moved, moved)
    return low - equal_left, equal_right - high


def _swap_runs(keys: _Keys, left: int, right: int, size: int) -> None:
    for i in range(size):
        keys[left + i], keys[right + i] = keys[right + i], keys[left + i]


def _pivot(keys: _Keys, start: int, size: int) -> int:
    low, middle, high = start, start + size // 2, start + size - 1
    if size <= _SMALL:
        return middle
    if size > _MEDIUM:
        step = size // 8
        low = _median(keys, low, low + step, low + 2 * step)
        middle = _median(keys, middle - step, middle, middle + step)
        high = _median(keys, high - 2 * step, high - step, high)
    return _median(keys, low, middle, high)


def _median(keys: _Keys, a: int, b: int, c: int) -> int:
    ka, kb, kc = keys[a][0], keys[b][0], keys[c][0]
    if ka < kb:
        return b if kb < kc else c if ka < kc else a
    return b if kb > kc else a if ka < kc else c
