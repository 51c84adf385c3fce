"""Sends every request of a run, whichever layer asks for it."""

import json
import sys
from collections.abc import Callable
from typing import Any, Protocol

from fake_server.errors import VerificationError
from fake_server.verify.outcome_errors import NoAnswerError
from fake_server.verify.server.created_records import CreatedRecords
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.interrupts import Interrupt
from fake_server.verify.server.pace import LONGEST_WAIT, Budget, Pace, retry_after
from fake_server.verify.server.raw_messages import (
    USER_AGENT,
    Answer,
    ApiRequest,
    CarriedCredentials,
)
from fake_server.verify.server.transport import Transport

UNANSWERED_LIMIT = 5
"""A run ends after this many requests in a row without an answer."""

_SLOW_DOWN = {429, 503}


class AnswerListener(Protocol):
    """Receives every answer; the shape recorder is one."""

    def on_answer(self, answer: Answer) -> None:
        """Handle an answer."""


class Sender:
    """Sends requests within a budget and at a pace; `last` is the last one."""

    def __init__(
        self,
        transport: Transport,
        *,
        budget: Budget,
        pace: Pace | None,
        mask: CredentialMask,
        listeners: tuple[AnswerListener, ...] = (),
        created_records: CreatedRecords | None = None,
        interrupt: Interrupt | None = None,
    ) -> None:
        self.budget = budget
        self.mask = mask
        self.interrupt = interrupt or Interrupt()
        self.last: ApiRequest | None = None
        self._transport = transport
        self._pace = pace
        self._listeners = listeners if created_records is None else (*listeners, created_records)
        self._created_records = created_records
        self._unanswered = 0

    @property
    def base_url(self) -> str:
        """Scheme, host and path before every target."""
        return self._transport.base_url

    def where(self, path: str = "") -> str:
        """Return the server, or a path of it, as a message names it."""
        name = self._transport.name
        if name == self.base_url or not path:
            return f"{name}{path}"
        return f"{path} {name}"

    def send(self, request: ApiRequest, *, patient: bool = True) -> Answer:
        """Send a request; if `patient`, wait for a Retry-After once and send it again."""
        answer = self._send(request)
        if not patient or self._pace is None or answer.status not in _SLOW_DOWN:
            return answer
        wait_seconds = retry_after(answer.headers.get("Retry-After"))
        if wait_seconds is None or wait_seconds > LONGEST_WAIT:
            return answer
        self._pace.pause(wait_seconds)
        return self._send(request)

    def disable_created_records(
        self, carried: Callable[[str, str], CarriedCredentials]
    ) -> list[str]:
        """Disable the records that the run created, whatever its budget; return those that remain.

        `carried`: returns what carries the credentials of a request, by its method and path.
        """
        if self._created_records is None:
            return []

        def send(method: str, path: str, values: Any) -> Answer:
            body = None if values is None else json.dumps(values).encode()
            credentials = carried(method, path)
            all_headers = (
                *credentials.headers,
                ("User-Agent", USER_AGENT),
                ("Content-Type", "application/json"),
            )
            sent = ApiRequest(method, credentials.added_to(path), all_headers, body)
            return self._send(sent, beyond_limit=True)

        return self._created_records.disable(send)

    def _send(self, request: ApiRequest, *, beyond_limit: bool = False) -> Answer:
        if not beyond_limit:
            self.interrupt.check()
        if self._created_records is not None:
            self._created_records.check_request(request)
        self.budget.take(beyond_limit=beyond_limit)
        if self._pace is not None:
            self._pace.wait()
        if not beyond_limit:
            self.interrupt.check()
        # While an error propagates, a request only cleans up: the error is about an earlier one.
        if sys.exception() is None:
            self.last = request
        try:
            raw_answer = self._transport.send(request)
        except NoAnswerError as error:
            self._unanswered += 1
            if self._unanswered >= UNANSWERED_LIMIT:
                raise VerificationError(
                    f"{self.where()}: no answer to {UNANSWERED_LIMIT} requests in a row:"
                    f" {error.seen}"
                ) from None
            raise
        self._unanswered = 0
        answer = Answer(
            raw_answer.status,
            raw_answer.headers,
            raw_answer.body,
            request,
            self.base_url,
            self.mask,
        )
        for listener in self._listeners:
            listener.on_answer(answer)
        return answer
