"""What YAML and Python give, in the values that JSON has."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any


def as_json(value: Any) -> Any:
    """Return a value of a dataset with nothing in it but what JSON has: times become text."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
