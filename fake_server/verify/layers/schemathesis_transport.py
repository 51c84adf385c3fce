"""Schemathesis' transport: so what it invents goes through the one gate of a run, too."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import requests

from fake_server.verify.errors import CouldNotRunError, NoAnswerError, NotShownError
from fake_server.verify.layers.schemathesis_parts import (
    REQUESTS_TRANSPORT,
    BudgetExpired,
    Case,
    Override,
    RequestsTransport,
    Response,
    transport,
)
from fake_server.verify.server.messages import USER_AGENT, Answer, Request
from fake_server.verify.server.sender import Sender

PLACEHOLDER = "understudy"
"""Stands for a credential in what Schemathesis sends: it never learns the real ones."""

_CASE = "x-schemathesis-testcaseid"
_NOT_SENT = {"connection", "host", "content-length", "accept-encoding", "user-agent", _CASE}
_BASE_URL = "http://localhost"


class Gate(RequestsTransport):
    """Sends each request on, with credentials for placeholders, and keeps it by its case.

    Where nothing more may be sent it is `ended`, as it is when the user interrupts it: it then
    raises what lets Schemathesis hand over what it has checked, from the case `last` on. Cases of a
    method that is not among `methods` (None allows any) are not sent and are in `cut_off`; so are
    those that got no answer, which are in `unanswered`, too. Schemathesis takes a 503 for the
    answer of both.
    """

    def __init__(
        self,
        sender: Sender,
        credentials: Iterable[tuple[str, str]],
        methods: frozenset[str] | None = None,
    ) -> None:
        super().__init__()
        self._copy_serializers_from(REQUESTS_TRANSPORT)
        self.sent: dict[str, Request] = {}
        self.cut_off: set[str] = set()
        self.unanswered: dict[str, str] = {}
        self.fatal: CouldNotRunError | None = None
        self.ended = False
        self.last: str | None = None
        self._sender = sender
        self._methods = methods
        self._credentials = {name.lower(): value for name, value in credentials}

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let all of Schemathesis send through here while the block runs."""
        with patch.object(transport, "get", lambda app: self):
            yield

    def send(self, case: Case[Any], *, session: Any = None, **options: Any) -> Response:
        """Send a case; redirects are answers, never followed."""
        asked = {name: options.get(name) for name in ("headers", "params", "cookies")}
        given = dict(session.headers) if session is not None else {}
        asked["headers"] = {**given, **(asked["headers"] or {})}
        prepared = requests.Request(
            **self.serialize_case(case, base_url=_BASE_URL, **asked)
        ).prepare()
        began = time.monotonic()
        status, headers, body = self._exchange(case, self._request(prepared))
        return Response(
            status_code=status,
            headers=headers,
            content=body,
            request=prepared,
            elapsed=time.monotonic() - began,
            verify=False,
            _override=Override.from_send_kwargs(asked),
        )

    def _exchange(
        self, case: Case[Any], request: Request
    ) -> tuple[int, dict[str, list[str]], bytes]:
        if self.ended:
            self._end(case)
        if self._methods is None or request.method in self._methods:
            self.sent[case.id] = request
            try:
                return _told(self._sender.send(request))
            except NoAnswerError as error:
                self.unanswered[case.id] = error.seen
            except CouldNotRunError as error:
                self.fatal = error
                self._end(case)
            except (NotShownError, KeyboardInterrupt):
                self._end(case)
        self.cut_off.add(case.id)
        return 503, {}, b""

    def _end(self, case: Case[Any]) -> None:
        self.cut_off.add(case.id)
        self.ended = True
        self.last = self.last or case.id
        raise BudgetExpired

    def _request(self, prepared: requests.PreparedRequest) -> Request:
        headers = tuple(
            (name, self._real(name, _text(value)))
            for name, value in prepared.headers.items()
            if name.lower() not in _NOT_SENT
        )
        method = prepared.method or "GET"
        sent = (*headers, ("User-Agent", USER_AGENT))
        return Request(method, prepared.path_url, sent, _bytes(prepared.body) or None)

    def _real(self, name: str, value: str) -> str:
        if value == PLACEHOLDER:
            return self._credentials.get(name.lower(), value)
        return value


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    """Return a body as it is sent; only files, which no API here takes, would come in parts."""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body or ())


def _told(answer: Answer) -> tuple[int, dict[str, list[str]], bytes]:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name.lower(), []).append(value)
    return answer.status, headers, answer.body
