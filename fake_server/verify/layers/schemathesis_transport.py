"""Schemathesis' transport: it sends requests through the sender of a run, within its budget."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import requests

from fake_server.errors import VerificationError
from fake_server.verify.layers.credential_placeholders import Placeholders
from fake_server.verify.layers.schemathesis_parts import (
    REQUESTS_TRANSPORT,
    BudgetExpired,
    Case,
    Override,
    RequestsTransport,
    Response,
    transport,
)
from fake_server.verify.outcome_errors import NoAnswerError, NotShownError
from fake_server.verify.server.raw_messages import USER_AGENT, Answer, ApiRequest
from fake_server.verify.server.sender import Sender

_CASE = "x-schemathesis-testcaseid"
_NOT_SENT = {"connection", "host", "content-length", "accept-encoding", "user-agent", _CASE}
_BASE_URL = "http://localhost"


class BudgetedTransport(RequestsTransport):
    """Sends the requests of Schemathesis through a sender, with credentials for placeholders.

    - `sent`: the requests by case.
    - `ended`: no more request may be sent, or the user interrupted the run. From the case `last`
      on, the transport raises `BudgetExpired`: Schemathesis then reports the checks before it.
    - `cut_off`: cases that were not sent, because their method is not among `methods` (None
      allows any), or that got no answer. Schemathesis gets a 503 for them.
    - `unanswered`: why cases got no answer.
    """

    def __init__(
        self,
        sender: Sender,
        credentials: Placeholders,
        methods: frozenset[str] | None = None,
    ) -> None:
        super().__init__()
        self._copy_serializers_from(REQUESTS_TRANSPORT)
        self.sent: dict[str, ApiRequest] = {}
        self.cut_off: set[str] = set()
        self.unanswered: dict[str, str] = {}
        self.fatal: VerificationError | None = None
        self.ended = False
        self.last: str | None = None
        self._sender = sender
        self._methods = methods
        self._credentials = credentials

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Make all of Schemathesis use this transport while the block runs."""
        with patch.object(transport, "get", lambda app: self):
            yield

    def send(self, case: Case[Any], *, session: Any = None, **options: Any) -> Response:
        """Send a case; redirects are answers, never followed."""
        arguments = {name: options.get(name) for name in ("headers", "params", "cookies")}
        session_headers = dict(session.headers) if session is not None else {}
        arguments["headers"] = {**session_headers, **(arguments["headers"] or {})}
        prepared = requests.Request(
            **self.serialize_case(case, base_url=_BASE_URL, **arguments)
        ).prepare()
        started = time.monotonic()
        status, headers, body = self._exchange(case, self._request(prepared))
        return Response(
            status_code=status,
            headers=headers,
            content=body,
            request=prepared,
            elapsed=time.monotonic() - started,
            verify=False,
            _override=Override.from_send_kwargs(arguments),
        )

    def _exchange(
        self, case: Case[Any], request: ApiRequest
    ) -> tuple[int, dict[str, list[str]], bytes]:
        if self.ended:
            self._end(case)
        if self._methods is None or request.method in self._methods:
            self.sent[case.id] = request
            try:
                return _parts_of_answer(self._sender.send(request))
            except NoAnswerError as error:
                self.unanswered[case.id] = error.seen
            except VerificationError as error:
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

    def _request(self, prepared: requests.PreparedRequest) -> ApiRequest:
        headers = tuple(
            (name, self._credentials.header(name, _text(value)))
            for name, value in prepared.headers.items()
            if name.lower() not in _NOT_SENT
        )
        method = prepared.method or "GET"
        all_headers = (*headers, ("User-Agent", USER_AGENT))
        target = self._credentials.target(prepared.path_url)
        return ApiRequest(method, target, all_headers, _bytes(prepared.body) or None)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    """Return a body as bytes. Only files come in parts, and no API here takes any."""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body or ())


def _parts_of_answer(answer: Answer) -> tuple[int, dict[str, list[str]], bytes]:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name.lower(), []).append(value)
    return answer.status, headers, answer.body
