"""What a request asks of the list of availabilities."""

from typing import NamedTuple

UNTYPED = ""
"""The type asked for by one that the service does not know: that of records without a type."""


class AvailabilityQuery(NamedTuple):
    """The filters and the page of a request; None stands for a filter that is not given.

    - `after`, `before`: milliseconds since 1970, both inclusive.
    - `user_ids`, `ids`, `available_ids`: numbers, of which one must match; none match nothing.
    - `nothing`: a filter was given that no record can match.
    - `unstorable`: a date was given that the database cannot hold.
    - `number`, `size`: the page as the headers have it; `offset`, `limit`: its rows.
    """

    after: int | None
    before: int | None
    user_ids: frozenset[int] | None
    ids: frozenset[int] | None
    available_type: str | None
    available_ids: frozenset[int] | None
    nothing: bool
    unstorable: bool
    number: int
    size: int
    offset: int
    limit: int
