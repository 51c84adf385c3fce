"""The one gate through which every request of a run goes, whichever layer sends it."""

import json
import sys
from typing import Any, Protocol

from fake_server.verify.errors import CouldNotRunError, NoAnswerError
from fake_server.verify.server.interrupts import Interrupt
from fake_server.verify.server.messages import USER_AGENT, Answer, Request
from fake_server.verify.server.pace import LONGEST_WAIT, Budget, Pace, retry_after
from fake_server.verify.server.secrets import Secrets
from fake_server.verify.server.transport import Transport
from fake_server.verify.server.writings import Writings

PATIENCE = 5
"""After so many requests in a row without an answer the target counts as gone."""

_SLOW_DOWN = {429, 503}


class Listener(Protocol):
    """Hears of every answer; the shape recorder is one."""

    def heard(self, answer: Answer) -> None:
        """Take note of an answer."""


class Sender:
    """Sends requests within a budget and at a pace, and remembers the last of them."""

    def __init__(
        self,
        transport: Transport,
        *,
        budget: Budget,
        pace: Pace | None,
        secrets: Secrets,
        listeners: tuple[Listener, ...] = (),
        writings: Writings | None = None,
        interrupt: Interrupt | None = None,
    ) -> None:
        self.budget = budget
        self.secrets = secrets
        self.interrupt = interrupt or Interrupt()
        self.last: Request | None = None
        self._transport = transport
        self._pace = pace
        self._listeners = listeners if writings is None else (*listeners, writings)
        self._writings = writings
        self._unanswered = 0

    @property
    def base_url(self) -> str:
        """What every target is appended to."""
        return self._transport.base_url

    def send(self, request: Request, *, patient: bool = True) -> Answer:
        """Send a request; if `patient`, an answer that says to slow down is waited out once."""
        answer = self._send(request)
        if not patient or self._pace is None or answer.status not in _SLOW_DOWN:
            return answer
        asked = retry_after(answer.headers.get("Retry-After"))
        if asked is None or asked > LONGEST_WAIT:
            return answer
        self._pace.pause(asked)
        return self._send(request)

    def put_to_rest(self, headers: tuple[tuple[str, str], ...]) -> list[str]:
        """Disable the records that the run made, whatever its budget; return those that are left.

        `headers` identify the suite to the target.
        """
        if self._writings is None:
            return []

        def send(method: str, path: str, values: Any) -> Answer:
            body = None if values is None else json.dumps(values).encode()
            sent = (*headers, ("User-Agent", USER_AGENT), ("Content-Type", "application/json"))
            return self._send(Request(method, path, sent, body), due=True)

        return self._writings.put_to_rest(send)

    def _send(self, request: Request, *, due: bool = False) -> Answer:
        if not due:
            self.interrupt.check()
        if self._writings is not None:
            self._writings.about_to_send(request)
        self.budget.take(due=due)
        if self._pace is not None:
            self._pace.wait()
        if not due:
            self.interrupt.check()
        # A request sent while an error is on its way up only tidies: the error is about another.
        if sys.exception() is None:
            self.last = request
        try:
            reply = self._transport.send(request)
        except NoAnswerError as error:
            self._unanswered += 1
            if self._unanswered >= PATIENCE:
                raise CouldNotRunError(
                    f"{self.base_url}: no answer to {PATIENCE} requests in a row: {error.seen}"
                ) from None
            raise
        self._unanswered = 0
        answer = Answer(
            reply.status, reply.headers, reply.body, request, self.base_url, self.secrets
        )
        for listener in self._listeners:
            listener.heard(answer)
        return answer
