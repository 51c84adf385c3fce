"""What the control plane refuses: one line each, as `application/problem+json` (RFC 9457)."""

from http import HTTPStatus

from flask import Response

from fake_server.rest.problems import problem


class ProblemError(Exception):
    """A request that is refused; `detail` is the one line that says why, and what to do."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail

    def answer(self) -> Response:
        """Return the answer that says it."""
        return problem(self.status, self.status.phrase, self.detail)
