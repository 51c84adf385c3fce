"""`fake-server wait`."""

import http.client
import time
from ssl import SSLCertVerificationError
from urllib.parse import SplitResult, urlsplit

import click

from fake_server.errors import SettingError
from fake_server.testing.remote import UNTRUSTED

_PAUSE = 0.05
_ANSWER_SECONDS = 5.0


def wait_for(url: str, timeout: float) -> int:
    """Ask for readiness until the server at `url` is ready or `timeout` seconds are over.

    Says in one line what came of it; returns the exit status, 0 or 1. Raises `UserError` for a
    text that is not a URL.
    """
    place = _place(url)
    deadline = time.monotonic() + timeout
    while (trouble := _trouble(place, deadline)) is not None:
        if time.monotonic() + _PAUSE > deadline:
            click.echo(f"{url}: not ready after {timeout:g} s: {trouble}", err=True)
            return 1
        time.sleep(_PAUSE)
    click.echo(f"{url}: ready")
    return 0


def _place(url: str) -> SplitResult:
    try:
        place = urlsplit(url)
        usable = place.scheme in {"http", "https"} and place.hostname and place.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingError(f"{url}: expected a URL such as http://127.0.0.1:8042")
    return place


def _trouble(place: SplitResult, deadline: float) -> str | None:
    """Return why the server is not ready, or None if it is."""
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    patience = min(_ANSWER_SECONDS, max(_PAUSE, deadline - time.monotonic()))
    connection = kind(str(place.hostname), place.port, timeout=patience)
    try:
        connection.request("GET", f"{place.path.rstrip('/')}/_fake/health")
        response = connection.getresponse()
    except SSLCertVerificationError:
        return UNTRUSTED
    except OSError as error:
        return error.strerror or str(error)
    except (http.client.HTTPException, ValueError) as error:
        return f"it does not speak HTTP: {type(error).__name__}"
    finally:
        connection.close()
    return None if response.status == 200 else f"it answers {response.status} to /_fake/health"
