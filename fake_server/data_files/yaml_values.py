"""Reads YAML with its values as JSON has them."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple


def read_yaml(raw: bytes) -> Any:
    """Return a YAML document with its values as JSON has them, as OpenAPI asks for (YAML 1.2).

    Dates are text; so are `no`, `on` and `12:30`, which older YAML reads as other values.
    """
    import yaml

    from fake_server.yaml_classes import Loader

    class TextLoader(Loader):
        """Reads what JSON has no value for as text."""

    TextLoader.yaml_implicit_resolvers = {
        first: [(tag, _plainer(tag, pattern)) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in Loader.yaml_implicit_resolvers.items()
    }
    return yaml.load(raw, Loader=TextLoader)


_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_PLAIN: Mapping[str, re.Pattern[str]] = {
    "tag:yaml.org,2002:bool": re.compile("true|True|TRUE|false|False|FALSE"),
    "tag:yaml.org,2002:int": re.compile("[-+]?(0|[1-9][0-9]*)|0x[0-9a-fA-F]+"),
    "tag:yaml.org,2002:float": re.compile(
        r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    ),
}
"""What YAML 1.2 reads as a value other than text, by its tag."""


class _Whole(NamedTuple):
    """A pattern that fits a whole text, as PyYAML asks for it."""

    pattern: re.Pattern[str]

    def match(self, text: str) -> object:
        """Return whether the text fits."""
        return self.pattern.fullmatch(text)


def _plainer(tag: str, pattern: Any) -> Any:
    return _Whole(_PLAIN[tag]) if tag in _PLAIN else pattern
