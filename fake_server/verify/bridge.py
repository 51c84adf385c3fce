"""A WSGI application that passes on what it gets: so Schemathesis sends through the one gate."""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request as WsgiRequest

from fake_server.verify.errors import CouldNotRunError, NoAnswerError, NotShownError
from fake_server.verify.messages import USER_AGENT, Answer, Request
from fake_server.verify.sender import Sender

CASE = "X-Schemathesis-TestCaseId"
PLACEHOLDER = "understudy"
"""Stands for a credential in what Schemathesis sends: it never learns the real ones."""

_HOP_BY_HOP = {"connection", "host", "content-length", "transfer-encoding", "user-agent"}


class Bridge:
    """Sends each request on, with credentials for placeholders, and keeps it by its case.

    Where nothing more may be sent it calls `stop`, and answers 503 from then on; the cases that
    got this answer are in `cut_off`. So are those of a method that is not among `methods`, which
    are never sent; None allows any.
    """

    def __init__(
        self,
        sender: Sender,
        credentials: Iterable[tuple[str, str]],
        methods: frozenset[str] | None = None,
    ) -> None:
        self.sent: dict[str, Request] = {}
        self.cut_off: set[str] = set()
        self.fatal: CouldNotRunError | None = None
        self.stop: Callable[[], None] = lambda: None
        self._sender = sender
        self._methods = methods
        self._credentials = {name.lower(): value for name, value in credentials}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request with the target's answer."""
        incoming = WsgiRequest(environ)
        case = incoming.headers.get(CASE, "")
        if self._methods is not None and incoming.method not in self._methods:
            return self._refused(case, start)
        request = self._request(incoming, environ)
        self.sent[case] = request
        try:
            return _answered(self._sender.send(request), start)
        except NoAnswerError as error:
            start("502 No answer", [("Content-Type", "text/plain")])
            return [f"no answer: {error.seen}".encode()]
        except CouldNotRunError as error:
            self.fatal = error
        except NotShownError:
            pass
        self.stop()
        return self._refused(case, start)

    def _refused(self, case: str, start: Callable[..., Any]) -> Iterable[bytes]:
        self.cut_off.add(case)
        start("503 Cut off", [("Content-Type", "text/plain")])
        return [b""]

    def _request(self, incoming: WsgiRequest, environ: dict[str, Any]) -> Request:
        query = environ.get("QUERY_STRING", "")
        target = environ["REQUEST_URI"].partition("?")[0] + (f"?{query}" if query else "")
        headers = tuple(
            (name, self._real(name, value))
            for name, value in incoming.headers
            if name.lower() not in _HOP_BY_HOP and name.lower() != CASE.lower()
        )
        headers += (("User-Agent", USER_AGENT),)
        body = incoming.get_data(cache=False)
        return Request(incoming.method, target, headers, body or None)

    def _real(self, name: str, value: str) -> str:
        if value == PLACEHOLDER:
            return self._credentials.get(name.lower(), value)
        return value


def _answered(answer: Answer, start: Callable[..., Any]) -> Iterable[bytes]:
    headers = Headers(answer.headers)
    for name in ("Transfer-Encoding", "Content-Encoding", "Content-Length"):
        headers.remove(name)
    start(f"{answer.status} -", list(headers))
    return [answer.body]
