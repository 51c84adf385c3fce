"""Conversion of YAML and Python values to JSON values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any


def as_json(value: Any) -> Any:
    """Return a value of a dataset as JSON values: times become text, 2.0 becomes 2."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
