"""The addresses of pictures, files and pages in answers."""

from collections.abc import Sequence

from fake_server.api.records import Row
from fake_server.api.serve import current_request, url_of, world
from fake_server.apis.fabmanager.resources import API

_USUAL_PORTS = {"http": "80", "https": "443"}


def page_address(path: str) -> str:
    """Return the absolute URL of a page of the service.

    It has the host of the section's `public_host`. Without one it follows the request.
    """
    return f"{_public_host()}{path}" if _public_host() else url_of(path)


def file_address(path: str) -> str:
    """Return the absolute URL of a picture or a file.

    Beside the host of the section's `public_host`, it has the port of the request. A request that
    a proxy forwarded has none.
    """
    host = _public_host()
    if not host:
        return url_of(path)
    has_port = ":" in host.partition("://")[2]
    return f"{host}{'' if has_port else _port()}{path}"


def picture_addresses(rows: Sequence[Row]) -> dict[int, str | None]:
    """Return the addresses of the pictures of rows, by id; None for a row without a picture."""
    return {row.id: file_address(row.picture) if row.picture else None for row in rows}


def _public_host() -> str:
    host = str(world().section(API).get("public_host", ""))
    return host if not host or "://" in host else f"https://{host}"


def _port() -> str:
    request = current_request()
    if "X-Forwarded-Host" in request.headers:
        return ""
    port = request.host.rpartition(":")[2] if ":" in request.host.rpartition("]")[2] else ""
    return f":{port}" if port and port != _USUAL_PORTS.get(request.scheme) else ""
