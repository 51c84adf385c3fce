"""Runs the checks that an API declares in its `recorded.yaml`."""

from collections.abc import Iterator, Sequence

from fake_server.errors import TargetError
from fake_server.verify.outcome_errors import NotShownError
from fake_server.verify.recording import kind_checks
from fake_server.verify.recording.checked_exchange import Context
from fake_server.verify.recording.declared_checks import DeclaredCheck
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.operation_matching import RouteMatch
from fake_server.verify.recording.shared_checks import BY_NAME
from fake_server.verify.recording.zone_check import OneZone


class DeclaredRunner:
    """Runs declared checks, and remembers for those that take several exchanges."""

    def __init__(self, checks: Sequence[DeclaredCheck]) -> None:
        self._checks = checks
        self._falling = {id(check): kind_checks.Falling() for check in checks}
        self._tokens = {id(check): kind_checks.SameToken() for check in checks}
        self._zones = {id(check): OneZone() for check in checks}

    def items(self, exchange: Exchange, match: RouteMatch | None) -> Iterator[DeclaredCheck]:
        """Yield the checks that an exchange concerns."""
        return (check for check in self._checks if check.condition.matches(exchange, match))

    def run(
        self, check: DeclaredCheck, exchange: Exchange, context: Context | None, client: str
    ) -> None:
        """Assert what a check declares.

        Raises `BrokenError`, or `NotShownError` if none of its kinds shows anything.
        """
        shown, missing = False, None
        for kind in check.kinds:
            try:
                self._run_kind(check, kind, exchange, context, client)
                shown = True
            except NotShownError as reason:
                missing = reason
        if not shown and missing is not None:
            raise missing

    def _run_kind(
        self,
        check: DeclaredCheck,
        kind: str,
        exchange: Exchange,
        context: Context | None,
        client: str,
    ) -> None:
        value, answer = check.kinds[kind], exchange.answer
        if kind == "headers":
            kind_checks.check_headers(answer, value)
        elif kind == "body":
            kind_checks.check_body(answer, value)
        elif kind == "text":
            kind_checks.check_text(answer, value)
        elif kind == "digest":
            kind_checks.check_digest(answer, value)
        elif kind == "links":
            kind_checks.check_links_order(answer, value)
        elif kind == "times":
            kind_checks.check_times(answer, value)
        elif kind == "zone":
            self._zones[id(check)].check(exchange.answer.json, client.partition(" ")[0])
        elif kind == "falling":
            self._falling[id(check)].check(exchange, client, value)
        elif kind == "token":
            self._tokens[id(check)].check(exchange, value)
        elif context is None:
            raise NotShownError("an operation of a resource")
        else:
            _run_of_operation(check, kind, context)


def _run_of_operation(check: DeclaredCheck, kind: str, context: Context) -> None:
    value = check.kinds[kind]
    if kind == "check":
        if value not in BY_NAME:
            raise TargetError(
                f"{check.behaviour}: check: {value} is no check; expected {', '.join(BY_NAME)}"
            )
        BY_NAME[value](context)
    elif kind == "page":
        kind_checks.check_page_headers(context, value)
    elif kind == "order":
        kind_checks.check_row_order(context, value)
    elif kind == "bounds":
        kind_checks.check_bounds(context, value)
    else:
        kind_checks.check_series(context, value)
