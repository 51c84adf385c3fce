"""The words of an API's documents, which stay in a kept recording."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fake_server.data_files.api_document import api_document
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.operations_by_path import field_names

_LOWER_CASE = re.compile(r"(?<![\w'])[a-z]+(?:'[a-z]+)?(?![\w'])")
_BEFORE_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARAMETER = re.compile(r"\{[^}]*\}")


def snake_case(name: str) -> str:
    """Return a name such as `phoneNumber` or `phone-number` as `phone_number`."""
    return _BEFORE_CAPITAL.sub("_", name).replace("-", "_").lower()


class Vocabulary:
    """What an API's documents name.

    - `names`: of properties.
    - `segments`: of paths.
    - `values`: the texts that a document lists (`enum`, `const`), by the name of the property or
      parameter as `snake_case` has it.
    - `hosts`: of the API.
    - `prose`: the words of descriptions, in lower case.
    """

    def __init__(self, api: str) -> None:
        document = api_document(api, "live")
        self.names = field_names(api)
        self.segments = frozenset(
            {
                segment
                for path in document.get("paths", {})
                for segment in path.split("/")
                if segment and not _PARAMETER.search(segment)
            }
            | {api}
        )
        self.values: dict[str, set[str]] = {}
        for name, value in _listed(document, ""):
            self.values.setdefault(name, set()).add(value)
        self.hosts = frozenset(api_under_test(api).hosts)
        self.prose = frozenset(
            word for text in _descriptions(document) for word in _LOWER_CASE.findall(text)
        )

    def lists(self, name: str, value: str) -> bool:
        """Return whether a document lists a value for a property or parameter."""
        return value in self.values.get(snake_case(name), ())


@cache
def vocabulary(api: str) -> Vocabulary:
    """Return the words of an API's documents."""
    return Vocabulary(api)


def _listed(node: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield each listed value with the innermost name around it."""
    if isinstance(node, list):
        for member in node:
            yield from _listed(member, name)
    elif isinstance(node, Mapping):
        if isinstance(node.get("name"), str) and isinstance(node.get("in"), str):
            name = snake_case(node["name"])
        values = node.get("enum", ())
        constants = [node["const"]] if "const" in node else []
        if isinstance(values, list | tuple):
            for value in [*values, *constants]:
                if isinstance(value, str):
                    yield name, value
        for key, member in node.items():
            if key == "properties" and isinstance(member, Mapping):
                for property_name, schema in member.items():
                    yield from _listed(schema, snake_case(property_name))
            else:
                yield from _listed(member, name)


def _descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for member in node:
            yield from _descriptions(member)
    elif isinstance(node, Mapping):
        for key, member in node.items():
            if key == "description" and isinstance(member, str):
                yield member
            else:
                yield from _descriptions(member)


def innermost(name: str) -> str:
    """Return the innermost name of a parameter: `login` of `filter[login]`."""
    return snake_case(name.rstrip("]").rpartition("[")[2] or name)
