"""Filters with options of their own. A request may choose several."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import or_

from fake_server.api.declare import index
from fake_server.api.invent import milliseconds
from fake_server.api.serve import now
from fake_server.apis.intra42.dialect.errors import OptionError, ValueKindError
from fake_server.apis.intra42.dialect.sql_conditions import Condition, between, present, valued
from fake_server.apis.intra42.resources import API

FLAGS = ("true", "false")


def listed(text: str) -> list[str]:
    """Return the values that commas join; commas at the end count for nothing, as in Ruby."""
    return text.rstrip(",").split(",")


def chosen_options(name: str, text: str, options: Sequence[str]) -> list[str]:
    """Return the options that a filter names, joined by commas.

    Raises `OptionError` for a value that is no option.
    """
    values = list(dict.fromkeys(listed(text)))
    for value in values:
        if value not in options:
            raise OptionError(name, value, options)
    return values


def presence(column: str) -> Callable[[Any, str, str], Condition]:
    """Return a function that makes a filter's condition: the instant is set."""
    return partial(_present, column)


def absence(column: str) -> Callable[[Any, str, str], Condition]:
    """Return a function that makes a filter's condition: the instant is not set."""
    return partial(_absent, column)


def flag(column: str) -> Callable[[Any, str, str], Condition]:
    """Return a function that makes a filter's condition: the column is true, or it is false."""
    return partial(_flag, column)


def _flag(column: str, resource: Any, name: str, text: str) -> Condition:
    values = [value == "true" for value in chosen_options(name, text, FLAGS)]
    return valued(resource.table.c[column], lambda operand: operand.in_(values))


def integers(name: str, text: str) -> list[int]:
    """Return the integers that a filter names, joined by commas; raises `ValueKindError`."""
    pattern = index(API).schemas["IntegerList"]["pattern"]
    if re.fullmatch(pattern, text) is None:
        raise ValueKindError("filter", name, text)
    return [int(value) for value in dict.fromkeys(listed(text))]


def _absent(column: str, resource: Any, name: str, text: str) -> Condition:
    values = chosen_options(name, text, FLAGS)
    opposite = ",".join("false" if value == "true" else "true" for value in values)
    return _present(column, resource, name, opposite)


def _present(column: str, resource: Any, name: str, text: str) -> Condition:
    values = chosen_options(name, text, FLAGS)
    return present(
        resource.table.c[column],
        lambda instant: or_(
            *(instant.is_not(None) if value == "true" else instant.is_(None) for value in values)
        ),
    )


def future(column: str) -> Callable[[Any, str, str], Condition]:
    """Return a function that makes a filter's condition: the instant is after now."""
    return partial(_future, column)


def _future(column: str, resource: Any, name: str, text: str) -> Condition:
    instant = milliseconds(now())
    values = chosen_options(name, text, FLAGS)
    lower = None if "false" in values else instant + 1
    upper = None if "true" in values else instant
    return between(resource.table.c[column], lower, upper)
