"""Paths of requests, and absolute URLs in answers, which follow the host the client used."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import current_app
from werkzeug.sansio.utils import get_host

from fake_server.rest.context import RAW_PATH, current_request

PUBLIC_URL = "FAKE_SERVER_PUBLIC_URL"

_BASE_URL = "fake_server.base_url"
"""The key, in the environ, of what `base_url` returns: many addresses in an answer begin so."""

EXPECTED_NAME = "expected a name such as fake.test, without a port"

_WORLD_PREFIX = re.compile(r"\A/+w/+([^/]+)(?=/|\Z)")
_CONTROLLED_WORLD = re.compile(r"\A/+_fake/+worlds/+([^/]+)(?=/|\Z)")
_RECORDS = re.compile(r"\A/+_fake/+worlds/+([^/]+)/+(?:data|export)(?=/|\Z)")
_WORLD_NAME = re.compile(r"\A[A-Za-z0-9_-]+\Z")
_SLASHES = re.compile("/{2,}")
_SUFFIX = re.compile(r"(?<=[^/])\.json\Z")
_HOST = re.compile(
    r"\A(?:(?=[^:]{1,253}(?::|\Z))(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>\d{1,5}))?\Z",
    re.ASCII,
)
_PORT = re.compile(r"\A\d{1,5}\Z", re.ASCII)
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_FORWARDED = [f"HTTP_X_FORWARDED_{name}" for name in ("PROTO", "HOST", "PORT", "PREFIX")]
_PATH_CHARACTERS = "/:@!$&()*+,;=~"


def base_url() -> str:
    """Return scheme, host and world prefix as the client sees them, without a trailing slash.

    The public URL the server was started with rules, then `X-Forwarded-Proto`, `-Host`, `-Port`
    and `-Prefix`, then the request itself. What cannot stand in a URL is passed over.
    """
    request = current_request()
    base: str | None = request.environ.get(_BASE_URL)
    if base is None:
        public: str | None = current_app.config.get(PUBLIC_URL)
        origin = public.rstrip("/") if public else _origin(request.environ)
        base = request.environ[_BASE_URL] = f"{origin}{quote(request.script_root)}"
    return base


def _origin(environ: Mapping[str, Any]) -> str:
    forwarded = [environ.get(name, "") for name in _FORWARDED]
    return _forwarded_origin(environ["wsgi.url_scheme"], usable_host(environ), *forwarded)


@lru_cache(256)
def _forwarded_origin(
    scheme: str, own_host: str, proto: str, host: str, port: str, prefix: str
) -> str:
    """Return scheme, host and prefix of a request, as the proxy before this server says them.

    - `own_host`: what `usable_host` returns.
    - `proto`, `host`, `port`, `prefix`: the headers `X-Forwarded-…`, empty where they are not sent.
      What cannot stand in a URL counts for nothing.
    """
    own = _HOST.match(get_host(scheme, own_host))
    if _first(proto).lower() in _DEFAULT_PORTS:
        scheme = _first(proto).lower()
    match = _HOST.match(_first(host)) or own
    origin = own_host if match is None else _with_port(match, _first(port), _DEFAULT_PORTS[scheme])
    return f"{scheme}://{origin}{_path(_first(prefix))}"


def _with_port(host: re.Match[str], port: str, usual: str) -> str:
    if host["port"]:
        return host[0].removesuffix(f":{usual}")
    return f"{host[0]}:{port}" if _PORT.match(port) and port != usual else host[0]


def _path(prefix: str) -> str:
    rest = prefix.rstrip("/")
    return quote(rest, safe=_PATH_CHARACTERS + "%") if prefix[:1] == "/" else ""


def _first(values: str) -> str:
    """Return the first of the values of a header, which commas part."""
    return values.partition(",")[0].strip()


def usable_host(environ: Mapping[str, Any]) -> str:
    """Return the Host header of a WSGI request; the server's own name where that is no host."""
    host = str(environ.get("HTTP_HOST", ""))
    if _HOST.match(host):
        return host
    name = environ["SERVER_NAME"]
    return (
        f"[{name}]:{environ['SERVER_PORT']}" if ":" in name else f"{name}:{environ['SERVER_PORT']}"
    )


def host_name(host: str) -> str:
    """Return the name or address in a Host header: lower case, no port, no brackets, no end dot."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower().removesuffix(".")


def is_name(host: str) -> bool:
    """Return whether a text is a host's name or an IPv6 address in brackets, without a port."""
    match = _HOST.match(host)
    return match is not None and not match["port"]


def url_of(path: str) -> str:
    """Return the absolute URL of a path of this server, such as `/v2/slots`."""
    return f"{base_url()}{path}"


def request_url() -> str:
    """Return the absolute URL of the current request as the client asked it, without its query."""
    request = current_request()
    path = request.environ.get(RAW_PATH, request.path)
    return f"{base_url()}{quote(path, safe=_PATH_CHARACTERS)}"


def split_world(path: str) -> tuple[str | None, str, str]:
    """Return world name (None without a prefix), the prefix, and the rest of a path."""
    match = _WORLD_PREFIX.match(path)
    if match is None:
        return None, "", path
    return match[1], match[0], path[match.end() :] or "/"


def drives_worlds(path: str) -> bool:
    """Return whether a path is one of the control plane's `/_fake/worlds…`."""
    return f"{tidy(path)}/".startswith("/_fake/worlds/")


def world_of_records(path: str) -> str | None:
    """Return the world whose records a path of the control plane concerns, or None."""
    match = _RECORDS.match(path)
    return None if match is None else match[1]


def routing_name(prefixed: str | None, path: str, headed: str | None) -> str | None:
    """Return the name that a proxy hashes for a request; None: the request names no world.

    - `prefixed`: the world of the path's prefix `/w/<world>`; `path`: what follows it.
    - `headed`: the header `X-Fake-World`.

    A name that no world can have counts for nothing.
    """
    controlled = _CONTROLLED_WORLD.match(path)
    names = (prefixed, None if controlled is None else controlled[1], headed)
    return next((name for name in names if name and _WORLD_NAME.match(name)), None)


def makes_world(environ: Mapping[str, Any]) -> bool:
    """Return whether a request makes a world, which takes as long as the making of its records."""
    path = environ.get("PATH_INFO", "")
    return environ.get("REQUEST_METHOD") == "POST" and tidy(path).endswith("/_fake/worlds")


def tidy(path: str) -> str:
    """Return a path with doubled slashes and a trailing slash taken off."""
    path = _SLASHES.sub("/", path)
    return (path.removesuffix("/") if len(path) > 1 else path) or "/"


def canonical(path: str) -> str:
    """Return a path with doubled slashes, a trailing slash and a `.json` suffix taken off.

    All three services accept these spellings for every path of theirs.
    """
    return _SUFFIX.sub("", tidy(path))
