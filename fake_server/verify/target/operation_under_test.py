"""The operation under test of shared entries: its answers, rows, parents and records."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import unquote

from fake_server.verify.api_files.applicability import (
    default_size,
    largest_size,
    refuses_larger_pages,
)
from fake_server.verify.api_files.declared_conditions import FilterCondition, filters
from fake_server.verify.api_files.declared_operations import DeclaredOperation
from fake_server.verify.api_files.row_values import is_plain, text_of
from fake_server.verify.outcome_errors import NotShownError, need
from fake_server.verify.server.raw_messages import Answer, query_string
from fake_server.verify.target.paths import Paths, get_with_role, key_field, parent_fields
from fake_server.verify.target.rotation import Different, Rotation
from fake_server.verify.target.shape import accepts
from fake_server.verify.target.target import Target

_T = TypeVar("_T")
_U = TypeVar("_U")

Row = dict[str, Any]

_SAMPLE_SIZE = 100
"""How many rows a sample has at most."""

_OTHER_PARENTS = 3
"""The number of other parents whose rows are read."""


_NAMED = 8
"""The largest number of names in a report of what was not shown."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows of one page; `complete` is whether they are all that the list has."""

    rows: list[Row]
    complete: bool


@dataclass
class OperationUnderTest:
    """One operation, at a path whose parents exist.

    Tests of one operation share its answers.
    """

    target: Target
    declared: DeclaredOperation
    paths: Paths
    rotation: Rotation
    notes: list[str] = field(default_factory=list)
    _answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path, with parents and a record of the target; raises `NotShownError` without any."""
        return self.paths.path(self.declared)

    @property
    def unknown_path(self) -> str:
        """The path of a record, or below a parent, that does not exist."""
        return self.paths.unknown_path(self.declared)

    # Asking

    def get(self, params: Mapping[str, Any] | None = None) -> Answer:
        """Return the answer to a GET, which must be 200; the request is sent once."""
        key = query_string(params)
        if key not in self._answers:
            answer = get_with_role(self.target, self.declared, self.path, params)
            self._answers[key] = answer.expect_status(200)
        # The report of a broken behaviour shows the last request: here it may be an earlier test's.
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
    def widest_params(self) -> dict[str, Any]:
        """Parameters for the longest page and all fields of its rows."""
        size = self.declared.query(self.declared.listing.size)
        sized = (
            {size.name: min(_SAMPLE_SIZE, largest_size(self.declared) or _SAMPLE_SIZE)}
            if size
            else {}
        )
        return {**self.all_fields, **sized}

    def total(self, params: Mapping[str, Any] | None = None) -> int | None:
        """Return the total in the header; None if the API has no such header."""
        name = self.declared.listing.total
        answer = self.get(params)
        if name is None or name not in answer.headers:
            return None
        return self.target.total(answer)

    def sample(self, params: Mapping[str, Any] | None = None) -> Sample:
        """Return the rows of the longest page of the list; `params` may narrow it."""
        all_params = {**self.widest_params, **(params or {})}
        rows, total = self.rows(all_params), self.total(all_params)
        size = self.declared.query(self.declared.listing.size)
        if total is not None:
            return Sample(rows, total == len(rows))
        return Sample(rows, size is None or len(rows) < self.widest_params[size.name])

    def require_rows(self, least: int = 1) -> Sample:
        """Return a sample of `least` rows or more; raises `NotShownError` if there are fewer."""
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
    def refuses_larger_pages(self) -> bool:
        """Whether the API refuses a page larger than the largest one, and does not cut it."""
        return refuses_larger_pages(self.declared)

    def accepts_value(self, condition: FilterCondition, value: Any) -> bool:
        """Return whether a filter accepts a value of a row."""
        text = text_of(value)
        if not is_plain(value) or not text or "," in text:
            return False
        return accepts(self.declared, condition.schema, text, value)

    def query_values(self, condition: FilterCondition, values: Iterable[Any]) -> list[Any]:
        """Return those values of rows that a filter accepts, as a query holds them."""
        accepted = (value for value in values if self.accepts_value(condition, value))
        return [condition.query_value(value) for value in accepted]

    # Parents and records

    @property
    def parent(self) -> tuple[tuple[str, ...], str]:
        """The fields in which rows may name their parent, and its id."""
        name, value = self.paths.parent_of(self.declared)
        return parent_fields(self.declared, name), value

    @property
    def paths_by_name(self) -> list[str]:
        """The paths that name the parent by other fields than its id; [] without any."""
        _, value = self.paths.parent_of(self.declared)
        own_list = self.paths.whole_list(self.declared.parent or "")
        if own_list is None:
            return []
        parents = OperationUnderTest(self.target, own_list, self.paths, self.rotation)
        row = next(iter(parents.rows_with_ids([value])), {})
        names = [str(row.get(name) or "") for name in self.declared.listing.names]
        # A name in digits is the id of another record.
        usable = [name for name in names if name and not name.isdigit()]
        return [self.paths.path_below(self.declared, name) for name in usable]

    def rows_of_other_parents(self) -> Iterator[list[Row]]:
        """Yield the rows below a few other parents."""
        for path in islice(self.paths.paths_of_other_parents(self.declared), _OTHER_PARENTS):
            answer = self.target.get(path, params=self.widest_params).expect_status(200)
            yield self.target.records(answer)

    @property
    def id_in_path(self) -> str:
        """The id, or other key, of the record in the path."""
        return unquote(self.path.rpartition("/")[2])

    @property
    def key(self) -> str:
        """The field of a record that holds the value in the path."""
        return key_field(self.declared, self.declared.path_parameters[-1])

    @property
    def record(self) -> Any:
        """The record in the answer."""
        body = self.get().json
        return body if self.declared.member is None else body.get(self.declared.member)

    @property
    def listed_row(self) -> Row | None:
        """The row of the record in the list around it; None without one."""
        rows = self.paths.rows_around(self.declared)
        return next((dict(row) for row in rows if str(row.get(self.key)) == self.id_in_path), None)

    # Choosing

    def choose(self, items: Sequence[_T]) -> list[_T]:
        """Return all items, or, for a live service, the one whose turn it is."""
        return self.rotation.choose(self.declared.id, items)

    def turns(self, items: Sequence[_T]) -> list[_T]:
        """Return all items, or, for a live service, a few from the one whose turn it is."""
        return self.rotation.turns(self.declared.id, items)

    def expect_each(
        self, items: Iterable[_T], show: Callable[[_T], bool], name: Callable[[_T], str], what: str
    ) -> None:
        """Run `show` for each item; for a live service, until one shows what it is to show.

        Raises `NotShownError` if none does; else notes which do not.
        """
        shown: list[str] = []
        hidden: list[str] = []
        for item in items:
            (shown if show(item) else hidden).append(name(item))
            if shown and not self.rotation.whole:
                break
        self.require_shown(shown, hidden, what)

    def choose_pairs(
        self, name: str, left: Sequence[_T], right: Sequence[_U], are_different: "Different[_T, _U]"
    ) -> list[tuple[_T, _U]]:
        """Return the pairs of items whose turn it is; see `Rotation.pairs`."""
        return self.rotation.pairs(f"{self.declared.id} {name}", left, right, are_different)

    def id_filter(self) -> FilterCondition | None:
        """Return the filter that takes several ids; None if the operation declares none."""
        if self.declared.listing.several is None:
            return None
        return next(
            (condition for condition in filters(self.declared) if condition.field == "id"), None
        )

    def params_for_rows(self, rows: Sequence[Row]) -> dict[str, Any] | None:
        """Return the parameters that select exactly these rows; None if no filter can."""
        condition = self.id_filter()
        if condition is None or not all("id" in row for row in rows):
            return None
        return {condition.key: self.declared.listing.several_values(row["id"] for row in rows)}

    def rows_with_ids(self, ids: Sequence[Any]) -> list[Row]:
        """Return the rows with some ids, as far as the longest page or a filter shows them."""
        texts = set(map(str, ids))
        rows = [dict(row) for row in self.paths.rows_of(self.path)]
        known = [row for row in rows if str(row.get("id")) in texts]
        params = None if known else self.params_for_rows([{"id": id_} for id_ in ids])
        return known if params is None else self.sample(params).rows

    def whole_list(self) -> "OperationUnderTest | None":
        """Return the list of all records of the resource; None if this is the only list."""
        whole_list = self.paths.whole_list(self.declared.resource)
        if whole_list is None or whole_list is self.declared:
            return None
        return OperationUnderTest(self.target, whole_list, self.paths, self.rotation)

    def another_list(self) -> "OperationUnderTest | None":
        """Return a list of two rows or more with pages, the same one for all other lists."""
        others = (
            OperationUnderTest(self.target, declared, self.paths, self.rotation)
            for declared in self.paths.open_lists()
            if declared is not self.declared
        )
        return next((other for other in others if len(self.paths.rows_of(other.path)) > 1), None)

    def counted_list(self) -> "OperationUnderTest | None":
        """Return the list whose rows a graph counts; None if the document declares none."""
        counted = self.paths.counted_list(self.declared)
        if counted is None:
            return None
        return OperationUnderTest(self.target, counted, self.paths, self.rotation)

    def note(self, text: str) -> None:
        """Add a note about the operation to the report."""
        self.notes.append(text)

    def require_shown(self, shown: Sequence[str], hidden: Sequence[str], what: str) -> None:
        """Raise `NotShownError` if nothing was shown; else note what was not shown."""
        names = ", ".join(hidden[:_NAMED])
        if len(hidden) > _NAMED:
            names += f" and {len(hidden) - _NAMED} more"
        if not shown:
            raise NotShownError(f"rows that show {what}: {names or 'none is there'}")
        if hidden:
            self.note(f"not shown: {names}")


def key_of(row: Row) -> Any:
    """Return the identity of a row: its id, or the whole row."""
    return row["id"] if isinstance(row, Mapping) and "id" in row else repr(row)


def keys_of(rows: Sequence[Row]) -> list[Any]:
    """Return the identity of each row, in their order."""
    return [key_of(row) for row in rows]
