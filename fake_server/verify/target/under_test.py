"""An operation of an API as the tests of shared entries see it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import unquote

from fake_server.verify.api.applicability import default_size, largest_size, refuses_larger
from fake_server.verify.api.conditions import Filter, filters, is_plain, text_of
from fake_server.verify.api.declared import Operation
from fake_server.verify.errors import NotShownError, need
from fake_server.verify.server.messages import Answer, query_string
from fake_server.verify.target.paths import Paths, key_field, parent_fields
from fake_server.verify.target.rotation import Rotation
from fake_server.verify.target.shape import accepts
from fake_server.verify.target.target import Target

_T = TypeVar("_T")

Row = dict[str, Any]

_MOST = 100
"""How many rows a sample has at most."""

_OTHERS = 3
"""How many other parents are asked for their rows."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows of one page; `complete` is whether they are all that the list has."""

    rows: list[Row]
    complete: bool


@dataclass
class OperationUnderTest:
    """One operation, asked at a path of which its parents are known.

    Answers are kept while the tests of one operation run, so that they share requests.
    """

    target: Target
    declared: Operation
    paths: Paths
    rotation: Rotation
    notes: list[str] = field(default_factory=list)
    _answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path, with parents and a record that the target has; raises `NotShownError`."""
        return self.paths.path(self.declared)

    @property
    def path_of_nothing(self) -> str:
        """The path, with the id of no record as the last parent, or as the record itself."""
        return self.paths.path_of_nothing(self.declared)

    # Asking

    def get(self, params: Mapping[str, Any] | None = None) -> Answer:
        """Return the answer to a GET, which must be 200; asked for once."""
        key = query_string(params)
        if key not in self._answers:
            answer = self.target.get(self.path, params=params)
            self._answers[key] = answer.expect_status(200)
        # The request that shows a broken behaviour names it, whoever sent it first.
        self.target.sender.last = self._answers[key].request
        return self._answers[key]

    def rows(self, params: Mapping[str, Any] | None = None) -> list[Row]:
        """Return the rows of a page."""
        return self.target.records(self.get(params))

    def page(self, number: int, size: int) -> dict[str, Any]:
        """Return the parameters for a page."""
        listing = self.declared.listing
        need(listing.page and listing.size, "pages")
        return {**self.all_fields, str(listing.page): number, str(listing.size): size}

    @property
    def all_fields(self) -> dict[str, str]:
        """Parameters that ask for all fields of a row."""
        parameter = self.declared.query(self.declared.listing.fields)
        return {parameter.name: ",".join(map(str, parameter.options))} if parameter else {}

    @property
    def widest(self) -> dict[str, Any]:
        """Parameters for the longest page and all fields of its rows."""
        size = self.declared.query(self.declared.listing.size)
        sized = {size.name: min(_MOST, largest_size(self.declared) or _MOST)} if size else {}
        return {**self.all_fields, **sized}

    def total(self, params: Mapping[str, Any] | None = None) -> int | None:
        """Return the total in the header; None if the API has no such header."""
        name = self.declared.listing.total
        answer = self.get(params)
        if name is None or name not in answer.headers:
            return None
        return self.target.total(answer)

    def sample(self, params: Mapping[str, Any] | None = None) -> Sample:
        """Return the rows of the longest page of the list, or of what conditions keep of it."""
        asked = {**self.widest, **(params or {})}
        rows, total = self.rows(asked), self.total(asked)
        size = self.declared.query(self.declared.listing.size)
        if total is not None:
            return Sample(rows, total == len(rows))
        return Sample(rows, size is None or len(rows) < self.widest[size.name])

    def require_rows(self, least: int = 1) -> Sample:
        """Return a sample of at least so many rows; raises `NotShownError` if there are fewer."""
        sample = self.sample()
        need(len(sample.rows) >= least, f"{least} rows in {self.path}")
        return sample

    @property
    def default_size(self) -> int | None:
        """How many rows a page has unless the request says otherwise."""
        return default_size(self.declared)

    @property
    def largest_size(self) -> int | None:
        """How many rows a page may have."""
        return largest_size(self.declared)

    def follow(self, url: str) -> Answer:
        """Return the answer to a link, which must be 200."""
        return self.target.follow(url).expect_status(200)

    # What the document declares

    @property
    def refuses_larger(self) -> bool:
        """Whether a page larger than the largest is refused, not cut down."""
        return refuses_larger(self.declared)

    def takes(self, condition: Filter, value: Any) -> bool:
        """Return whether a filter takes a value of a row."""
        text = text_of(value)
        if not is_plain(value) or not text or "," in text:
            return False
        return accepts(self.declared, condition.schema, text, value)

    # Parents and records

    @property
    def parent(self) -> tuple[tuple[str, ...], str]:
        """The fields in which rows may name their parent, and its id."""
        name, value = self.paths.parent_of(self.declared)
        return parent_fields(self.declared, name), value

    def rows_of_others(self) -> Iterator[list[Row]]:
        """Yield the rows below a few other parents."""
        for path in islice(self.paths.others(self.declared), _OTHERS):
            answer = self.target.get(path, params=self.widest).expect_status(200)
            yield self.target.records(answer)

    @property
    def id_in_path(self) -> str:
        """The id, or other key, of the record that the path names."""
        return unquote(self.path.rpartition("/")[2])

    @property
    def key(self) -> str:
        """The field of a record that holds what the path names it by."""
        return key_field(self.declared, self.declared.path_parameters[-1])

    @property
    def record(self) -> Any:
        """The record that the answer shows."""
        body = self.get().json
        return body if self.declared.member is None else body.get(self.declared.member)

    @property
    def listed_row(self) -> Row | None:
        """The row that the record has in the list it stands in; None if it stands in none."""
        rows = self.paths.rows_beside(self.declared)
        return next((dict(row) for row in rows if str(row.get(self.key)) == self.id_in_path), None)

    # Choosing

    def some(self, of: Sequence[_T]) -> list[_T]:
        """Return all of something, or, where requests are dear, the one whose turn it is."""
        return self.rotation.some(self.declared.id, of)

    def id_filter(self) -> Filter | None:
        """Return the filter that takes several ids; None if the operation declares none."""
        if self.declared.listing.several is None:
            return None
        return next((one for one in filters(self.declared) if one.field == "id"), None)

    def narrowed(self, rows: Sequence[Row]) -> dict[str, Any] | None:
        """Return the parameters that keep just these rows; None if nothing does."""
        condition = self.id_filter()
        if condition is None or not all("id" in row for row in rows):
            return None
        return {condition.key: self.declared.listing.some_of(row["id"] for row in rows)}

    def sibling(self) -> "OperationUnderTest | None":
        """Return the list of all records of the resource; None if there is none beside this one."""
        whole = self.paths.whole_list(self.declared.resource)
        if whole is None or whole is self.declared:
            return None
        return OperationUnderTest(self.target, whole, self.paths, self.rotation)

    def note(self, text: str) -> None:
        """Add to what the report says of the operation."""
        self.notes.append(text)

    def need_some(self, shown: Sequence[str], hidden: Sequence[str], what: str) -> None:
        """Go on only if something was shown; the report names what was and what was not."""
        if not shown:
            raise NotShownError(f"rows that show {what}: {', '.join(hidden) or 'none is there'}")
        if hidden:
            self.note(f"not shown: {', '.join(hidden)}")


def key_of(row: Row) -> Any:
    """Return the identity of a row: its id, or the whole row."""
    return row["id"] if isinstance(row, Mapping) and "id" in row else repr(row)


def keys_of(rows: Sequence[Row]) -> list[Any]:
    """Return the identity of each row, in their order."""
    return [key_of(row) for row in rows]
