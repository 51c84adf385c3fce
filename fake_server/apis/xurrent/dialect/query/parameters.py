"""The readings of parameters: texts and whole numbers."""

import re
from typing import Any

from fake_server.api.serve import Parameters, current_request, request_parameters
from fake_server.apis.xurrent.dialect.errors import BadRequestError

_LARGEST = 10**18 - 1
_NUMBER = re.compile(r"-?[0-9]+")


def parameters() -> Parameters:
    """Return query and body of the current request. A body may be JSON with any Content-Type."""
    return request_parameters(current_request(), sniff_json=True)


def text_of(name: str, value: Any) -> str:
    """Return a parameter as text. The items of a list are joined by commas.

    Raises `BadRequestError` for any other value.
    """
    if isinstance(value, list):
        return ",".join(_scalar(name, item) for item in value)
    return _scalar(name, value)


def _scalar(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise BadRequestError(f"Parameter '{name}' is invalid")


def whole_number(name: str, value: Any, largest: int = _LARGEST) -> int | None:
    """Return a whole number from 1 to `largest`, or None without one.

    Raises `BadRequestError`.
    """
    text = text_of(name, value).strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise BadRequestError(f"Parameter '{name}' is not a number")
    if text.startswith("-") or not text.strip("0"):
        raise BadRequestError(f"Parameter '{name}' cannot be less than 1")
    digits = text.lstrip("0")
    if len(digits) > len(str(largest)) or int(digits) > largest:
        raise BadRequestError(f"Parameter '{name}' cannot be greater than {largest}")
    return int(digits)
