"""Credentials, and how they are kept out of everything that is shown or written."""

import base64
import json
import re
import shlex
from collections.abc import Mapping
from urllib.parse import quote, quote_plus

_SHORTEST = 4


class Secrets:
    """Knows secret values and puts a placeholder, `$NAME`, in their place.

    Each form is known: as it is, percent-encoded, JSON-escaped, in base64 alone and as part of
    `user:password`. Values of fewer than four characters (the documented password `x`) are no
    secrets: replacing them would destroy the text.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._forms: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        for name, value in (values or {}).items():
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        """Keep `value` out of texts from now on; `$NAME` (in capitals) stands for it."""
        if len(value) < _SHORTEST:
            return
        for form in (value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]):
            self._forms[form] = f"${name.upper()}"
        self._forms[base64.b64encode(value.encode()).decode()] = (
            f"$(printf %s ${name.upper()} | base64)"
        )
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def hide(self, text: str) -> str:
        """Return `text` with a placeholder for every secret in it."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self._forms[match[0]], text)

    def quoted(self, word: str) -> str:
        """Return `word` without secrets, quoted for a shell so that the placeholders expand."""
        hidden = self.hide(word)
        if hidden == word:
            return shlex.quote(word)
        parts = re.split(r"(\$\(printf %s \$\w+ \| base64\)|\$[A-Z]\w*)", hidden)
        known = set(self._forms.values())
        return '"' + "".join(p if p in known else _inside_quotes(p) for p in parts) + '"'


def _inside_quotes(text: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", text)
