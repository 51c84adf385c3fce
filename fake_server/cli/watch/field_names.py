"""The meaning of names of headers, parameters and properties for their values."""

import re
from collections.abc import Container
from http import HTTPStatus

from fake_server.rest.access.redaction import is_credential

KEPT_HEADERS = frozenset(
    [
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "age",
        "allow",
        "cache-control",
        "connection",
        "content-encoding",
        "content-language",
        "content-length",
        "content-range",
        "content-type",
        "date",
        "expect",
        "expires",
        "keep-alive",
        "last-modified",
        "if-modified-since",
        "if-unmodified-since",
        "pragma",
        "range",
        "retry-after",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "vary",
        "via",
        "www-authenticate",
        "x-powered-by",
        "x-runtime",
        "x-frame-options",
        "x-content-type-options",
        "x-xss-protection",
        "strict-transport-security",
        "content-security-policy",
        "referrer-policy",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-expose-headers",
        "access-control-allow-credentials",
        "upgrade-insecure-requests",
        "sec-fetch-mode",
        "sec-fetch-site",
        "sec-fetch-dest",
    ]
)
CREDENTIAL_HEADERS = frozenset({"authorization", "proxy-authorization"})
TAG_HEADERS = frozenset({"etag", "if-match", "if-none-match"})
COOKIE_HEADERS = frozenset({"cookie", "set-cookie"})
URL_HEADERS = frozenset({"location", "content-location", "referer", "origin"})
_PERSONAL = re.compile(
    "(?:^|_)(?:tele)?(?:phones?|mobiles?|fax|tel|zip|postal|postcode|ssn|iban|bic|vat|passport"
    "|salary|badge|rfid|card|address(?:es)?|street|latitude|longitude|ip|lat|lng|lon|login|username"
    "|user_name|e?mails?|e_mail|surname|(?:first|last|family|given|full|display)_?name)(?:_|$)"
)
_BIRTH = re.compile("birth|(?:^|_)dob(?:_|$)")
_CODED_NAMES = frozenset(
    [
        "time_zone",
        "timezone",
        "locale",
        "language",
        "lang",
        "currency",
        "country_code",
        "media_type",
        "content_type",
        "mime_type",
        "color",
        "colour",
        "scope",
    ]
)
_CODED = re.compile(r"[\w#+./: ()&,-]{1,60}")
_STATED_NAMES = frozenset({"type", "kind", "status", "state", "token_type", "grant_type", "format"})
_STATED = re.compile(r"[A-Za-z]?[a-z]+(?:_[a-z]+)*")
LISTING_NAMES = frozenset(
    {"sort", "fields", "order", "order_by", "include", "expand", "embed", "select", "page"}
)
_NO_CREDENTIALS = frozenset({"token_type", "code"})
_MEASURES = re.compile("(?:^|_)(?:until|in|at|ids?|count|length|limit|expir[a-z]*)$")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
_PARAMETER_NAME = re.compile(r"[A-Za-z_][\w.\[\]-]{0,60}")
_ERROR_NAMES = frozenset({"error", "errors", "message", "detail", "title", "error_description"})
_ERROR_WORDS = re.compile(r"[A-Za-z]?[a-z]*(?:'[a-z]+)?")
_PHRASES = frozenset(status.phrase.lower() for status in HTTPStatus)
FLAGS = frozenset({"", "true", "false", "null", "none"})


def is_secret(name: str) -> bool:
    """Return whether the value of a name is a credential."""
    return is_credential(name) and name not in _NO_CREDENTIALS


def is_personal(name: str) -> bool:
    """Return whether a name says that its value identifies a person."""
    return _PERSONAL.search(name) is not None


def is_birth(name: str) -> bool:
    """Return whether a name says that its value is the date of a birth."""
    return _BIRTH.search(name) is not None


def is_measure(name: str) -> bool:
    """Return whether a number of a name is an id, a count, a duration or a time."""
    return _MEASURES.search(name) is not None


def is_code(name: str, text: str) -> bool:
    """Return whether a text is a code such as a language, or a state such as `in_progress`."""
    if name in _CODED_NAMES and _CODED.fullmatch(text):
        return True
    return name in _STATED_NAMES and _STATED.fullmatch(text) is not None


def is_parameter_name(text: str) -> bool:
    """Return whether a text may be the name of a parameter, such as `page[size]`."""
    return _PARAMETER_NAME.fullmatch(text) is not None


def is_property_name(text: str) -> bool:
    """Return whether a text may be the name of a property: letters, digits, `_` and `-`."""
    return _KEY.fullmatch(text) is not None


def is_error_text(name: str, text: str, prose: Container[str]) -> bool:
    """Return whether a text words an error: a phrase of HTTP, or `prose` without names.

    `prose`: the words of the API's documents, in lower case.
    """
    if name not in _ERROR_NAMES:
        return False
    if text.lower() in _PHRASES:
        return True
    first, *rest = re.split(r"[\s.,:;!]+", text)
    return all(
        _ERROR_WORDS.fullmatch(word) and word.lower() in prose
        for word in filter(None, [first, *rest])
    ) and all(word.islower() for word in filter(None, rest))
