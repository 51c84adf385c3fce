"""What a client sent, without its credentials.

A value is redacted by its name. A misspelt name holds the same secret, so that names which are
nearly those of credentials count as well. In a text, what looks like a credential is redacted
wherever it stands: after `Bearer` and `Basic`, before the host of a URL, in a query within it.
"""

import re
from base64 import b64decode
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

from fake_server.world.journal.secret_texts import REDACTED

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
_TELLING = re.compile(
    "secret|token|passw|pass_?(?:phrase|code)|authori[sz]|credential|bearer|assertion|cookie"
    "|signature|jwt|saml|(?:api|access|private|secret|signing|encryption)_?key"
    "|(?:^|_)(?:pwd|pass|auth|key|sig|hmac|otp|pin|nonce|csrf|xsrf)(?:_|$)"
    "|^(?:j|php|asp)?_?sess(?:ion)?_?(?:id|key)?$|^(?:connect_)?sid$"
)
_CAMEL_CASE = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_SCHEME = re.compile(r"\b(bearer|basic) +([^\s,;\"'&]{6,})", re.IGNORECASE)
_USER = re.compile(r"//[^\s/?#@]+@")
_ASSIGNED = re.compile(r"(^|[?&;#\s])([^\s=&?;#]{1,100})=([^\s&;#]+)")
_NEARLY = 0.8
_WORDS = re.compile(r"[^\[\]]+")
_SEPARATOR = re.compile("([&;] *)")


def redacted(value: Any) -> Any:
    """Return nested parameters with the values of credentials redacted, at any depth.

    A whole number of more than 64 bits, which few readers of JSON can take, becomes text.
    """
    if isinstance(value, Mapping):
        return {
            redacted_text(str(name)): REDACTED if _holds_credential(str(name)) else redacted(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return value


def redacted_text(text: str, depth: int = 3) -> str:
    """Return a text without what looks like a credential in it.

    One that spells such with percent signs, up to `depth` times over, is redacted whole.
    """
    shown = _SCHEME.sub(_without_token, text)
    shown = _USER.sub(f"//{REDACTED}@", shown)
    shown = _ASSIGNED.sub(_without_credential, shown)
    if shown == text and "%" in text and depth:
        decoded = unquote_plus(text, errors="replace")
        if decoded != text and redacted_text(decoded, depth - 1) != decoded:
            return REDACTED
    return shown


def _without_token(match: re.Match[str]) -> str:
    if match[1].lower() == "basic" and not _is_user_and_password(match[2]):
        return match[0]
    return f"{match[1]} {REDACTED}"


def _is_user_and_password(encoded: str) -> bool:
    try:
        return b":" in b64decode(f"{encoded.rstrip('=')}==")
    except ValueError:
        return False


def _without_credential(match: re.Match[str]) -> str:
    before, name = match[1], match[2]
    return f"{before}{name}={REDACTED}" if _names_credential(name) else match[0]


def redacted_query(query: str, secret_names: Collection[str] = ()) -> str:
    """Return a query as it was spelled, but for the values of credentials.

    It may be one that nobody can read as parameters. `secret_names`: further names of credentials.
    """
    return "".join(_redacted_part(part, secret_names) for part in _SEPARATOR.split(query))


def _redacted_part(part: str, secret_names: Collection[str]) -> str:
    name, equals, value = part.partition("=")
    is_secret = _names_credential(name) or unquote_plus(name) in secret_names
    if equals and is_secret:
        return f"{name}={REDACTED}"
    return f"{_redacted_word(name)}{equals}{_redacted_word(value)}"


def _redacted_word(word: str) -> str:
    decoded = unquote_plus(word, errors="replace")
    return REDACTED if redacted_text(decoded) != decoded else word


def _names_credential(name: str) -> bool:
    return _holds_credential(unquote_plus(name, errors="replace"))


def _holds_credential(name: str) -> bool:
    return any(map(is_credential, _WORDS.findall(name)))


@lru_cache(4096)
def is_credential(name: str) -> bool:
    """Return whether the value of a name is a credential, by what the name looks like."""
    words = _CAMEL_CASE.sub("_", name.strip()[:100]).lower()
    folded = re.sub("[-. ]", "_", words)
    if _TELLING.search(folded):
        return True
    return bool(get_close_matches(folded, _CREDENTIALS, n=1, cutoff=_NEARLY))
