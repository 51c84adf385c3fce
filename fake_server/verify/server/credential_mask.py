"""Masks credentials in all that a run prints or writes."""

import base64
import json
import re
import shlex
from collections.abc import Mapping
from urllib.parse import quote, quote_plus

_SHORTEST = 4


class CredentialMask:
    """Replaces credentials in texts by placeholders such as `$TOKEN`.

    It recognises a value as it is, percent-encoded, JSON-escaped, and in base64, alone or in
    `user:password`. It leaves values of fewer than four characters (the documented password
    `x`): to replace them would destroy the text.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._forms: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        for name, value in (values or {}).items():
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        """Mask `value` from now on; its placeholder is `$NAME`, in capitals."""
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
        masked = self.hide(word)
        if masked == word:
            return shlex.quote(word)
        parts = re.split(r"(\$\(printf %s \$\w+ \| base64\)|\$[A-Z]\w*)", masked)
        placeholders = set(self._forms.values())
        return '"' + "".join(p if p in placeholders else _inside_quotes(p) for p in parts) + '"'


def _inside_quotes(text: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", text)
