"""Placeholders of credentials, which Schemathesis has in place of real ones."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fake_server.verify.api_files.api_under_test import Credential
from fake_server.verify.server.credential_headers import ClientIdentity, carriers

PLACEHOLDER = "understudy"

_PAIR = re.compile(r"([^?&;\s=]+)=" + PLACEHOLDER + r"(?=[&;]|$)")


class Placeholders:
    """The placeholders of the credentials of an identity, and the credentials behind them."""

    def __init__(self, identity: ClientIdentity) -> None:
        self._valid_headers = identity.valid.headers
        self._named_forms = [
            form
            for form in identity.credentials
            if form.schemes and set(form.fields) <= identity.values.keys()
        ]
        self._headers = {(name.lower(), PLACEHOLDER): value for name, value in self._valid_headers}
        self._pairs: dict[str, str] = {}
        for form in self._named_forms:
            self._add(form, identity.values)

    def _add(self, form: Credential, values: Mapping[str, str]) -> None:
        stand_ins = carriers([form], dict.fromkeys(values, PLACEHOLDER))
        real = carriers([form], values)
        for (name, before), (_, after) in zip(stand_ins.headers, real.headers, strict=True):
            self._headers[name.lower(), before] = after
        self._pairs |= dict(real.query)
        for name in form.cookies:
            self._pairs[name] = values[form.fields[0]]

    def settings(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings that make Schemathesis send placeholders.

        Where forms name security schemes, each operation of the document gets those it takes.
        """
        if not self._named_forms:
            return {"headers": {name: PLACEHOLDER for name, _ in self._valid_headers}}
        declared = (document.get("components") or {}).get("securitySchemes") or {}
        names = [name for form in self._named_forms for name in form.schemes if name in declared]
        return {
            "auth": {"openapi": {name: scheme_settings(declared[name]) for name in names}},
        }

    def header(self, name: str, text: str) -> str:
        """Return the text of a header with a credential in place of its placeholder."""
        return self._with_pairs(self._headers.get((name.lower(), text), text))

    def target(self, target: str) -> str:
        """Return a path and query with credentials in place of their placeholders."""
        return self._with_pairs(target)

    def _with_pairs(self, text: str) -> str:
        return _PAIR.sub(
            lambda match: (
                f"{match[1]}={quote(self._pairs[match[1]], safe='')}"
                if match[1] in self._pairs
                else match[0]
            ),
            text,
        )


def scheme_settings(
    scheme: Mapping[str, Any], values: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return Schemathesis' settings of a security scheme, with placeholders or with `values`.

    `values` are those of a form of credentials, in the order of its fields.
    """
    texts = list((values or {}).values()) or [PLACEHOLDER]
    if scheme.get("type") == "apiKey":
        return {"api_key": texts[0]}
    if str(scheme.get("scheme", "")).lower() == "basic":
        return {"username": texts[0], "password": texts[-1]}
    return {"bearer": texts[0]}
