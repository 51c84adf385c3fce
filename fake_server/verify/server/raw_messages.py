"""Requests and answers with their raw bytes, which tests compare."""

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import Headers

from fake_server.verify.outcome_errors import BrokenError
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.texts import read_json

Params = Mapping[str, Any] | Iterable[tuple[str, Any]] | str | None
"""Query parameters: a mapping (a list repeats the key, a mapping nests as `filter[name]`), ordered
pairs, or a query string that is sent as it is."""

Pairs = tuple[tuple[str, str], ...]
"""Names with values: headers, or parameters of a query."""

USER_AGENT = "understudy-verify"
"""The User-Agent of every request, unless a test sets another."""

_LINK = re.compile(r"""<([^>]*)>\s*((?:;\s*[\w!#$%&'*+.^`|~-]+\s*=\s*(?:"[^"]*"|[^\s,;"]+)\s*)*)""")
_REL = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s,;"]+))""", re.IGNORECASE)


def query_string(params: Params) -> str:
    """Return parameters as a query string, form-encoded, in the order given."""
    if params is None or isinstance(params, str):
        return params or ""
    pairs = params.items() if isinstance(params, Mapping) else params
    return urlencode([pair for key, value in pairs for pair in _flat(key, value)])


def _flat(key: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [pair for name, member in value.items() for pair in _flat(f"{key}[{name}]", member)]
    if isinstance(value, list | tuple):
        return [pair for member in value for pair in _flat(key, member)]
    if isinstance(value, bool):
        return [(key, "true" if value else "false")]
    return [(key, str(value))]


class CarriedCredentials(NamedTuple):
    """The headers, and the parameters of the query, that carry credentials."""

    headers: Pairs
    query: Pairs = ()

    def added_to(self, target: str) -> str:
        """Return a path and query with the parameters that it does not have yet."""
        before = target.partition("?")[2]
        sent = {name for name, _ in parse_qsl(before, keep_blank_values=True)}
        added = urlencode([pair for pair in self.query if pair[0] not in sent])
        joint = "&" if before else "" if target.endswith("?") else "?"
        return f"{target}{joint}{added}" if added else target


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request. `target` is its path and query, byte for byte as on the request line."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    def curl(self, base_url: str, mask: CredentialMask) -> str:
        """Return a `curl` command that sends this request; placeholders stand for credentials."""
        words = ["curl", "-i", "-g", "--path-as-is"]
        if self.method == "HEAD":
            words[1] = "-I"
        elif self.method != "GET":
            words += ["-X", self.method]
        quoted = [shlex.quote(word) for word in words]
        for name, value in self.headers:
            quoted += ["-H", mask.quoted(f"{name}: {value}")]
        if self.body is not None:
            quoted += ["--data-binary", mask.quoted(self.body.decode("utf-8", "replace"))]
        quoted.append(mask.quoted(base_url + self.target))
        return " ".join(quoted)


@dataclass(frozen=True)
class Answer:
    """An answer. `headers` finds names in any case; `url` is that of the request."""

    status: int
    headers: Headers
    body: bytes
    request: ApiRequest
    base_url: str
    mask: CredentialMask = field(repr=False)

    @property
    def url(self) -> str:
        """The URL of the request."""
        return self.base_url + self.request.target

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The body as JSON values; raises `BrokenError` if it is not JSON."""
        try:
            return read_json(self.body)
        except ValueError:
            text = self.mask.brief(self.text, 120)
            seen = f"{self.status} {self.headers.get('Content-Type')} {text!r}"
            raise self._broken("the body", "JSON", seen) from None

    @cached_property
    def links(self) -> dict[str, str]:
        """The URLs of the `Link` header by `rel`, in the header's order; empty without one."""
        urls: dict[str, str] = {}
        for match in _LINK.finditer(", ".join(self.headers.get_all("Link"))):
            rel = _REL.search(match[2])
            if rel is not None:
                urls[(rel[1] or rel[2]).lower()] = match[1]
        return urls

    def expect_status(self, *expected: int) -> Self:
        """Assert that the status is one of those given; returns the answer itself."""
        if self.status not in expected:
            alternatives = " or ".join(map(str, expected))
            seen = f"{self.status} {self.mask.brief(self.text, 160)}".strip()
            raise self._broken("the status", alternatives, seen)
        return self

    def expect_header(self, name: str, expected: str | None) -> Self:
        """Assert the value of a header; None: that it is absent. Returns the answer itself."""
        seen = self.headers.get(name)
        if seen != expected:
            expected_text = "none" if expected is None else repr(expected)
            raise self._broken(f"the header {name}", expected_text, repr(seen) if seen else "none")
        return self

    def expect_json(self, expected: Any) -> Self:
        """Assert the body, as JSON values; returns the answer itself."""
        if self.json != expected:
            raise self._broken(
                "the body", self._brief(json.dumps(expected)), self._brief(self.text)
            )
        return self

    def whole_number(self, header: str) -> int:
        """Return a header as a number; raises `BrokenError` if it is not a whole number."""
        value = self.headers.get(header, "")
        if not re.fullmatch("[0-9]{1,18}", value):
            raise self._broken(f"the header {header}", "a whole number", repr(value or None))
        return int(value)

    def curl(self) -> str:
        """Return a `curl` command that sends the request again; placeholders mask credentials."""
        return self.request.curl(self.base_url, self.mask)

    def _brief(self, text: str) -> str:
        return self.mask.brief(text, 300)

    def _broken(self, what: str, expected: str, seen: str) -> BrokenError:
        subject = f"{what} of {self.request.method} {self.request.target}"
        return BrokenError(subject, expected, seen, self.curl())
