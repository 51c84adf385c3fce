"""The ways in which requests carry credentials, as `schemas/<api>/target.yaml` declares them.

A form has fields, such as `token`, and templates of headers, such as `Bearer {token}`,
`Basic base64({user}:{password})`, `Token {token}` or, for `X-Api-Key`, `{api_key}`. It may have
templates of parameters of the query and of cookies as well. `schemes` are the security schemes of
the document that it carries; a form without any carries each of them.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from flask import Request
from werkzeug.http import parse_cookie

from fake_server.data_files import registry
from fake_server.data_files.package_files import yaml_file
from fake_server.data_files.yaml_cache import document_of
from fake_server.data_files.yaml_values import read_yaml
from fake_server.rest.http_text import header_text
from fake_server.rest.parameters import query_values

_FIELD = re.compile(r"\{(\w+)\}")
_BASE64 = re.compile(r"base64\((.*)\)\Z")
_ENCODED = "_encoded"


class CredentialForm(NamedTuple):
    """One way to carry credentials."""

    fields: tuple[str, ...]
    """The names of the values that make the credential."""

    optional: tuple[str, ...]
    """The names of further values, such as an account; they are no secrets."""

    headers: Mapping[str, str]
    """The templates of the headers, by their names."""

    issued: bool
    """Whether the fields are exchanged for a token first, and never sent in these headers."""

    query: Mapping[str, str] = {}
    """The templates of the query's parameters, by their names."""

    cookies: Mapping[str, str] = {}
    """The templates of the cookies, by their names."""

    schemes: tuple[str, ...] = ()
    """The security schemes of the document that it carries; none for all of them."""

    @property
    def header_names(self) -> tuple[str, ...]:
        """The headers that carry a field of the credential itself."""
        return tuple(
            name
            for name, template in self.headers.items()
            if self.issued or not set(_FIELD.findall(template)).isdisjoint(self.fields)
        )

    def filled(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the headers that carry these values; one whose value is absent is left out."""
        headers = _all_filled(self.headers, values)
        cookies = _all_filled(self.cookies, values)
        if cookies:
            headers["Cookie"] = "; ".join(map("=".join, cookies.items()))
        return headers

    def filled_query(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the parameters of the query that carry these values."""
        return _all_filled(self.query, values)

    def values_in(self, request: Request) -> dict[str, str] | None:
        """Return the values that a request carries in this form; None if it carries none.

        The scheme may be in any case. Optional values are there if their header is. Raises
        `MalformedParametersError` for a query that a form needs and that cannot be read.
        """
        texts: list[tuple[object, str]] = [
            (header_text(request, name), template) for name, template in self.headers.items()
        ]
        if self.query:
            asked = query_values(request)
            texts += [(asked.get(name), template) for name, template in self.query.items()]
        if self.cookies:
            sent = parse_cookie(header_text(request, "Cookie"))
            texts += [(sent.get(name), template) for name, template in self.cookies.items()]
        values: dict[str, str] = {}
        for text, template in texts:
            # A parameter of the query may be a list, or nest: that is no credential.
            values |= (_values(template, text) if isinstance(text, str) else None) or {}
        return values if set(self.fields) <= values.keys() else None


def _all_filled(templates: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _filled(template, values)
        for name, template in templates.items()
        if set(_FIELD.findall(template)) <= values.keys()
    }


def _filled(template: str, values: Mapping[str, str]) -> str:
    text = _FIELD.sub(lambda match: values[match[1]], template)
    return _BASE64.sub(lambda match: b64encode(match[1].encode()).decode(), text)


def _values(template: str, text: str) -> dict[str, str] | None:
    pattern, inner = _patterns(template)
    match = pattern.fullmatch(text)
    if match is None:
        return None
    if inner is None:
        return match.groupdict()
    try:
        decoded = inner.fullmatch(b64decode(match[_ENCODED], validate=True).decode())
    except (Error, ValueError):
        return None
    return None if decoded is None else decoded.groupdict()


@lru_cache(256)
def _patterns(template: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """Return the pattern of a header and, where it encodes another text, that text's pattern."""
    scheme, space, rest = template.partition(" ")
    if not space or _FIELD.search(scheme):
        scheme, rest = "", template
    begin = f"(?i:{re.escape(scheme)}) +" if scheme else ""
    encoded = _BASE64.match(rest)
    if encoded is None:
        return re.compile(begin + _of_fields(rest)), None
    return re.compile(rf"{begin}(?P<{_ENCODED}>\S+)"), re.compile(_of_fields(encoded[1]))


def _of_fields(template: str) -> str:
    parts = _FIELD.split(template)
    return "".join(
        f"(?P<{part}>.+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )


@cache
def credential_forms(api: str) -> tuple[CredentialForm, ...]:
    """Return the forms of an API's credentials, the usual one first; none without a target.yaml."""
    file = registry.package(api).schemas / "target.yaml"
    if not file.is_file():
        return ()
    target: Mapping[str, Any] = yaml_file(file, lambda raw: document_of(raw, read_yaml))
    return tuple(
        CredentialForm(
            tuple(declared["fields"]),
            tuple(declared.get("optional", ())),
            declared.get("headers") or {},
            "token_request" in declared,
            declared.get("query") or {},
            declared.get("cookies") or {},
            tuple(declared.get("schemes") or ()),
        )
        for declared in target.get("credentials") or ()
    )


@cache
def sent_forms(api: str) -> tuple[CredentialForm, ...]:
    """Return the forms whose fields requests carry themselves."""
    return tuple(form for form in credential_forms(api) if not form.issued)


@cache
def credential_headers(api: str) -> tuple[str, ...]:
    """Return the names of the headers in which an API's credentials stand."""
    names = (name for form in credential_forms(api) for name in form.header_names)
    return tuple(dict.fromkeys(names))


@cache
def credential_parameters(api: str) -> frozenset[str]:
    """Return the names of the query's parameters in which an API's credentials stand."""
    return frozenset(name for form in credential_forms(api) for name in form.query)
