"""Fills the paths of operations with the ids of parents and records of a target."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import quote

from fake_server.verify.api_files.applicability import largest_size
from fake_server.verify.api_files.declared_operations import DeclaredOperation, properties
from fake_server.verify.api_files.embedded import resources_of
from fake_server.verify.api_files.row_values import value_of
from fake_server.verify.outcome_errors import NotShownError
from fake_server.verify.server.raw_messages import Answer
from fake_server.verify.target.target import Target

NOBODY = 999_999_999
"""An id that no record has."""

_TRIED_PARENTS = 8
"""How many parents are tried until one has rows."""
_SAMPLE_SIZE = 100
_NO_LETTER = re.compile(r"[\W_]")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LAST_PARAMETER = re.compile(r"(.*)/\{([^}]+)\}([^{]*)")
"""The last parameter of a path, and the text before and behind it."""


class Paths:
    """Fills the parameters of paths from the rows of other lists of one target."""

    def __init__(self, target: Target, operations: Sequence[DeclaredOperation]) -> None:
        self._target = target
        self._operations = operations
        self._lists = {
            operation.path: operation for operation in operations if operation.action == "list"
        }

    def whole_list(self, resource: str) -> DeclaredOperation | None:
        """Return the list of all records of a resource; None if the document declares none."""
        lists = [
            operation
            for operation in self._lists.values()
            if operation.resource == resource and not operation.path_parameters
        ]
        return min(lists, key=lambda operation: len(operation.path), default=None)

    def open_lists(self) -> list[DeclaredOperation]:
        """Return the lists of all records with pages and without roles, in order of their paths."""
        return [
            declared
            for _, declared in sorted(self._lists.items())
            if not declared.path_parameters
            and not declared.roles
            and declared.query(declared.listing.page) is not None
        ]

    def counted_list(self, operation: DeclaredOperation) -> DeclaredOperation | None:
        """Return the list whose rows a graph counts; None if the document declares none."""
        return self._lists.get(operation.path.rpartition("/graph")[0])

    def path(self, operation: DeclaredOperation) -> str:
        """Return a path of an operation, below a parent that has rows if the target has one.

        Raises `NotShownError` if the target has no such parent.
        """
        return self._target.remember(("path", operation.id), lambda: self._find_path(operation))

    def unknown_path(self, operation: DeclaredOperation) -> str:
        """Return a path whose last parent, or record, does not exist."""
        names = [name for name in operation.path_parameters if not _options(operation, name)]
        parents = _values(operation.path, self.path(operation)) if len(names) > 1 else {}
        fixed = {name: _options(operation, name)[:1] for name in operation.path_parameters}
        values = {name: value[0] for name, value in fixed.items() if value}
        return _with_values(operation.path, {**values, **parents, names[-1]: NOBODY})

    def parent_of(self, operation: DeclaredOperation) -> tuple[str, str]:
        """Return the name and the value of the path's parameter for the last parent."""
        names = [name for name in operation.path_parameters if not _options(operation, name)]
        name = names[-1] if operation.action != "show" else names[-2]
        return name, _values(operation.path, self.path(operation))[name]

    def path_below(self, operation: DeclaredOperation, name: object) -> str:
        """Return the path of an operation with another name of its last parent."""
        values = _values(operation.path, self.path(operation))
        return _with_values(operation.path, {**values, self.parent_of(operation)[0]: name})

    def paths_of_other_parents(self, operation: DeclaredOperation) -> Iterator[str]:
        """Yield further paths of an operation: those of other parents."""
        return (path for path in self._candidates(operation) if path != self.path(operation))

    def rows_around(self, operation: DeclaredOperation) -> list[Mapping[str, Any]]:
        """Return the rows of the list around a record; [] if the document declares no such list."""
        return self.rows_of(self.path(operation).rpartition("/")[0])

    def rows_of(self, list_path: str) -> list[Mapping[str, Any]]:
        """Return the rows of the list at a path; [] if the document declares no list there."""
        list_operation = next(
            (
                candidate
                for candidate in self._lists.values()
                if _matches(candidate.path, list_path)
            ),
            None,
        )
        return [] if list_operation is None else self._rows(list_path, list_operation)

    def _find_path(self, operation: DeclaredOperation) -> str:
        candidates = list(islice(self._candidates(operation), _TRIED_PARENTS))
        if not candidates:
            raise NotShownError(f"a record that {operation.path} can be asked of")
        if operation.action != "list" or len(candidates) == 1:
            return candidates[0]
        return next((path for path in candidates if self._rows(path, operation)), candidates[0])

    def _candidates(self, operation: DeclaredOperation) -> Iterator[str]:
        return self._fill(operation, operation.path)

    def _fill(self, operation: DeclaredOperation, template: str) -> Iterator[str]:
        """Yield the beginning of an operation's path with values for its parameters."""
        match = _LAST_PARAMETER.fullmatch(template)
        if match is None:
            yield template
            return
        head, name, suffix = match.groups()
        list_operation = self._lists.get(head)
        if list_operation is not None and list_operation.path_parameters:
            prefixes: Iterable[str] = (self.path(list_operation),)
        else:
            prefixes = self._fill(operation, head)
        for prefix in prefixes:
            for value in _options(operation, name)[:1] or self._values_of_parameter(
                operation, name, prefix
            ):
                yield f"{prefix}/{quote(str(value), safe='')}{suffix}"

    def _values_of_parameter(
        self, operation: DeclaredOperation, name: str, prefix: str
    ) -> Iterator[int | str]:
        """Yield the values for a parameter of a path that lists show, each once.

        Of each list, those that most rows show come first: what they name has most rows below it.
        """
        seen: set[int | str] = set()
        for source, path, fields in self._sources(operation, name, prefix):
            counts = Counter(
                value
                for row in self._rows(path, source)
                for value in [
                    *_values_in(source, row, fields),
                    *_named_by_type(row, operation.parent),
                ]
                if isinstance(value, int | str) and value not in seen
            )
            seen.update(counts)
            yield from (value for value, _ in counts.most_common())

    def _sources(
        self, operation: DeclaredOperation, name: str, prefix: str
    ) -> Iterator[tuple[DeclaredOperation, str, tuple[str, ...]]]:
        """Yield lists whose rows show values of a parameter, their paths, and the fields.

        The list around a record shows the record's own id. The rows of the resource show the ids
        of parents; then the list of the parents does, then any other list.
        """
        whole_list = self.whole_list(operation.resource)
        list_operation = next(
            (candidate for candidate in self._lists.values() if _matches(candidate.path, prefix)),
            None,
        )
        is_own_id = operation.action == "show" and operation.path_parameters[-1] == name
        if is_own_id:
            if list_operation is not None:
                yield list_operation, prefix, (key_field(list_operation, name),)
            elif whole_list is not None:
                yield whole_list, whole_list.path, (key_field(whole_list, name),)
            return
        bases = parent_fields(operation, name)
        if whole_list is not None:
            yield whole_list, whole_list.path, bases
        if list_operation is not None:
            yield list_operation, prefix, (key_field(list_operation, name),)
        for other in self._lists.values():
            if (
                not other.path_parameters
                and other is not whole_list
                and other is not list_operation
            ):
                yield other, other.path, bases

    def _rows(self, path: str, operation: DeclaredOperation) -> list[Mapping[str, Any]]:
        def fetch() -> list[Mapping[str, Any]]:
            size = operation.query(operation.listing.size)
            most = min(_SAMPLE_SIZE, largest_size(operation) or _SAMPLE_SIZE)
            params = {size.name: most} if size else None
            answer = get_with_role(self._target, operation, path, params)
            answer.expect_status(200)
            return [row for row in self._target.records(answer) if isinstance(row, Mapping)]

        return self._target.remember(("rows", path), fetch)


def get_with_role(
    target: Target, operation: DeclaredOperation, path: str, params: Mapping[str, Any] | None
) -> Answer:
    """Return the answer to a GET of an operation, whose document may ask for a role.

    Raises `NotShownError` if the credential has not the role. An operation that refuses once is
    not asked again.
    """
    refusal = ("refused for a role", operation.id)
    if not operation.roles:
        return target.get(path, params=params)
    if not target.has_memory_of(refusal):
        answer = target.get(path, params=params)
        if answer.status != 403:
            return answer
        target.remember(refusal, lambda: True)
    raise NotShownError(f"a credential with the role {' or '.join(operation.roles)}")


def _values_in(
    source: DeclaredOperation, row: Mapping[str, Any], fields: Sequence[str]
) -> Iterator[Any]:
    """Yield the values of fields in a row, and those of their lists, such as `campus_ids`."""
    for field in fields:
        yield value_of(source, row, field)
        several = row.get(f"{field}s")
        yield from several if isinstance(several, list) else ()


def _named_by_type(row: Mapping[str, Any], parent: str | None) -> list[Any]:
    """Return the ids of a parent that a row names by its type, as `feedbackable_type` does."""
    return [
        row.get(f"{name.removesuffix('_type')}_id")
        for name, kind in row.items()
        if name.endswith("_type") and isinstance(kind, str) and parent in resources_of(kind)
    ]


def _options(operation: DeclaredOperation, name: str) -> tuple[Any, ...]:
    return operation.path_schemas[name].options


def key_field(operation: DeclaredOperation, name: str) -> str:
    """Return the field of rows whose value stands in a path for a parameter.

    It is the field with the name of the parameter, in any spelling, else `id`.
    """
    spelled = {
        _letters_of(field): field for field in properties(operation.document, operation.item)
    }
    return spelled.get(_letters_of(name), "id")


def _letters_of(name: str) -> str:
    return _NO_LETTER.sub("", name).lower()


def parent_fields(operation: DeclaredOperation, name: str) -> tuple[str, ...]:
    """Return the fields that may hold the parent's id in rows of other lists."""
    if name != "id":
        plain = _NO_LETTER.sub("_", _WORD_START.sub("_", name)).lower()
        return tuple(dict.fromkeys((plain if plain.endswith("_id") else f"{plain}_id", name)))
    parent = operation.parent or operation.resource
    singular = {parent, parent.removesuffix("s"), parent.removesuffix("es")}
    if parent.endswith("ies"):
        singular.add(f"{parent.removesuffix('ies')}y")
    return tuple(f"{noun}_id" for noun in sorted(singular))


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
