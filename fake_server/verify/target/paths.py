"""The paths of operations, with parents and records that a target has."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import quote

from fake_server.verify.api.applicability import largest_size
from fake_server.verify.api.conditions import value_of
from fake_server.verify.api.declared import Operation, properties
from fake_server.verify.errors import NotShownError
from fake_server.verify.target.target import Target

NOBODY = 999_999_999
"""The id of no record."""

_TRIED = 8
"""How many parents are tried for one that has rows."""
_MOST = 100
_NO_LETTER = re.compile(r"[\W_]")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LAST = re.compile(r"(.*)/\{([^}]+)\}([^{]*)")
"""The last parameter of a path, with what stands before and behind it."""


class Paths:
    """Fills the parameters of paths from the rows of other lists of one target."""

    def __init__(self, target: Target, operations: Sequence[Operation]) -> None:
        self._target = target
        self._operations = operations
        self._lists = {one.path: one for one in operations if one.action == "list"}

    def whole_list(self, resource: str) -> Operation | None:
        """Return the list of all records of a resource; None if the document declares none."""
        whole = [
            one
            for one in self._lists.values()
            if one.resource == resource and not one.path_parameters
        ]
        return min(whole, key=lambda one: len(one.path), default=None)

    def path(self, operation: Operation) -> str:
        """Return a path at which an operation has rows, if the target has such a parent.

        Raises `NotShownError` if the target's records name no parent at all.
        """
        return self._target.remember(("path", operation.id), lambda: self._found(operation))

    def path_of_nothing(self, operation: Operation) -> str:
        """Return a path whose last parent, or record, is not there."""
        names = [name for name in operation.path_parameters if not _options(operation, name)]
        known = _values(operation.path, self.path(operation)) if len(names) > 1 else {}
        fixed = {name: _options(operation, name)[:1] for name in operation.path_parameters}
        values = {name: value[0] for name, value in fixed.items() if value}
        return _with_values(operation.path, {**values, **known, names[-1]: NOBODY})

    def parent_of(self, operation: Operation) -> tuple[str, str]:
        """Return the name of the parameter for the last parent, and its value."""
        names = [name for name in operation.path_parameters if not _options(operation, name)]
        name = names[-1] if operation.action != "show" else names[-2]
        return name, _values(operation.path, self.path(operation))[name]

    def others(self, operation: Operation) -> Iterator[str]:
        """Yield further paths of an operation: those of other parents."""
        return (one for one in self._candidates(operation) if one != self.path(operation))

    def rows_beside(self, operation: Operation) -> list[Mapping[str, Any]]:
        """Return the rows of the list that a record stands in; [] if it stands in none."""
        beside = self.path(operation).rpartition("/")[0]
        listed = next((one for one in self._lists.values() if _matches(one.path, beside)), None)
        return [] if listed is None else self._rows(beside, listed)

    def _found(self, operation: Operation) -> str:
        candidates = list(islice(self._candidates(operation), _TRIED))
        if not candidates:
            raise NotShownError(f"a record that {operation.path} can be asked of")
        if operation.action != "list" or len(candidates) == 1:
            return candidates[0]
        return next((one for one in candidates if self._rows(one, operation)), candidates[0])

    def _candidates(self, operation: Operation) -> Iterator[str]:
        return self._filled(operation, operation.path)

    def _filled(self, operation: Operation, template: str) -> Iterator[str]:
        """Yield the beginning of an operation's path with values for its parameters."""
        match = _LAST.fullmatch(template)
        if match is None:
            yield template
            return
        head, name, rest = match.groups()
        listed = self._lists.get(head)
        if listed is not None and listed.path_parameters:
            prefixes: Iterable[str] = (self.path(listed),)
        else:
            prefixes = self._filled(operation, head)
        for prefix in prefixes:
            for value in _options(operation, name)[:1] or self._ids(operation, name, prefix):
                yield f"{prefix}/{quote(str(value), safe='')}{rest}"

    def _ids(self, operation: Operation, name: str, prefix: str) -> Iterator[int | str]:
        """Yield values for a parameter of a path, each once, as far as lists show any."""
        seen: set[int | str] = set()
        for source, path, fields in self._sources(operation, name, prefix):
            for row in self._rows(path, source):
                for value in (value_of(source, row, field) for field in fields):
                    if isinstance(value, int | str) and value not in seen:
                        seen.add(value)
                        yield value

    def _sources(
        self, operation: Operation, name: str, prefix: str
    ) -> Iterator[tuple[Operation, str, tuple[str, ...]]]:
        """Yield lists whose rows show values of a parameter, and the fields that hold them.

        They are: for a record's own id, the list it stands in; for a parent, the resource's rows
        that name theirs, then the parents' list, then the rows of any other list.
        """
        whole = self.whole_list(operation.resource)
        listed = next((one for one in self._lists.values() if _matches(one.path, prefix)), None)
        own = operation.action == "show" and operation.path_parameters[-1] == name
        if own:
            if listed is not None:
                yield listed, prefix, (key_field(listed, name),)
            elif whole is not None:
                yield whole, whole.path, (key_field(whole, name),)
            return
        bases = parent_fields(operation, name)
        if whole is not None:
            yield whole, whole.path, bases
        if listed is not None:
            yield listed, prefix, (key_field(listed, name),)
        for one in self._lists.values():
            if not one.path_parameters and one is not whole and one is not listed:
                yield one, one.path, bases

    def _rows(self, path: str, operation: Operation) -> list[Mapping[str, Any]]:
        def find() -> list[Mapping[str, Any]]:
            size = operation.query(operation.listing.size)
            most = min(_MOST, largest_size(operation) or _MOST)
            params = {size.name: most} if size else None
            answer = self._target.get(path, params=params).expect_status(200)
            return [row for row in self._target.records(answer) if isinstance(row, Mapping)]

        return self._target.remember(("rows", path), find)


def _options(operation: Operation, name: str) -> tuple[Any, ...]:
    return operation.inside[name].options


def key_field(operation: Operation, name: str) -> str:
    """Return the field of a list's rows that a path's parameter names a record by: `id`, unless
    rows have one that is called like the parameter, however it is spelled.
    """
    spelled = {_bare(field): field for field in properties(operation.document, operation.item)}
    return spelled.get(_bare(name), "id")


def _bare(name: str) -> str:
    return _NO_LETTER.sub("", name).lower()


def parent_fields(operation: Operation, name: str) -> tuple[str, ...]:
    """Return the fields in which rows of other lists may name the parent."""
    if name != "id":
        plain = _NO_LETTER.sub("_", _HUMP.sub("_", name)).lower()
        return tuple(dict.fromkeys((plain if plain.endswith("_id") else f"{plain}_id", name)))
    parent = operation.parent or operation.resource
    singular = {parent, parent.removesuffix("s"), parent.removesuffix("es")}
    if parent.endswith("ies"):
        singular.add(f"{parent.removesuffix('ies')}y")
    return tuple(f"{one}_id" for one in sorted(singular))


def _matches(template: str, path: str) -> bool:
    parts = map(re.escape, re.split(r"\{[^}]+\}", template))
    return re.fullmatch("[^/]+".join(parts), path) is not None


def _values(template: str, path: str) -> dict[str, str]:
    names = re.findall(r"\{([^}]+)\}", template)
    parts = map(re.escape, re.split(r"\{[^}]+\}", template))
    match = re.fullmatch("([^/]+)".join(parts), path)
    return dict(zip(names, match.groups(), strict=True)) if match else {}


def _with_values(template: str, values: Mapping[str, Any]) -> str:
    return re.sub(r"\{([^}]+)\}", lambda match: quote(str(values[match[1]]), safe=""), template)
