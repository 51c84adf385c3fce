"""Passive checks: they hold exchanges to the behaviours of an API, and send nothing."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from fake_server.data_files.api_document import Profile, api_document
from fake_server.verify.api_files.api_under_test import ApiUnderTest, api_under_test
from fake_server.verify.api_files.declared_operations import DeclaredOperation
from fake_server.verify.api_files.ledger import entries
from fake_server.verify.layers.outcomes import Outcome, Verdict
from fake_server.verify.layers.plan import Plan, plan
from fake_server.verify.outcome_errors import BrokenError, NotShownError
from fake_server.verify.recording.assigning import has_path_of
from fake_server.verify.recording.checked_exchange import Context
from fake_server.verify.recording.clients import Clients
from fake_server.verify.recording.declared_checks import declared_checks
from fake_server.verify.recording.declared_running import DeclaredRunner
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.finding import Finding, Outcomes, not_shown
from fake_server.verify.recording.operation_matching import RouteMatch, Routes
from fake_server.verify.recording.schema_findings import SchemaFindings
from fake_server.verify.recording.secrets import mask_credentials
from fake_server.verify.recording.several import Memory
from fake_server.verify.recording.shared_checks import SEVERAL, SHARED
from fake_server.verify.server.credential_mask import CredentialMask

_NOTHING = "an exchange of the recording that shows it"
_UNDECIDED = "an exchange that tells the documented and the live sentence apart"


class PassiveChecks:
    """Checks the exchanges of one API, one after the other, in the order of the recording.

    `mask` masks the credentials of each exchange from then on: no finding has any.
    """

    def __init__(self, api: str, profile: Profile, mask: CredentialMask) -> None:
        self.api = api
        self.profile = profile
        self.mask = mask
        self.under_test: ApiUnderTest = api_under_test(api)
        self.ledger = entries(api)
        listing = self.under_test.listing
        documents: dict[str, Mapping[str, Any]] = {
            name: api_document(api, name) for name in _PROFILES
        }
        self._routes = Routes(documents["documented"], listing)
        self._live_routes = Routes(documents["live"], listing)
        self.plan: Plan = plan(self.ledger, documents, listing, documented=profile == "documented")
        self._applying = {
            (id_, operation.id)
            for id_, operations in self.plan.by_entry.items()
            for operation in operations
        }
        self._outcomes = Outcomes()
        self.schema = SchemaFindings(self.under_test, profile, self._routes, self._live_routes)
        self._declared = DeclaredRunner(
            [check for check in declared_checks(api) if check.behaviour in self.ledger]
        )
        self._clients = Clients()

    def on_exchange(self, exchange: Exchange) -> list[Finding]:
        """Return the findings of an exchange, alone or with those before it."""
        mask_credentials(exchange, self.mask, self.under_test.credential_names)
        request = exchange.answer.request
        match = self._routes.match(request.method, request.target)
        findings = [
            *self._of_shared(exchange, match),
            *self._of_declared(exchange, match),
        ]
        if match is not None:
            findings += self.schema.of_exchange(exchange, match, self._finding)
        self._outcomes.add(findings)
        return findings

    def outcomes(self) -> list[Outcome]:
        """Return the outcome of every sentence and operation, as reports take them."""
        collected = self._outcomes
        outcomes = list(collected.all())
        for id_, entry in self.ledger.items():
            operations = [declared.id for declared in self.plan.by_entry.get(id_, ())]
            for operation in operations or _ONCE:
                if not collected.is_shown(id_, operation, live=False):
                    outcomes.append(not_shown(id_, operation, _NOTHING))
                    continue
                if self.profile == "documented" or entry.live is None:
                    continue
                if collected.is_shown(id_, operation, live=True):
                    continue
                if collected.has_failed(id_, operation, live=False):
                    outcomes.append(not_shown(id_, operation, _NOTHING, live=True))
                    continue
                # Both sentences may hold of what these exchanges show: nothing is decided.
                outcomes = [
                    outcome
                    for outcome in outcomes
                    if (outcome.behaviour, outcome.operation) != (id_, operation)
                ]
                outcomes.append(not_shown(id_, operation, _UNDECIDED))
        return outcomes

    # Shared behaviours

    def _of_shared(self, exchange: Exchange, match: RouteMatch | None) -> Iterator[Finding]:
        if match is None:
            self._clients.note_unrouted(exchange)
            return
        memory = self._clients.memory_of(exchange, match)
        declared = match.route.declared
        if declared is None:
            return
        context = Context(exchange, match, declared)
        live = self.plan.live_operations.get(declared.id)
        for suffix, check in SHARED.get(declared.action, ()):
            yield from self._of_operation(f"{self.api}.{suffix}", context, check, live)
        for suffix, check_with_memory in SEVERAL.get(declared.action, ()):
            check = partial(check_with_memory, memory=memory)
            yield from self._of_operation(f"{self.api}.{suffix}", context, check, None)
        self._remember(context, memory)

    def _of_operation(
        self,
        behaviour: str,
        context: Context,
        check: Callable[[Context], None],
        live: DeclaredOperation | None,
    ) -> Iterator[Finding]:
        operation = context.declared.id
        if (behaviour, operation) not in self._applying:
            return
        finding = self._shown(behaviour, context.exchange, partial(check, context), operation)
        if finding is None:
            return
        yield finding
        # A live sentence says more than the live document: `recorded.yaml` has its check.
        if live is not None and self.ledger[behaviour].live is None:
            live_context = Context(context.exchange, context.match, live)
            of_live = self._shown(
                behaviour, context.exchange, partial(check, live_context), operation, live=True
            )
            if of_live is not None:
                yield of_live

    def _remember(self, context: Context, memory: Memory) -> None:
        memory.note(context)
        if context.declared.action != "list" or not context.is_success:
            return
        try:
            memory.note_rows(context, context.rows)
        except (BrokenError, NotShownError):
            return

    # Behaviours of the API's own ledger

    def _of_declared(self, exchange: Exchange, match: RouteMatch | None) -> Iterator[Finding]:
        if match is None and not has_path_of(self.api, exchange.answer):
            return
        client = self._clients.key_of(exchange, match)
        declared = match.route.declared if match else None
        context = Context(exchange, match, declared) if match and declared else None
        for item in self._declared.items(exchange, match):
            if item.live and self.profile == "documented":
                continue
            operations: list[str | None] = [None]
            if item.behaviour in self.plan.by_entry:
                applies = match and (item.behaviour, match.route.id) in self._applying
                operations = [match.route.id] if match and applies else []
            for operation in operations:
                check = partial(self._declared.run, item, exchange, context, client)
                finding = self._shown(item.behaviour, exchange, check, operation, live=item.live)
                if finding is not None:
                    yield finding

    # Findings

    def _shown(
        self,
        behaviour: str,
        exchange: Exchange,
        check: Callable[[], None],
        operation: str | None,
        *,
        live: bool = False,
    ) -> Finding | None:
        """Return the finding of a check; None if it shows nothing."""
        try:
            check()
        except NotShownError:
            return None
        except BrokenError as error:
            return self._finding(
                behaviour, exchange, error.what, error.expected, error.seen, operation, live=live
            )
        return Finding(behaviour, Verdict.HELD, exchange.position, operation=operation, live=live)

    def _finding(
        self,
        behaviour: str,
        exchange: Exchange,
        what: str,
        expected: str,
        seen: str,
        operation: str | None = None,
        *,
        live: bool = False,
        verdict: Verdict = Verdict.BROKEN,
    ) -> Finding:
        request = exchange.answer.request
        subject = f"{request.method} {request.target}"
        text = what if subject in what else f"{what} ({subject})"

        def hide(value: str) -> str:
            return _printable(self.mask.hide(value))

        return Finding(
            behaviour,
            verdict,
            exchange.position,
            hide(expected),
            hide(seen),
            hide(text),
            operation,
            _printable(_curl(exchange, self.mask)),
            live,
        )


_ONCE: tuple[None] = (None,)
"""The operations of a behaviour that is shown once."""

_PROFILES: tuple[Profile, ...] = ("documented", "live")

_SENT_AGAIN = {
    "accept",
    "accept-encoding",
    "authorization",
    "content-type",
    "if-none-match",
    "user-agent",
}
"""The headers that a `curl` line repeats: the others are the browser's own."""


def _printable(text: str) -> str:
    """Return a text whose control characters are escaped: a recording may hold a terminal's."""
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )


def _curl(exchange: Exchange, mask: CredentialMask) -> str:
    request = exchange.answer.request
    headers = tuple(pair for pair in request.headers if pair[0].lower() in _SENT_AGAIN)
    return request.__class__(request.method, request.target, headers, request.body).curl(
        exchange.answer.base_url, mask
    )
