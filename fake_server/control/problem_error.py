"""Refusals of the control plane, as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response

from fake_server.errors import UserError
from fake_server.rest.http_text import phrase_of
from fake_server.rest.problems import problem


class ProblemError(Exception):
    """The refusal of a request: its status, its error and the headers of the answer."""

    def __init__(
        self, status: HTTPStatus, error: UserError, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(error))
        self.status = status
        self.error = error
        self.headers = dict(headers or {})

    def answer(self) -> Response:
        """Return the answer with the error."""
        answer = problem(self.status, phrase_of(self.status), self.error)
        answer.headers.update(self.headers)
        return answer
