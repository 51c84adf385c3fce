"""A tiny server of the Fab-manager list, right or with one fault, to see what the harness sees."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

Start = Callable[[str, list[tuple[str, str]]], Any]

TOKEN = "canary-secret-7421"
PATH = "/open_api/v1/availabilities"


class Lab:
    """A WSGI application with `count` availabilities, newest first, on pages of `per_page`.

    `fault` is one of: None, "ascending", "total-of-page", "next-loops", "moving", "empty",
    "open", "html", "crash", "echo" (it repeats the credentials it got), "slow-down".
    """

    def __init__(self, fault: str | None = None, count: int = 5) -> None:
        self.fault = fault
        self.count = 0 if fault == "empty" else count
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        self.asked.append(environ)
        if self.fault == "crash":
            raise RuntimeError("out of order")
        if self.fault == "html":
            start("200 OK", [("Content-Type", "text/html")])
            return [b"<h1>Welcome</h1>"]
        if self.fault == "slow-down" and len(self.asked) == 1:
            start("429 Too Many Requests", [("Retry-After", "7")])
            return [b""]
        if environ.get("HTTP_AUTHORIZATION") != f"Token token={TOKEN}" and self.fault != "open":
            start("401 Unauthorized", [("Content-Type", "application/json")])
            return [json.dumps({"errors": ["Bad credentials"]}).encode()]
        return self._page(environ, start)

    def _page(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        query = parse_qs(environ.get("QUERY_STRING", ""))
        page = int(query.get("page", ["1"])[0])
        size = int(query.get("per_page", ["2"])[0])
        ids = list(range(self.count, 0, -1))
        if self.fault == "ascending":
            ids.reverse()
        shown = ids[(page - 1) * size : page * size]
        total = len(shown) if self.fault == "total-of-page" else self.count
        if self.fault == "moving":
            total += len(self.asked)
        headers = [("Content-Type", "application/json"), ("Total", str(total))]
        if page * size < self.count:
            following = 1 if self.fault == "next-loops" else page + 1
            url = f"http://{environ['HTTP_HOST']}{PATH}?page={following}&per_page={size}"
            headers.append(("Link", f'<{url}>; rel="next"'))
        start("200 OK", headers)
        records = [{"id": id_, "start_at": f"2026-01-{id_:02}T00:00:00Z"} for id_ in shown]
        body: dict[str, Any] = {"availabilities": records}
        if self.fault == "echo":
            body["you"] = environ.get("HTTP_AUTHORIZATION")
        return [json.dumps(body).encode()]
