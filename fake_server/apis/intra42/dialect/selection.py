"""The records that a request selects: its parent, its filters and its ranges."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from fake_server.api.serve import LARGEST_OFFSET, Page, Parameters, SortKey, restricted, store
from fake_server.apis.intra42.dialect.parameters import filters, order_by, ranges
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.sql_conditions import Condition
from fake_server.apis.intra42.resources import RESOURCES

_FEW = 25_000


class Selection:
    """The records of a resource that satisfy every condition."""

    def __init__(
        self,
        resource: IntraResource,
        parents: Sequence[ColumnElement[bool]],
        conditions: Sequence[Condition],
    ) -> None:
        self.resource = resource
        self._parents = parents
        self._conditions = conditions

    @property
    def everything(self) -> bool:
        """Whether the selection has no condition."""
        return not self._parents and not self._conditions

    def where(self, *, scanned: bool, besides: Sequence[str] = ()) -> list[ColumnElement[Any]]:
        """Return the conditions, in the form for few matches or (`scanned`) for many.

        The conditions on `id` and on the fields `besides` keep their indexes in both forms.
        """
        served = {"id", *besides}
        return [
            *self._parents,
            *(
                condition.scanned
                if scanned and condition.field not in served
                else condition.indexed
                for condition in self._conditions
            ),
        ]

    def count(self) -> int:
        """Return the number of selected records. A tally has the number of a single condition."""
        if self._parents or len(self._conditions) != 1 or self._conditions[0].total is None:
            query = restricted(_count(self.resource), self.where(scanned=False))
        else:
            query = self._conditions[0].total()
        return int(store().value(query))

    def page(self, keys: Sequence[SortKey], number: int, size: int) -> Page:
        """Return one page of the records, sorted.

        Many matches are found faster by a walk through the records in order than by a sort.
        """
        total = self.count()
        offset = (number - 1) * size
        if offset >= total:
            return Page([], number, size, total)
        where = self.where(scanned=total > _FEW, besides=[keys[0].field])
        query = restricted(_in_order(self.resource, tuple(keys)), where)
        window = {"limit": size, "offset": min(offset, LARGEST_OFFSET)}
        return Page(store().rows(query, window), number, size, total)


@cache
def _count(resource: IntraResource) -> Select[Any]:
    return select(func.count()).select_from(resource.table)


@lru_cache(maxsize=256)
def _in_order(resource: IntraResource, keys: Sequence[SortKey]) -> Select[Any]:
    """Return the query of a page. Its parameters are `limit` and `offset`."""
    query = select(resource.table).order_by(*order_by(resource, keys))
    return query.limit(bindparam("limit")).offset(bindparam("offset"))


def selection_of(
    resource: IntraResource,
    params: Parameters,
    path: Mapping[str, str],
    besides: Sequence[ColumnElement[bool]] = (),
) -> Selection:
    """Return the selection of a request. `path` names the records that the list is nested under.

    `besides` are conditions that do not come from the request.

    Raises `NoSuchRecordError` and the errors of `filters` and `ranges`.
    """
    conditions = [*filters(resource, params), *ranges(resource, params)]
    parents = _parents(resource, params, path)
    return Selection(resource, [*resource.existing(), *besides, *parents], conditions)


def _parents(
    resource: IntraResource, params: Parameters, path: Mapping[str, str]
) -> Iterable[ColumnElement[bool]]:
    for name, keys in resource.declaration.parents.items():
        argument = f"{_singular(name)}_id"
        text = path.get(argument)
        if text is None and keys.get("query"):
            text = params.get(argument)
        if text is not None:
            yield resource.of_parent(name, _intra(name).id_of(str(text)))


@cache
def _intra(name: str) -> IntraResource:
    resource = RESOURCES[name]
    assert isinstance(resource, IntraResource)
    return resource


@cache
def _singular(name: str) -> str:
    return _intra(name).declaration.singular.replace(" ", "_")
