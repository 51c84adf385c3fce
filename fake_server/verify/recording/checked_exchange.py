"""An exchange as its checks see it: the operation, the parameters, the rows and the page."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from fake_server.verify.api_files.applicability import (
    default_size,
    largest_size,
    refuses_larger_pages,
)
from fake_server.verify.api_files.declared_operations import DeclaredOperation, DeclaredParameter
from fake_server.verify.api_files.listing import Listing
from fake_server.verify.outcome_errors import NotShownError, need
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.operation_matching import RouteMatch
from fake_server.verify.server.page_reader import records_of
from fake_server.verify.server.raw_messages import Answer

Row = Mapping[str, Any]

_MOST_DIGITS = 18


class RequestedPage(NamedTuple):
    """The page that a request asks for.

    - `number`: from 1; None: a cursor, or a text that is no number, decides.
    - `size`: how many rows it may have; None: unknown.
    - `requested_size`: the size in the request; None: it names none.
    """

    number: int | None
    size: int | None
    requested_size: int | None


class Context:
    """One exchange with the operation that it reached."""

    def __init__(self, exchange: Exchange, match: RouteMatch, declared: DeclaredOperation) -> None:
        self.exchange = exchange
        self.match = match
        self.declared = declared

    @property
    def answer(self) -> Answer:
        """The answer."""
        return self.exchange.answer

    @property
    def listing(self) -> Listing:
        """What the lists of the API share."""
        return self.declared.listing

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the query, decoded, in their order."""
        return query_pairs(self.answer.request.target)

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the query by name.

        Raises `NotShownError` if a parameter stands there twice, or others stand in a body.
        """
        need(not self.answer.request.body, "a request without a body")
        need(len({name for name, _ in self.pairs}) == len(self.pairs), "each parameter once")
        return dict(self.pairs)

    @property
    def is_success(self) -> bool:
        """Whether a GET was answered with 200."""
        return self.answer.request.method == "GET" and self.answer.status == 200

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of a list that was answered with 200."""
        need(self.is_success and self.declared.action == "list", "a list answered with 200")
        rows = records_of(self.answer, self.listing)
        need(all(isinstance(row, Mapping) for row in rows), "rows that are objects")
        return rows

    @cached_property
    def content(self) -> list[Any]:
        """What an answer of 200 holds: its rows, or its one record or graph."""
        need(self.is_success, "an answer with 200")
        if self.declared.action == "list":
            return list(records_of(self.answer, self.listing))
        body = self.answer.json
        if self.declared.member is None:
            return [body]
        return [body.get(self.declared.member) if isinstance(body, dict) else None]

    @cached_property
    def total(self) -> int | None:
        """The total in the header; None if the API or the answer has no such header."""
        name = self.listing.total
        if name is None or name not in self.answer.headers:
            return None
        return self.answer.whole_number(name)

    @cached_property
    def page(self) -> RequestedPage:
        """The page that the request asks for."""
        listing, query = self.listing, self.query
        numbers = _named(query, listing.page, self.declared.query(listing.page), "number")
        sizes = _named(query, listing.size, self.declared.query(listing.size), "size")
        size_in_page = f"{listing.page}[size]"
        if size_in_page in query and listing.size != size_in_page:
            sizes.append(query[size_in_page])
        # Two spellings in one request: which of them counts is the API's own affair.
        bare_and_nested = listing.page in query and any(
            name.startswith(f"{listing.page}[") for name in query
        )
        is_clear = len(numbers) < 2 and len(sizes) < 2 and not bare_and_nested
        has_cursor = any(query.get(name) for name in listing.cursors)
        number = _whole(numbers[0]) if numbers else 1
        requested = _whole(sizes[0]) if sizes else None
        size = self._size(requested, is_requested=bool(sizes))
        if not is_clear or (numbers and listing.page is None):
            return RequestedPage(None, None, None)
        return RequestedPage(None if has_cursor else number, size, requested)

    def _size(self, requested: int | None, *, is_requested: bool) -> int | None:
        largest = largest_size(self.declared)
        if not is_requested:
            return default_size(self.declared)
        if requested is None or largest is None or requested <= largest:
            return requested
        return None if refuses_larger_pages(self.declared) else largest

    def require(self, value: Any, missing: str) -> Any:
        """Return a value; raise `NotShownError` if it is None."""
        if value is None:
            raise NotShownError(missing)
        return value


def query_pairs(target: str) -> list[tuple[str, str]]:
    """Return the parameters of a path and query, decoded, blank ones included."""
    query = target.partition("?")[2].partition("#")[0]
    return parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=10_000)


def _named(
    query: Mapping[str, str], name: str | None, parameter: DeclaredParameter | None, member: str
) -> list[str]:
    if name is None or parameter is None:
        return []
    names = (name, f"{name}[{member}]")
    return [query[parameter_name] for parameter_name in names if query.get(parameter_name)]


def _whole(text: str) -> int | None:
    return int(text) if is_number(text) and int(text) > 0 else None


def is_number(text: str) -> bool:
    """Return whether a text is a whole number of up to 18 digits, without a sign."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
