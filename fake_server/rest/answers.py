"""Answers in the conventions of the API that a request is for: JSON, ETag, 304."""

from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from flask import Request, Response, has_request_context
from werkzeug.datastructures import Headers

from fake_server.rest.context import current_request
from fake_server.rest.conventions import conventions_of
from fake_server.rest.remembering.repeating import repeat, world_of

JSON = "application/json; charset=utf-8"


class AnswerHeaders(Headers):
    """The headers of an answer, which take a mapping of ready texts at once.

    `Headers` checks each name and value by itself: `python -m bench.cpu_time` measures what
    that costs. The list of headers is private to werkzeug; `tests/rest/test_answers.py` holds that
    both ways give the same.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.extend(headers)

    def extend(self, *headers: Any, **keywords: Any) -> None:
        """Add headers; raises `ValueError` for a value with a line break."""
        if keywords or len(headers) != 1 or type(headers[0]) is not dict or not _plain(headers[0]):
            super().extend(*headers, **keywords)
        else:
            self._list += headers[0].items()

    def __contains__(self, name: object) -> bool:
        """Return whether there is a header of a name; the case of letters does not count."""
        lower = str(name).lower()
        return lower in [key.lower() for key, _ in self._list]

    def __setitem__(self, name: Any, value: Any) -> None:
        """Set a header; raises `ValueError` for a value with a line break."""
        if type(value) is str and value.isprintable() and name not in self:
            self._list.append((name, value))
        else:
            super().__setitem__(name, value)


def _plain(headers: dict[str, Any]) -> bool:
    """Return whether all values are texts of one line."""
    try:
        text = "".join(headers.values())
    except TypeError:
        return False
    return text.isprintable()


class JsonAnswer(Response):
    """An answer in JSON, which has its length and no address among its headers."""

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """Return the headers of a 200 as they are.

        For other answers werkzeug mends a copy: it looks for lengths and addresses.
        """
        if self.status_code == 200 and "Content-Length" in self.headers:
            return self.headers
        return super().get_wsgi_headers(environ)


def json_answer(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer with a JSON body, spelled as the API of the current request does."""
    environ = current_request().environ if has_request_context() else {}
    body = conventions_of(environ).to_json(value)
    return JsonAnswer(body, status, AnswerHeaders(headers or {}), content_type=JSON)


def answer(status: int, body: object, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer whose body is text (str), raw (bytes), empty (None) or JSON (the rest)."""
    if body is None:
        response = Response(b"", status, dict(headers or {}))
        response.headers.pop("Content-Type", None)
        return response
    if isinstance(body, str):
        return Response(body, status, dict(headers or {}), content_type="text/plain; charset=utf-8")
    if isinstance(body, bytes):
        return Response(body, status, dict(headers or {}))
    return json_answer(body, status, headers)


def dated(response: Response, request: Request) -> Response:
    """Add the Date, which is that of the world: what a client counts from it must come true."""
    if "Date" not in response.headers:
        response.headers["Date"] = repeat(request.environ, _date, lambda date: {"Date": date})
    return response


def _date(environ: dict[str, Any]) -> str:
    return _http_date(int(world_of(environ).clock.peek().timestamp()))


@lru_cache(64)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)


def with_etag(response: Response, request: Request) -> Response:
    """Add the ETag to a 200 or 201; turn a 200 the client already has (GET, HEAD) into a 304.

    An answer of an API without ETags stays as it is.
    """
    make = conventions_of(request.environ).etag
    if make is None or response.status_code not in {200, 201}:
        return response
    etag = make(response.get_data())
    response.headers["ETag"] = etag
    known = request.environ.get("HTTP_IF_NONE_MATCH")
    if (
        known is not None
        and response.status_code == 200
        and request.method in {"GET", "HEAD"}
        and _matches(known, etag)
    ):
        response.status_code = 304
        response.set_data(b"")
        for header in ("Content-Length", "Content-Type"):
            response.headers.pop(header, None)
    return response


def _matches(known: str, etag: str) -> bool:
    bare = etag.removeprefix("W/")
    return known.strip() == "*" or bare in {
        item.strip().removeprefix("W/") for item in known.split(",")
    }
