"""The control plane of a running server, over HTTP. The module imports no server."""

import http.client
import json
import re
import secrets
from collections.abc import Mapping
from ssl import SSLCertVerificationError
from typing import Any
from urllib.parse import urlsplit

from fake_server.errors import (
    CertificateError,
    ForeignServerError,
    Position,
    UnreachableServerError,
    UserError,
    error_of_type,
)
from fake_server.testing.plain_http import exchange

UNTRUSTED = "its certificate is not trusted: name its authority's file in SSL_CERT_FILE"
"""The message for a client that does not trust the authority of a server's certificate."""

WORLD_HEADER = "X-Fake-World"
"""The header that names a request's world, for a proxy in front of several processes."""

_TIMEOUT_SECONDS = 60.0
_WORLD_PATH = re.compile("/worlds/([^/?]+)")


class RemotePlane:
    """The control plane of a server elsewhere, such as `http://127.0.0.1:8042`.

    `token`: the control token; None: the server requires none.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, attributes: Any = None) -> Any:
        """Send a request; see `fake_server.testing.planes.Plane`.

        The request names its world in `X-Fake-World`: the server may be several processes, behind a
        proxy that routes by the name. So a new world without a name gets one here.
        """
        headers = {"Accept": "application/json", **self._headers}
        if (method, path) == ("POST", "/worlds"):
            attributes = {"name": new_name(), **(attributes or {})}
            headers[WORLD_HEADER] = _header_value(attributes["name"])
        elif named := _WORLD_PATH.match(path):
            headers[WORLD_HEADER] = _header_value(named[1])
        body = None
        if attributes is not None:
            body = json.dumps(attributes).encode()
            headers["Content-Type"] = "application/json"
        return content_of(self.url, *self._exchange(method, path, body, headers))

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        try:
            return exchange(
                urlsplit(self.url),
                f"/_fake{path}",
                method=method,
                body=body,
                headers=headers,
                seconds=_TIMEOUT_SECONDS,
            )
        except SSLCertVerificationError:
            raise CertificateError(f"{self.url}: {UNTRUSTED}") from None
        except OSError as error:
            raise UnreachableServerError(
                f"{self.url}: {error.strerror or error}; start one with fake-server serve"
            ) from None
        except http.client.HTTPException as error:
            raise ForeignServerError(
                f"{self.url}: does not speak HTTP: {type(error).__name__}"
            ) from None


def new_name() -> str:
    """Return a name for a world that no other client draws."""
    return f"world-{secrets.token_hex(8)}"


def _header_value(name: object) -> str:
    """Return a name as the value of a header; the server refuses a name beyond ASCII anyway."""
    return re.sub("[^!-~]", "?", str(name))


def content_of(source: str, status: int, body: bytes) -> Any:
    """Return the content of a control plane's answer.

    Raises the error that a problem's type names, and `ForeignServerError` for the answer of another
    server. `source`: the name of the server in messages.
    """
    try:
        content = json.loads(body) if body else None
    except (ValueError, RecursionError):
        content = None
    if status >= 300 and isinstance(content, dict) and "detail" in content:
        raise _error_of(content)
    if status >= 300 or (content is None and status != 204):
        raise ForeignServerError(f"{source}: no fake answers there, but something else ({status})")
    return content


def _error_of(problem: Mapping[str, Any]) -> UserError:
    """Return the error that a problem says, with the position that the problem has as data."""
    match problem.get("position"):
        case {"file": str(file), "line": int() | None as line}:
            message = str(problem.get("message"))
            return error_of_type(problem.get("type"), message, Position(file, line))
    return error_of_type(problem.get("type"), str(problem["detail"]))
