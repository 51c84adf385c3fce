"""The filters by words: a type of things, a type of lines."""

import re
from collections.abc import Mapping

from fake_server.api.declare import Field
from fake_server.api.serve import Parameters, has_quirk
from fake_server.apis.fabmanager.dialect import ruby_parameters as ruby
from fake_server.apis.fabmanager.dialect.errors import ServerError
from fake_server.apis.fabmanager.dialect.list_query import LabListQuery
from fake_server.apis.fabmanager.dialect.parameters import option
from fake_server.apis.fabmanager.ruby.conversions import is_blank, no_method

_PLURAL = re.compile(r"(?<!s)s\Z", re.IGNORECASE)
_PART = re.compile(r"(?:\A|_)([a-z0-9]*)")


def read_words(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the words of which a column must have one: a single option of the document.

    The real service compares whatever it gets, a list too.
    """
    value = parameters.get(name)
    if not has_quirk("validation-off"):
        _require_option(query, parameters, name, field)
    elif not is_blank(value):
        _require(query, name, value if isinstance(value, list) else [value])


def read_listed_words(
    query: LabListQuery,
    parameters: Parameters,
    name: str,
    field: Field,
    stored: Mapping[str, str],
) -> None:
    """Read words as `read_words` does, in a text such as `[vat,item]` too.

    `stored` has the words of the column for those of the document that differ.
    """
    if not has_quirk("validation-off"):
        _require_option(query, parameters, name, field)
    elif not is_blank(parameters.get(name)):
        _require(query, name, ruby.items(parameters[name]))
    if name in query.values:
        query.values[name] = [stored.get(word, word) for word in query.values[name]]


def read_class(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    """Read the name of a class, which the real service makes of words such as `machines`."""
    value = parameters.get(name)
    if not has_quirk("validation-off"):
        word = class_name(value) if isinstance(value, str) else ""
        if has_quirk("words-as-classes") and word in field.options:
            _require(query, name, [word])
        else:
            _require_option(query, parameters, name, field)
    elif not is_blank(value):
        if not isinstance(value, str):
            raise ServerError(no_method("singularize", value))
        _require(query, name, [class_name(value) if has_quirk("words-as-classes") else value])


def class_name(words: str) -> str:
    """Return the class that Rails' `classify` makes of words: `Machine` of `machines`."""
    singular = _PLURAL.sub("", words.rpartition(".")[2])
    return _PART.sub(lambda part: part[1].capitalize(), singular)


def _require_option(query: LabListQuery, parameters: Parameters, name: str, field: Field) -> None:
    text = option(parameters, name, field.options)
    if text is not None:
        _require(query, name, [text])


def _require(query: LabListQuery, name: str, words: list[object]) -> None:
    query.require(name, [word for word in words if isinstance(word, str)])
