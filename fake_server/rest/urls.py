"""Absolute URLs in answers: they follow the host the client used."""

from urllib.parse import quote

from flask import current_app, request

from fake_server.rest.context import RAW_PATH

PUBLIC_URL = "FAKE_SERVER_PUBLIC_URL"


def base_url() -> str:
    """Return scheme, host and world prefix as the client sees them, without a trailing slash.

    The public URL the server was started with rules, then `X-Forwarded-Proto`, `-Host`, `-Port`
    and `-Prefix`, then the request itself.
    """
    return f"{_origin()}{quote(request.script_root)}"


def _origin() -> str:
    public = current_app.config.get(PUBLIC_URL)
    if public:
        return str(public).rstrip("/")
    scheme = _first("X-Forwarded-Proto") or request.scheme
    host = _first("X-Forwarded-Host") or request.host
    port = _first("X-Forwarded-Port")
    if port and ":" not in host and port not in {"80", "443"}:
        host = f"{host}:{port}"
    return f"{scheme}://{host}{(_first('X-Forwarded-Prefix') or '').rstrip('/')}"


def _first(header: str) -> str | None:
    value = request.headers.get(header, "").split(",")[0].strip()
    return value or None


def url_of(path: str) -> str:
    """Return the absolute URL of a path of this server, such as `/v2/slots`."""
    return f"{base_url()}{path}"


def request_url() -> str:
    """Return the absolute URL of the current request as the client asked it, without its query."""
    return (
        f"{base_url()}{quote(request.environ.get(RAW_PATH, request.path), safe='/:@!$&()*+,;=~')}"
    )
