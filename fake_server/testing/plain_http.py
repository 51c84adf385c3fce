"""One request to a server elsewhere, within a time; never through a proxy."""

import http.client
import ssl
import time
from collections.abc import Mapping
from socket import EAI_NONAME, SHUT_RDWR, gaierror
from threading import Timer
from urllib.parse import SplitResult


def exchange(
    parts: SplitResult,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float,
    context: ssl.SSLContext | None = None,
) -> tuple[int, bytes]:
    """Return the status and body of an answer that is complete within so many seconds.

    - `parts`: the URL of the server; `path` follows its path.
    - `seconds`: a timeout of a socket would begin again with each byte.
    - `context`: of TLS; None: the usual one.

    Raises `TimeoutError` and other OSErrors, `http.client.HTTPException` for an answer that is not
    HTTP, and ValueError for a malformed URL.
    """
    deadline = time.monotonic() + seconds
    host = str(parts.hostname)
    connection = (
        http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=seconds)
    )
    late: list[bool] = []

    def end() -> None:
        late.append(True)
        if connection.sock is not None:
            try:
                connection.sock.shutdown(SHUT_RDWR)
            except OSError:
                # The server ended the connection first.
                return

    timer = None
    try:
        _connect(connection)
        timer = Timer(max(0.0, deadline - time.monotonic()), end)
        timer.daemon = True
        timer.start()
        connection.request(method, f"{parts.path.rstrip('/')}{path}", body, dict(headers or {}))
        response = connection.getresponse()
        status, content = response.status, response.read()
    except (OSError, http.client.HTTPException):
        if late:
            raise TimeoutError(f"no complete answer within {seconds:g} s") from None
        raise
    finally:
        if timer is not None:
            timer.cancel()
        connection.close()
    if late:
        raise TimeoutError(f"no complete answer within {seconds:g} s")
    return status, content


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except UnicodeError:
        # Names of hosts have labels of 1 to 63 characters.
        raise gaierror(EAI_NONAME, "no host can have this name") from None
