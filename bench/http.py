"""One kept HTTP connection, the same for every server that is measured."""

import http.client
import json
import time
from collections.abc import Mapping
from typing import Any

_FORM = "application/x-www-form-urlencoded"


class JsonConnection:
    """Sends requests one after the other to a server on this machine."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Return the JSON of an answer, None if it has none; raises RuntimeError for a 4xx or 5xx.

        A `body` that is text is a form.
        """
        sent = dict(headers or {})
        if body is not None:
            sent["Content-Type"] = _FORM if isinstance(body, str) else "application/json"
        data = body if isinstance(body, str) or body is None else json.dumps(body)
        self._connection.request(method, path, data, sent)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]!r}")
        return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def wait_for(port: int, path: str, seconds: float = 60) -> None:
    """Return when a server answers; raises RuntimeError if it does not in time."""
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        connection = JsonConnection(port)
        try:
            connection.ask("GET", path)
        except (OSError, http.client.HTTPException):
            time.sleep(0.002)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"no server on port {port} answered within {seconds:g} s")
