"""What the fake does not serve: the header, the journal and the log."""

import logging
from collections.abc import Iterator

import pytest

from fake_server import FakeServer
from fake_server.rest.not_served import not_served
from fake_server.world.journal.journal import MOST_NOT_SERVED, Journal
from tests.support.client import CheckedClient

REQUESTS = "/_fake/worlds/default/requests"
UNKNOWN = "What it answers is not known."


@pytest.fixture
def client() -> Iterator[CheckedClient]:
    with FakeServer(dataset="documented") as server:
        yield CheckedClient(server.app)


@pytest.mark.parametrize(
    ("request_line", "operation", "reason"),
    [
        ("GET /v2/campus/paris/stats", "GET /v2/campus/{campus_id}/stats", UNKNOWN),
        ("HEAD /v2/offers/7", "GET /v2/offers/{id}", UNKNOWN),
        ("DELETE /v2/offers/7", "DELETE /v2/offers/{id}", ""),
        ("GET /v2/x9/12/y/3", "GET /v2/x9/{id}/y/{id}", ""),
    ],
)
def test_an_operation_has_the_template_of_its_path(
    request_line: str, operation: str, reason: str
) -> None:
    assert not_served("intra42", *request_line.split()) == (operation, reason)
    assert not_served("xurrent", *request_line.split()).reason == ""


def test_journal_and_log_name_an_operation_once(
    client: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "fake_server"):
        for path in ("/v2/offers/1", "/v2/offers/2", "/v2/users/norminet/user_candidature"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["X-Fake-Not-Served"]) == (404, f"GET {path}")
        client.get("/v2/slots")
    operations = ["GET /v2/offers/{id}", "GET /v2/users/{user_id}/user_candidature"]
    assert client.get(REQUESTS).json["not_served"] == operations
    lines = [f"intra42: {operation} is not served: {UNKNOWN}" for operation in operations]
    assert [record.message for record in caplog.records] == lines


def test_a_cleared_journal_names_an_operation_again(client: CheckedClient) -> None:
    client.get("/v2/offers")
    client.delete(REQUESTS)
    assert client.get(REQUESTS).json["not_served"] == []
    client.get("/v2/offers")
    assert client.get(REQUESTS).json["not_served"] == ["GET /v2/offers"]


def test_credentials_are_taken_out(client: CheckedClient, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/v2/nothing/YOUR_ACCESS_TOKEN")
    assert client.get(REQUESTS).json["not_served"] == ["GET /v2/nothing/[redacted]"]
    assert "YOUR_ACCESS_TOKEN" not in caplog.text


def test_a_journal_names_so_many_and_no_more() -> None:
    journal = Journal()
    for number in range(MOST_NOT_SERVED + 5):
        journal.record_not_served(f"GET /v9/x{number}")
    assert len(journal.not_served) == MOST_NOT_SERVED
