"""What the harness needs of Schemathesis beyond its documented interface."""

from dataclasses import fields
from inspect import signature

from fake_server.verify.layers import schemathesis_parts as parts


def test_a_transport_can_be_put_in_the_place_of_schemathesis_own() -> None:
    assert [*signature(parts.transport.get).parameters] == ["app"]
    assert [*signature(parts.RequestsTransport().send).parameters][:1] == ["case"]
    assert [*signature(parts.RequestsTransport().serialize_case).parameters][:1] == ["case"]
    parts.RequestsTransport()._copy_serializers_from(parts.REQUESTS_TRANSPORT)


def test_an_answer_is_handed_over_as_schemathesis_has_it() -> None:
    needed = {"status_code", "headers", "content", "request", "elapsed", "verify", "_override"}
    assert needed <= {*signature(parts.Response).parameters}
    assert callable(parts.Override.from_send_kwargs)


def test_the_engine_tells_what_it_did() -> None:
    assert issubclass(parts.BudgetExpired, BaseException)
    names = {"PhaseStarted", "ScenarioFinished", "NonFatalError", "FatalError"}
    assert names <= {*dir(parts.events)}
    assert {"recorder", "status"} <= {field.name for field in fields(parts.events.ScenarioFinished)}
    assert callable(parts.from_schema)
    assert {"SUCCESS", "FAILURE", "ERROR"} <= {*parts.Status.__members__}
