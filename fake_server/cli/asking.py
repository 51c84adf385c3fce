"""Requests of the command line to a control plane."""

import http.client
import json
import re
from typing import Any
from urllib.parse import urlsplit

import click

from fake_server.cli.server_option import control_token

_PATIENCE = 60.0
_NAME = re.compile("[A-Za-z0-9_-]+")


def path_of(world: str) -> str:
    """Return the path of a world in the control plane; raises `ClickException` if none can be."""
    if not _NAME.fullmatch(world):
        raise click.ClickException(f"there is no world called {world!r} here")
    return f"/worlds/{world}"


def ask(url: str, method: str, path: str, attributes: dict[str, Any] | None = None) -> Any:
    """Return what the control plane of the server at `url` answers; None for nothing.

    The current command's `--control-token` is sent along. Raises `ClickException` with one line:
    the reason it gives, or why there is no answer.
    """
    status, body = _exchange(url, method, path, attributes)
    try:
        found = json.loads(body) if body else None
    except ValueError:
        found = None
    if status >= 300 and isinstance(found, dict) and "detail" in found:
        raise click.ClickException(str(found["detail"]))
    if status >= 300 or (found is None and status != 204):
        raise click.ClickException(f"{url}: no fake answers there, but something else ({status})")
    return found


def _exchange(
    url: str, method: str, path: str, attributes: dict[str, Any] | None
) -> tuple[int, bytes]:
    place = urlsplit(url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(place.hostname), place.port, timeout=_PATIENCE)
    body = None if attributes is None else json.dumps(attributes).encode()
    headers = {} if body is None else {"Content-Type": "application/json"}
    token = control_token()
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, f"{place.path}/_fake{path}", body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except OSError as error:
        raise click.ClickException(
            f"{url}: {error.strerror or error}; start one with fake-server serve, or give --url"
        ) from None
    except http.client.HTTPException as error:
        raise click.ClickException(f"{url}: does not speak HTTP: {type(error).__name__}") from None
    finally:
        connection.close()
