"""Reads and checks the options of a world that users pass."""

from collections.abc import Iterable
from datetime import datetime

from fake_server.errors import SettingError


def time_option(name: str, value: datetime | str | None) -> datetime | None:
    """Return a time, parsed if it is ISO 8601 text; raises `UserError` for other text."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise SettingError(
            f"{name}: expected a time such as 2026-03-02T00:00:00Z, found {value!r}"
        ) from None


def names_option(name: str, value: Iterable[str]) -> tuple[str, ...]:
    """Return names as a tuple; raises `UserError` for a single text."""
    if isinstance(value, str):
        raise SettingError(f"{name}: expected a list of names, found the text {value!r}")
    return tuple(value)


def require_kind(name: str, value: object, kind: type, expected: str) -> None:
    """Raise `UserError` for a value that is neither None nor of `kind`; a bool is no number."""
    is_bool = isinstance(value, bool) and kind is not bool
    if value is not None and (is_bool or not isinstance(value, kind)):
        raise SettingError(f"{name}: expected {expected}, found {value!r}")


def require_one_of(name: str, value: str, options: Iterable[str]) -> None:
    """Raise `UserError` for a value that is not one of the options."""
    if value not in options:
        raise SettingError(f"{name}: expected one of {', '.join(options)}, found {value!r}")
