"""`fake-server wait`."""

import http.client
import json
import os
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult

import click

from fake_server.errors import SettingError
from fake_server.server_urls import http_parts
from fake_server.testing.plain_http import exchange
from fake_server.testing.remote import UNTRUSTED

_PAUSE = 0.05
_ANSWER_SECONDS = 5.0


def wait_for(url: str, timeout: float) -> int:
    """Request the health of the server at `url` until it is ready or `timeout` seconds are over.

    Prints one line with the result and returns the exit status, 0 or 1. Raises `UserError` for a
    malformed URL.
    """
    parts = _url_parts(url)
    return _wait(url, timeout, lambda deadline: _reason_not_ready(parts, deadline))


def wait_for_file(path: Path, timeout: float) -> int:
    """Wait like `wait_for`, for the very server that wrote the ready file at `path`.

    The file may be missing at first. A file of a server that was killed does not count, also if
    another server answers at its address.
    """
    return _wait(str(path), timeout, lambda deadline: _reason_file_not_ready(path, deadline))


def _wait(name: str, timeout: float, reason_at: Callable[[float], str | None]) -> int:
    deadline = time.monotonic() + timeout
    while (reason := reason_at(deadline)) is not None:
        if time.monotonic() + _PAUSE > deadline:
            click.echo(f"{name}: not ready after {timeout:g} s: {reason}", err=True)
            return 1
        time.sleep(_PAUSE)
    click.echo(f"{name}: ready")
    return 0


def _reason_file_not_ready(path: Path, deadline: float) -> str | None:
    """Return why the server that wrote a ready file is not ready, or None if it is."""
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return "no server has written the file"
    except OSError as error:
        return error.strerror or str(error)
    except ValueError:
        content = None
    match content:
        case {"url": str(url), "pid": int(pid), "id": str(server_id)} if pid > 0:
            url = content.get("socket_url", url)
        case _:
            return "it is not the ready file of a server"
    if not _is_alive(pid):
        return f"process {pid}, which wrote it, is gone"
    try:
        return _reason_not_ready(_url_parts(url), deadline, content.get("ca_file"), server_id)
    except SettingError as error:
        return str(error)


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        # There, signal 0 is Ctrl-C.
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        # The process belongs to another user.
        return True
    return True


def _url_parts(url: str) -> SplitResult:
    parts = http_parts(url)
    if parts is None:
        raise SettingError(f"{url}: expected a URL such as http://127.0.0.1:8042")
    return parts


def _reason_not_ready(
    parts: SplitResult, deadline: float, ca_file: str | None = None, server_id: str | None = None
) -> str | None:
    """Return why the server is not ready, or None if it is.

    `ca_file`: an authority to trust besides the usual ones. `server_id`: the only server to accept.
    """
    seconds = min(_ANSWER_SECONDS, max(_PAUSE, deadline - time.monotonic()))
    try:
        context = None if ca_file is None else ssl.create_default_context()
        if context is not None:
            context.load_verify_locations(ca_file)
    except OSError as error:
        return f"{ca_file}: {error.strerror or error}"
    try:
        status, body = exchange(parts, "/_fake/health", seconds=seconds, context=context)
    except ssl.SSLCertVerificationError:
        return UNTRUSTED
    except OSError as error:
        return error.strerror or str(error)
    except (http.client.HTTPException, ValueError) as error:
        return f"it does not speak HTTP: {type(error).__name__}"
    if status != 200:
        return f"it answers {status} to /_fake/health"
    if server_id is not None and _id_in(body) != server_id:
        return f"another server answers at {parts.geturl()}"
    return None


def _id_in(body: bytes) -> Any:
    """Return the id in an answer to `/_fake/health`; None without one."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content.get("id") if isinstance(content, dict) else None
