"""What a client sent, without its credentials.

A value is taken out by its name. A misspelt name holds the same secret, so that names which are
nearly those of credentials count as well.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

REDACTED = "[redacted]"

_CREDENTIALS = (
    "access_token",
    "api_key",
    "api_token",
    "assertion",
    "authorization",
    "bearer_token",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "credential",
    "id_token",
    "password",
    "refresh_token",
    "secret",
    "token",
)
_TELLING = re.compile("secret|token|passw|authori[sz]|credential|api_?key|bearer|assertion")
_NEARLY = 0.8
_WORDS = re.compile(r"[^\[\]]+")
_SEPARATOR = re.compile("([&;] *)")


def redacted(value: Any) -> Any:
    """Return nested parameters with the values of credentials taken out, at any depth.

    A whole number of more than 64 bits, which few readers of JSON can take, becomes text.
    """
    if isinstance(value, Mapping):
        return {
            name: REDACTED if is_credential(str(name)) else redacted(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return value


def redacted_query(query: str) -> str:
    """Return a query as it was spelled, but for the values of credentials.

    It may be one that nobody can read as parameters.
    """
    return "".join(_redacted_part(part) for part in _SEPARATOR.split(query))


def _redacted_part(part: str) -> str:
    name, equals, _ = part.partition("=")
    words = _WORDS.findall(unquote_plus(name, errors="replace"))
    return f"{name}={REDACTED}" if equals and any(map(is_credential, words)) else part


@lru_cache(4096)
def is_credential(name: str) -> bool:
    """Return whether the value of a name is a credential, by what the name looks like."""
    folded = name.strip().lower().replace("-", "_")[:100]
    if _TELLING.search(folded):
        return True
    return bool(get_close_matches(folded, _CREDENTIALS, n=1, cutoff=_NEARLY))
