"""The URIs to which browsers return: which ones are allowed, and which parameters they get."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from fake_server.apis.intra42.login.registered_applications import Application

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""The URI by which an application asks that the person is shown the code."""

_SCRIPTING = {"javascript", "data", "vbscript", "blob", "file", "about", "view-source"}
# Browsers read a backslash as a slash, and leave out tabs and line ends.
_CHARACTERS = re.compile(r"[!-\[\]-~]+\Z")


def is_good(application: Application, uri: str) -> bool:
    """Return whether an application may have people sent back to a URI.

    The query of the URI does not matter: Doorkeeper 4.2 compares the rest.
    """
    parts = _parts(uri)
    if parts is None:
        return False
    if application.loopback_redirects and _is_loopback(parts):
        return True
    requested = _comparable(parts)
    return any(
        requested == _comparable(registered_parts)
        for registered in application.redirect_uris
        if may_be_registered(registered) and (registered_parts := _parts(registered)) is not None
    )


def may_be_registered(uri: str) -> bool:
    """Return whether an application may have a URI: an absolute one, without query or script."""
    parts = _parts(uri)
    return parts is not None and not parts.query


def _parts(uri: str) -> SplitResult | None:
    """Return the parts of an absolute URI without a fragment, or None."""
    if _CHARACTERS.match(uri) is None or "#" in uri:
        return None
    try:
        parts = urlsplit(uri)
        port_is_number = parts.port is None or parts.port >= 0
    except ValueError:
        return None
    is_native = uri == OUT_OF_BAND
    if not port_is_number or parts.scheme in _SCRIPTING or not (is_native or "://" in uri):
        return None
    if parts.scheme in {"http", "https"} and not parts.hostname:
        return None
    return parts if parts.scheme and parts.username is None else None


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"}:
        return False
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _comparable(parts: SplitResult) -> tuple[str, str, int | None, str]:
    usual_port = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or usual_port, parts.path or "/"


def with_parameters(uri: str, parameters: Mapping[str, str | None]) -> str:
    """Return a URI whose query has parameters added; those without a value are left out."""
    base, _, query = uri.partition("?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    values |= {name: value for name, value in parameters.items() if value}
    return f"{base}?{urlencode(values)}"
