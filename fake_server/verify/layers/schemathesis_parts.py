"""The parts of Schemathesis beyond its documented interface that the harness uses.

Schemathesis has no public way to end a run early or to register a transport. A test names each
part, so a release that moves one fails there and nowhere else.
"""

from schemathesis import transport
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.run.unit._case import BudgetExpired
from schemathesis.generation.case import Case
from schemathesis.generation.overrides import Override
from schemathesis.transport.requests import REQUESTS_TRANSPORT, RequestsTransport

__all__ = [
    "REQUESTS_TRANSPORT",
    "BudgetExpired",
    "Case",
    "Failure",
    "FailureGroup",
    "Ok",
    "Override",
    "RequestsTransport",
    "Response",
    "SchemathesisConfig",
    "Status",
    "events",
    "from_schema",
    "transport",
]
