"""Walking the pages of a list."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fake_server.verify.api.listing import Listing
from fake_server.verify.errors import BrokenError, NotShownError, brief
from fake_server.verify.server.messages import Answer

MOST_PAGES = 10
"""A list of more pages is not walked; a test narrows it first, by a filter or range."""


@dataclass(slots=True)
class Walk:
    """The records of a list in the order in which its pages gave them.

    `pages` are the answers; `total` is what the list's header said on the first page, None if it
    said nothing; `complete` is whether the walk reached the last page.
    """

    records: list[Any] = field(default_factory=list)
    pages: list[Answer] = field(default_factory=list)
    total: int | None = None
    complete: bool = False

    def __iter__(self) -> Iterator[Any]:
        """Go through the records."""
        return iter(self.records)

    def __len__(self) -> int:
        """Return how many records there were."""
        return len(self.records)

    def __getitem__(self, place: Any) -> Any:
        """Return one record, or several by a slice."""
        return self.records[place]


def records_of(answer: Answer, listing: Listing) -> list[Any]:
    """Return the records of a page; broken if the body does not hold a list where it should."""
    body = answer.json
    items = listing.member_of(body if isinstance(body, dict) else {})
    found = body if items is None else body.get(items) if isinstance(body, dict) else None
    enveloped = isinstance(body, dict) or listing.items != "*"
    if not isinstance(found, list) or not enveloped:
        where = "a list" if items is None else f"a list under {items!r}"
        where = where if enveloped else "a list under a member"
        raise BrokenError(f"the body of {answer.request.target}", where, brief(answer.text, 160))
    return found


def require_few_pages(answer: Answer, total: int | None, on_page: int) -> None:
    """Raise `NotShownError` if a list is longer than a walk may be."""
    if total is not None and on_page and total > MOST_PAGES * on_page:
        raise NotShownError(
            f"a narrower list: {answer.request.target} has {total} records on pages of {on_page}"
        )
