"""Reads members of a recording's JSON or YAML, and says which member has the wrong type."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from fake_server.errors import VerificationError


class RecordingPosition(str):
    """A position in a recording, such as `session.har: entry 12`."""

    __slots__ = ()

    def refuse(self, message: str) -> NoReturn:
        """Raise `VerificationError`: one line with the position."""
        raise VerificationError(f"{self}: {' '.join(message.split())}")

    def member(self, parent: Any, name: str, kind: type | tuple[type, ...], default: Any) -> Any:
        """Return a member of an object, or `default` for one that is absent or null.

        Raises `VerificationError` for a member of another type; `...` as default: the member is
        required.
        """
        if not isinstance(parent, Mapping):
            self.refuse(f"expected an object with {name}, found {_kind(parent)}")
        value = parent.get(name)
        if value is None:
            if default is ...:
                self.refuse(f"{name} is missing")
            return default
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            expected = " or ".join(_NAMES[member_kind] for member_kind in kinds)
            self.refuse(f"{name}: expected {expected}, found {_kind(value)}")
        return value

    def base64_bytes(self, text: str, name: str) -> bytes:
        """Return the bytes of a base64 text."""
        try:
            return base64.b64decode(text, validate=False)
        except (binascii.Error, ValueError):
            self.refuse(f"{name}: not base64")

    def time(self, text: str | None, name: str) -> datetime | None:
        """Return a time with its offset; None for none."""
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.refuse(f"{name}: expected a time, found {text[:40]!r}")
        if moment.tzinfo is None:
            self.refuse(f"{name}: expected a time with an offset, found {text[:40]!r}")
        return moment


_NAMES: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bytes: "bytes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def _kind(value: Any) -> str:
    return _NAMES.get(type(value), "null" if value is None else type(value).__name__)
