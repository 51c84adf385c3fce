"""Reads the pages of a list."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fake_server.verify.api_files.listing import Listing
from fake_server.verify.outcome_errors import BrokenError, NotShownError
from fake_server.verify.server.raw_messages import Answer

MOST_PAGES = 10
"""The most pages that are read; a test narrows a longer list first, by a filter or range."""


@dataclass(slots=True)
class PagedList:
    """The records of a list, in the order of its pages.

    - `pages`: the answers.
    - `total`: the total in the header of the first page; None without one.
    - `complete`: whether the last page was read.
    """

    records: list[Any] = field(default_factory=list)
    pages: list[Answer] = field(default_factory=list)
    total: int | None = None
    complete: bool = False

    def __iter__(self) -> Iterator[Any]:
        """Return an iterator over the records."""
        return iter(self.records)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.records)

    def __getitem__(self, index: Any) -> Any:
        """Return one record, or several by a slice."""
        return self.records[index]


def records_of(answer: Answer, listing: Listing) -> list[Any]:
    """Return the records of a page; raises `BrokenError` if the body holds no list there."""
    body = answer.json
    items = listing.rows_member(body if isinstance(body, dict) else {})
    records = body if items is None else body.get(items) if isinstance(body, dict) else None
    enveloped = isinstance(body, dict) or listing.items != "*"
    if not isinstance(records, list) or not enveloped:
        where = "a list" if items is None else f"a list under {items!r}"
        where = where if enveloped else "a list under a member"
        raise BrokenError(
            f"the body of {answer.request.target}", where, answer.mask.brief(answer.text, 160)
        )
    return records


def require_few_pages(answer: Answer, total: int | None, on_page: int) -> None:
    """Raise `NotShownError` if a list has more than `MOST_PAGES` pages."""
    if total is not None and on_page and total > MOST_PAGES * on_page:
        raise NotShownError(
            f"a narrower list: {answer.request.target} has {total} records on pages of {on_page}"
        )
