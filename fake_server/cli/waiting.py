"""`fake-server wait`."""

import http.client
import time
from ssl import SSLCertVerificationError
from urllib.parse import SplitResult, urlsplit

import click

from fake_server.errors import SettingError
from fake_server.testing.exchange import exchange
from fake_server.testing.remote import UNTRUSTED

_PAUSE = 0.05
_ANSWER_SECONDS = 5.0


def wait_for(url: str, timeout: float) -> int:
    """Request the health of the server at `url` until it is ready or `timeout` seconds are over.

    Prints one line with the result and returns the exit status, 0 or 1. Raises `UserError` for a
    malformed URL.
    """
    parts = _url_parts(url)
    deadline = time.monotonic() + timeout
    while (reason := _reason_not_ready(parts, deadline)) is not None:
        if time.monotonic() + _PAUSE > deadline:
            click.echo(f"{url}: not ready after {timeout:g} s: {reason}", err=True)
            return 1
        time.sleep(_PAUSE)
    click.echo(f"{url}: ready")
    return 0


def _url_parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingError(f"{url}: expected a URL such as http://127.0.0.1:8042")
    return parts


def _reason_not_ready(parts: SplitResult, deadline: float) -> str | None:
    """Return why the server is not ready, or None if it is."""
    seconds = min(_ANSWER_SECONDS, max(_PAUSE, deadline - time.monotonic()))
    try:
        status, _ = exchange(parts, "/_fake/health", seconds=seconds)
    except SSLCertVerificationError:
        return UNTRUSTED
    except OSError as error:
        return error.strerror or str(error)
    except (http.client.HTTPException, ValueError) as error:
        return f"it does not speak HTTP: {type(error).__name__}"
    return None if status == 200 else f"it answers {status} to /_fake/health"
