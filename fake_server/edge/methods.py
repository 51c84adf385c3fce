"""Methods that the parser does not know: HTTP lets a client send any token."""

import re

_USUAL = (b"GET ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"HEAD ", b"OPTIONS ", b"CONNECT ")
_KNOWN = {name.strip() for name in _USUAL} | {b"TRACE", b"PRI"}
_LONGEST = 64
_TOKEN = re.compile(rb"[A-Z][A-Z0-9_-]*")
_STAND_IN = b"POST"


class OddMethods:
    """Reads the beginning of each message for a parser, and gives it a method that it knows.

    The method is of capitals, digits, `-` and `_`, at most 64 of them. `feed(data)` is asked with
    what comes while no message is begun; what it returns is for the parser. `take()` tells, once
    for each message, which method the stand-in stands for.
    """

    def __init__(self) -> None:
        self._held = b""
        self._method: bytes | None = None

    def feed(self, data: bytes) -> bytes:
        """Return what the parser is to read of what has come; the rest is held until more comes."""
        if not self._held and data.startswith(_USUAL):
            return data
        if not self._held:
            begins = len(data) - len(data.lstrip(b"\r\n"))
            return data[:begins] + self._read(data[begins:])
        return self._read(self._held + data)

    def _read(self, data: bytes) -> bytes:
        self._held = b""
        match = _TOKEN.match(data)
        if match is None:
            return data
        method = match[0]
        if match.end() == len(data) and len(method) <= _LONGEST:
            self._held = data
            return b""
        follows = data[match.end() : match.end() + 1]
        if follows != b" " or method in _KNOWN or len(method) > _LONGEST:
            return data
        self._method = method
        return _STAND_IN + data[match.end() :]

    def take(self) -> bytes | None:
        """Return the method that the message being read really has; None: the parser's."""
        method, self._method = self._method, None
        return method
