"""Replaces credentials and personal data in exchanges by stand-ins of the same shape."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from werkzeug.datastructures import Headers

from fake_server.cli.watch.field_names import (
    COOKIE_HEADERS,
    CREDENTIAL_HEADERS,
    FLAGS,
    KEPT_HEADERS,
    LISTING_NAMES,
    TAG_HEADERS,
    URL_HEADERS,
    is_birth,
    is_code,
    is_error_text,
    is_measure,
    is_parameter_name,
    is_personal,
    is_property_name,
    is_secret,
)
from fake_server.cli.watch.vocabulary import innermost, snake_case, vocabulary
from fake_server.cli.watch.word_stand_ins import Words, respelled
from fake_server.rest.access.redaction import is_credential
from fake_server.verify.recording.exchange import Exchange

_URL = re.compile(r"(https?://)([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_EXTENSION = re.compile(r"\.(?:json|xml|csv|html|txt|pdf|png|jpe?g|gif|svg|webp|ico)$", re.I)
_TAG = re.compile(r'"([^"]*)"')
_LINK = re.compile(r"<([^>]*)>")
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_DATA_URL = re.compile(r"data:[\w/+.-]*(?:;[\w=-]+)*,")


class Anonymiser:
    """Replaces what exchanges say of people, and their credentials.

    Every text changes but those that the API's documents list, dates, numbers and codes such as
    languages: a person may be named in any field. The same text has the same stand-in in all
    exchanges, wherever it stands, so that links, filters and records still agree. The secret
    behind the stand-ins is never stored.
    """

    def __init__(self, api: str, target: str) -> None:
        self._vocabulary = vocabulary(api)
        match = _URL.match(target)
        host, path = (match[2], match[3]) if match else ("", "")
        name = re.sub(r":\d+$", "", host)
        self._words = Words({name.strip("[]"), name, *self._vocabulary.hosts})
        self._words.url = self._url
        self._is_error = False
        self._segments = self._vocabulary.segments | set(filter(None, path.split("/")))

    def replaced(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        """Return the exchanges with stand-ins.

        They are read twice: no stand-in is a word that any of them has.
        """
        originals = list(exchanges)
        for exchange in originals:
            self._exchange(exchange)
        self._words.forget_stand_ins()
        return [self._exchange(exchange) for exchange in originals]

    def _exchange(self, exchange: Exchange) -> Exchange:
        answer = exchange.answer
        request = answer.request
        request_type = _content_type(request.headers)
        request_body = None if request.body is None else self._body(request.body, request_type)
        self._is_error = answer.status >= 400
        body = self._body(answer.body, answer.headers.get("Content-Type", ""))
        self._is_error = False
        new_request = replace(
            request,
            target=self._target(request.target),
            headers=tuple(self._headers(request.headers, request.body, request_body)),
            body=request_body,
        )
        headers = Headers(list(self._headers(answer.headers, answer.body, body)))
        new_answer = replace(answer, request=new_request, headers=headers, body=body)
        return exchange._replace(answer=new_answer)

    def _headers(
        self, headers: Iterable[tuple[str, str]], old: bytes | None, new: bytes | None
    ) -> Iterator[tuple[str, str]]:
        pairs = list(headers)
        is_encoded = any(name.lower() == "content-encoding" for name, _ in pairs)
        for name, value in pairs:
            folded = name.lower()
            if folded == "content-length" and old and new and not is_encoded:
                yield name, str(len(new))
            else:
                yield name, self._header(folded, value)

    def _header(self, name: str, value: str) -> str:
        if name in CREDENTIAL_HEADERS:
            return self._authorization(value)
        if name in COOKIE_HEADERS:
            return self._cookies(value)
        if name in URL_HEADERS:
            return self._reference(value)
        if name in TAG_HEADERS:
            return _TAG.sub(lambda match: f'"{self._words.text(match[1], forced=True)}"', value)
        if name == "link":
            return _LINK.sub(lambda match: f"<{self._reference(match[1])}>", value)
        if name == "host":
            return self._words.host(value)
        if name == "user-agent":
            return _EMAIL.sub(lambda match: self._words.text(match[0]), value)
        if name in KEPT_HEADERS or (value.lower() in FLAGS):
            return value
        return self._words.text(value, forced=is_credential(name))

    def _authorization(self, value: str) -> str:
        scheme, space, rest = value.partition(" ")
        if not space:
            return self._secret(scheme)
        if scheme.lower() == "basic":
            try:
                decoded = base64.b64decode(rest, validate=True).decode()
            except (binascii.Error, ValueError):
                return f"{scheme} {self._secret(rest)}"
            return f"{scheme} {base64.b64encode(self._secret(decoded).encode()).decode()}"
        return f"{scheme} {self._secret(rest)}"

    def _cookies(self, value: str) -> str:
        parts = []
        for part in value.split(";"):
            name, equals, text = part.partition("=")
            is_attribute = name.strip().lower() in {"path", "expires", "max-age", "samesite"}
            parts.append(part if is_attribute else f"{name}{equals}{self._secret(text)}")
        return ";".join(parts)

    def _reference(self, text: str) -> str:
        return self._url(text) if _URL.match(text) else self._target(text)

    def _url(self, url: str) -> str:
        match = _URL.fullmatch(url)
        if match is None:
            return self._words.text(url)
        scheme, netloc, path, query, fragment = match.groups()
        user, at, host = netloc.rpartition("@")
        rest = self._path(path) + (f"?{self._query(query[1:])}" if query else "")
        rest += f"#{respelled(fragment[1:], self._words.text)}" if fragment else ""
        return f"{scheme}{self._secret(user) if at else ''}{at}{self._words.host(host)}{rest}"

    def _target(self, target: str) -> str:
        path, mark, query = target.partition("?")
        return f"{self._path(path)}{mark}{self._query(query)}"

    def _path(self, path: str) -> str:
        return "/".join(respelled(segment, self._segment) for segment in path.split("/"))

    def _segment(self, segment: str) -> str:
        if segment in self._segments:
            return segment
        extension = _EXTENSION.search(segment)
        stem = segment[: extension.start()] if extension else segment
        if stem in self._segments:
            return segment
        return self._words.text(stem) + (extension[0] if extension else "")

    def _query(self, query: str) -> str:
        return "&".join(self._pair(pair) for pair in query.split("&"))

    def _pair(self, pair: str) -> str:
        raw_name, equals, raw_value = pair.partition("=")
        name = unquote_plus(raw_name)
        if not is_parameter_name(name) or (not equals and name not in self._vocabulary.names):
            raw_name = respelled(raw_name, self._words.text)
        value = respelled(raw_value, lambda text: self._parameter(name, text))
        return f"{raw_name}{equals}{value}"

    def _parameter(self, name: str, value: str) -> str:
        inner = innermost(name)
        if inner in {"state", "nonce"} and not self._vocabulary.lists(inner, value):
            return self._secret(value)
        outer = name.partition("[")[0].lower()
        if outer in LISTING_NAMES or self._vocabulary.lists(name, value):
            names = re.split(r"[^\w]+", value)
            if all(
                word in self._vocabulary.names or word.isdigit() for word in filter(None, names)
            ):
                return value
        return self._text(inner, value, listed_as=name)

    def _body(self, body: bytes, content_type: str) -> bytes:
        if not body:
            return body
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return bytes(len(body))
        kind = content_type.partition(";")[0].strip().lower()
        if "json" in kind or text.lstrip()[:1] in {"{", "["}:
            try:
                document = json.loads(text)
            except (ValueError, RecursionError):
                return self._words.text(text, forced=True).encode()
            separators = (",", ":") if '": ' not in text else (", ", ": ")
            is_ascii = text.isascii() and "\\u" in text
            try:
                changed = self._value("", document)
            except RecursionError:
                return self._words.text(text, forced=True).encode()
            return json.dumps(changed, ensure_ascii=is_ascii, separators=separators).encode(
                "utf-8", "surrogatepass"
            )
        if kind == "application/x-www-form-urlencoded":
            return self._query(text).encode()
        if kind.startswith("multipart/"):
            return self._multipart(text, content_type).encode()
        return self._words.text(text).encode()

    def _multipart(self, text: str, content_type: str) -> str:
        match = re.search(r'boundary="?([^";]+)', content_type)
        if match is None:
            return self._words.text(text, forced=True)
        return match[1].join(self._part(part) for part in text.split(match[1]))

    def _part(self, part: str) -> str:
        head, separator, body = part.partition("\r\n\r\n")
        if not separator:
            return self._words.text(part, forced=True)
        name = re.search(r'[; ]name="([^"]*)"', head)
        head = re.sub(
            r'(filename\*?=")([^"]*)"', lambda file: f'{file[1]}{self._segment(file[2])}"', head
        )
        return f"{head}{separator}{self._text(innermost(name[1]) if name else '', body)}"

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(name, value)
        if isinstance(value, list):
            return [self._value(name, member) for member in value]
        if isinstance(value, dict):
            is_map = self._vocabulary.names.isdisjoint(value)
            return {
                self._name(key, is_map=is_map): self._value(snake_case(key), member)
                for key, member in value.items()
            }
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(name, value)
        return value

    def _name(self, key: str, *, is_map: bool) -> str:
        if key in self._vocabulary.names or (not is_map and is_property_name(key)):
            return key
        if is_map and (key in {"error", "errors", "message"} or is_credential(key)):
            return key
        return self._words.text(key)

    def _number(self, name: str, value: float) -> float:
        if not (is_personal(name) or is_secret(name)) or is_measure(name):
            return value
        hidden = self._words.text(str(value), forced=True)
        try:
            return type(value)(hidden)
        except ValueError:
            return 0

    def _text(self, name: str, text: str, *, listed_as: str = "") -> str:
        if text.lower() in FLAGS:
            return text
        if is_secret(name):
            return self._secret(text)
        if self._vocabulary.lists(name, text) or self._vocabulary.lists(listed_as, text):
            return text
        if self._is_error and is_error_text(name, text, self._vocabulary.prose):
            return text
        if is_code(name, text):
            return text
        if is_birth(name):
            return self._words.birth_date(text)
        if _DATA_URL.match(text):
            head, comma, data = text.partition(",")
            return f"{head}{comma}{self._words.text(data, forced=True)}"
        return self._words.text(text, forced=is_personal(name))

    def _secret(self, text: str) -> str:
        return self._words.text(text, forced=True)


def _content_type(headers: Iterable[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")
