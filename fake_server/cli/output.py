"""Standard output and standard error, which print any text whatever their encoding."""

import codecs
import sys
from io import TextIOWrapper

_ESCAPES = "fake_server.escapes"


def print_anything() -> None:
    r"""Let both streams print `\u....` for a character that their encoding lacks.

    The escapes are those of JSON: a printed JSON text stays one.
    """
    codecs.register_error(_ESCAPES, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_ESCAPES)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    escapes = (f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
    return "".join(escapes), error.end
