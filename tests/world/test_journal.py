"""What a world remembers of its requests, and what it says of them."""

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from fake_server.errors import UserError
from fake_server.world.journal.entry import one_line
from fake_server.world.journal.journal import MOST_ENTRIES, Journal
from fake_server.world.journal.secret_texts import SecretTexts
from fake_server.world.journal.verification import Verification

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Sent:
    """What a client of no real API sent."""

    operation: str | None = None
    raw_query: str = ""
    raw_body: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    unread: Sequence[str] = ()
    body: Mapping[str, Any] | None = None

    def spelling(self, text: str, secrets: SecretTexts) -> str:
        """Return a text without secrets."""
        return secrets.hidden_text(text)


def note(
    journal: Journal,
    operation: str | None = "shop.list_goods",
    path: str = "/v9/goods",
    method: str = "GET",
    status: int = 200,
    fault: str | None = None,
    **sent: Any,
) -> None:
    """Note a request in a journal."""
    journal.record(NOON, 1e9, 0.0015, method, path, status, "Token", fault, Sent(operation, **sent))


@pytest.fixture
def journal() -> Journal:
    """Return the journal of a client that lists goods, makes one, and misspells a parameter."""
    journal = Journal()
    note(journal, parameters={"page": "1"}, raw_query="page=1")
    note(journal, "shop.create_good", method="POST", status=201, parameters={"price": 3})
    note(journal, parameters={"pgae": "2"}, unread=["pgae"])
    note(journal, None, "/v9/gods", status=404)
    return journal


def test_a_million_requests_are_counted_and_few_kept() -> None:
    journal = Journal()
    sent = Sent("shop.list_goods")
    before = sys.getallocatedblocks()
    for number in range(1_000_000):
        journal.record(NOON, 1e9, 0.001, "GET", f"/v9/{number}", 200, None, None, sent)
    assert sys.getallocatedblocks() - before < 20 * MOST_ENTRIES
    assert (journal.total, journal.forgotten) == (1_000_000, 1_000_000 - MOST_ENTRIES)
    kept = journal.entries()
    assert [kept[0].path, kept[-1].path] == ["/v9/999000", "/v9/999999"]
    assert len(kept) == MOST_ENTRIES == 1000


def test_numbers_go_on_when_a_journal_is_cleared() -> None:
    journal = Journal(most=2)
    for _ in range(3):
        note(journal)
    assert (journal.last, journal.total, journal.forgotten) == (3, 3, 1)
    journal.clear()
    assert (journal.last, journal.total, journal.forgotten) == (3, 0, 0)
    note(journal)
    assert [entry.number for entry in journal.entries()] == [4]
    assert (journal.last, journal.total, journal.forgotten) == (4, 1, 0)


@pytest.mark.parametrize(
    ("criteria", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"operation": "shop.list_goods"}, [1, 3]),
        ({"operation": "shop.*"}, [1, 2, 3]),
        ({"operation": "SHOP.*"}, []),
        ({"method": "post"}, [2]),
        ({"path": "/v9/go?ds"}, [1, 2, 3]),
        ({"path": "*"}, [1, 2, 3, 4]),
        ({"status": 404}, [4]),
        ({"status": "2xx"}, [1, 2, 3]),
        ({"status": "2XX", "unread": True}, [3]),
        ({"unread": False}, [1, 2, 4]),
        ({"parameters": {}}, [1, 2, 3, 4]),
        ({"parameters": {"page": 1}}, [1]),
        ({"parameters": {"price": "3"}}, [2]),
        ({"parameters": {"price": {"$like": "*"}}}, [2]),
        ({"parameters": {"page": {"$absent": True}, "price": {"$absent": True}}}, [3, 4]),
        ({"since": 2}, [3, 4]),
        ({"limit": 1}, [4]),
        ({"limit": 1, "operation": "shop.list_goods"}, [3]),
        ({"limit": 0}, []),
    ],
)
def test_requests_are_found(journal: Journal, criteria: dict[str, Any], numbers: list[int]) -> None:
    assert [entry.number for entry in journal.entries(**criteria)] == numbers


@pytest.mark.parametrize(
    ("expected", "noted", "same"),
    [
        ({"a": {"b": "1"}}, {"a": {"b": "1", "c": "2"}}, True),
        ({"a": {"b": "1"}}, {"a": {"b": "2"}}, False),
        ({"a": {"b": "1"}}, {"a": "1"}, False),
        ({"a": {"b": "1"}}, {}, False),
        ({"a": {}}, {"a": {"b": "1"}}, True),
        ({"a": "1"}, {"a": {"b": "1"}}, False),
        ({"a": [1, 2]}, {"a": ["1", "2"]}, True),
        ({"a": [1]}, {"a": ["1", "2"]}, False),
        ({"a": ["1", "2"]}, {"a": "1,2"}, False),
        ({"a": "1"}, {"a": ["1"]}, False),
        ({"a": [{"b": {"$like": "x*"}}]}, {"a": [{"b": "xy", "c": 1}]}, True),
        ({"a": True}, {"a": "true"}, True),
        ({"a": None}, {"a": None}, True),
        ({"a": None}, {}, False),
        ({"a": {"$like": "2026-*"}}, {"a": "2026-01-01"}, True),
        ({"a": {"$like": "2026-*"}}, {"a": "2027-01-01"}, False),
        ({"a": {"$like": "*"}}, {"a": ["1"]}, False),
        ({"a": {"$absent": False}}, {"a": ["1"]}, True),
        ({"a": {"$absent": False}}, {}, False),
        ({"a": {"$absent": True}}, {"a": None}, False),
    ],
)
def test_parameters_are_compared_in_part_and_as_text(
    expected: dict[str, Any], noted: dict[str, Any], same: bool
) -> None:
    journal = Journal()
    note(journal, parameters=noted)
    assert bool(journal.entries(parameters=expected)) is same


@pytest.mark.parametrize(
    ("expectation", "reason"),
    [
        ({"operation": "shop.list_goods"}, ""),
        ({"operation": "shop.list_goods", "count": 2}, ""),
        ({"operation": "shop.list_goods", "count": 1}, "exactly 1, found 2: requests 1, 3"),
        ({"operation": "shop.list_goods", "at_least": 3}, "at least 3, found 2"),
        ({"operation": "shop.list_goods", "at_most": 2}, ""),
        ({"operation": "shop.list_goods", "at_most": 1}, "at most 1, found 2: requests 1, 3"),
        ({"operation": "shop.list_goods", "at_least": 1, "at_most": 2}, ""),
        ({"operation": "shop.list_goods", "at_least": 3, "at_most": 4}, "3 to 4, found 2"),
        ({"operation": "shop.delete_good", "never": True}, ""),
        ({"operation": "shop.delete_good", "at_most": 1}, ""),
        ({"operation": "shop.delete_good", "count": 0}, ""),
        ({"operation": "shop.delete_good"}, "expected at least 1, found 0"),
        ({"status": "4xx", "never": True}, "expected never, found 1: requests 4"),
    ],
)
def test_requests_are_verified_by_their_number(
    journal: Journal, expectation: dict[str, Any], reason: str
) -> None:
    verification = journal.verify([expectation])
    assert verification.verified is (reason == "")
    assert reason in verification.verdicts[0].reason


@pytest.mark.parametrize(
    ("operations", "verified"),
    [
        (["list_goods", "create_good", "list_goods"], True),
        (["create_good", "list_goods"], True),
        (["list_goods", "list_goods", "create_good"], False),
        (["create_good", "create_good"], False),
    ],
)
def test_requests_are_verified_by_their_order(
    journal: Journal, operations: list[str], verified: bool
) -> None:
    expectations = [{"operation": f"shop.{name}"} for name in operations]
    assert journal.verify(expectations, in_order=True).verified is verified
    assert journal.verify(expectations).verified


def test_the_order_counts_what_is_needed(journal: Journal) -> None:
    twice = {"operation": "shop.list_goods", "count": 2}
    never = {"operation": "shop.delete_good", "never": True}
    verification = journal.verify([never, twice, {"method": "POST"}], in_order=True)
    assert [verdict.verified for verdict in verification.verdicts] == [True, True, False]
    assert "after request 3, found 0 there and 1 in all" in verification.verdicts[2].reason


def near(verification: Verification) -> list[tuple[int, list[str]]]:
    """Return the numbers of the near misses, each with its differences in words."""
    return [
        (miss.entry.number, [str(mismatch) for mismatch in miss.mismatches])
        for miss in verification.verdicts[0].near_misses
    ]


def test_what_came_closest_comes_first(journal: Journal) -> None:
    expectation = {"operation": "shop.list_goods", "parameters": {"page": "2"}}
    assert near(journal.verify([expectation])) == [
        (3, ["parameters.page: expected '2', found nothing; pgae was sent"]),
        (1, ["parameters.page: expected '2', found '1'"]),
    ]


def test_a_misspelt_path_is_near(journal: Journal) -> None:
    misses = near(journal.verify([{"path": "/v9/god"}]))
    assert misses[0] == (4, ["path: expected '/v9/god', found '/v9/gods'"])


def test_what_is_quite_unlike_is_no_near_miss() -> None:
    journal = Journal()
    note(journal, "bakery.zzz", "/q", "DELETE", 500)
    expectation = {"operation": "shop.list_goods", "method": "GET", "status": 200}
    assert near(journal.verify([expectation])) == []


def test_what_is_forgotten_is_not_verified() -> None:
    journal = Journal(most=2)
    for _ in range(3):
        note(journal)
    never = {"operation": "shop.delete_good", "never": True}
    refused = journal.verify([never])
    assert (refused.verified, refused.forgotten) == (False, 1)
    assert refused.verdicts[0].reason == (
        "found 0, but 1 older request is forgotten: clear the journal first, or say since when"
    )
    assert journal.verify([{"operation": "shop.list_goods", "at_least": 2}]).verified
    assert journal.verify([never], since=1).verified
    journal.clear()
    assert journal.verify([never]).verified


@pytest.mark.parametrize(
    ("expectation", "mistake"),
    [
        ({"operaton": "a"}, "operaton: no such part of an expectation; meant operation?"),
        ({"count": 1, "never": True}, "expected one of count, at_least, at_most, never"),
        ({"count": -1}, "count: expected a whole number from 0, found -1"),
        ({"count": True}, "count: expected a whole number from 0, found True"),
        ({"never": False}, "never: expected true, found False"),
        ({"at_least": 3, "at_most": 2}, "at_least: expected at most 2, which at_most is, found 3"),
    ],
)
def test_a_mistake_in_an_expectation_gets_one_line(
    journal: Journal, expectation: dict[str, Any], mistake: str
) -> None:
    with pytest.raises(UserError) as raised:
        journal.verify([expectation])
    assert mistake in str(raised.value)


def test_an_unknown_criterion_gets_one_line(journal: Journal) -> None:
    with pytest.raises(UserError, match="pth: no such criterion; meant path"):
        journal.entries(pth="/")


def test_an_entry_is_one_line() -> None:
    journal = Journal()
    note(journal, raw_query="page=1")
    note(journal, path="/v9/\x1b[2J\n\u2028é", method="POST", unread=["a\nb"], fault="fault-1")
    lines = [str(entry) for entry in journal.entries()]
    assert lines == [
        "12:00:00 GET    /v9/goods?page=1 200 1.5 ms",
        "12:00:00 POST   /v9/\\x1b[2J\\n\\u2028é 200 1.5 ms unread: a\\nb fault: fault-1",
    ]


def test_the_parts_of_a_line_may_be_adorned(journal: Journal) -> None:
    style: Callable[[str, str], str] = lambda text, part: f"<{part}>{text}"  # noqa: E731 - as used
    line = one_line(journal.entries()[2].shown(), style)
    assert line == (
        "<time>12:00:00 <method>GET    /v9/goods <status 2>200 <duration>1.5 ms"
        " <unread>unread: pgae"
    )


def test_a_verification_is_lines_to_read(journal: Journal) -> None:
    expectation = {"operation": "shop.list_goods", "parameters": {"page": {"$like": "9*"}}}
    assert str(journal.verify([{"method": "post", "count": 1}, expectation])) == "\n".join(
        [
            "ok     exactly 1: POST",
            "FAILED at least 1: shop.list_goods with page like '9*'",
            "       expected at least 1, found 0",
            "       near miss: 3 12:00:00 GET    /v9/goods 200 1.5 ms unread: pgae",
            "         parameters.page: expected like '9*', found nothing; pgae was sent",
            "       near miss: 1 12:00:00 GET    /v9/goods?page=1 200 1.5 ms",
            "         parameters.page: expected like '9*', found '1'",
        ]
    )


def test_an_entry_is_shown_as_json_values(journal: Journal) -> None:
    assert journal.entries()[0].shown() == {
        "number": 1,
        "at": "2026-03-02T12:00:00Z",
        "real_at": "2001-09-09T01:46:40Z",
        "duration_ms": 1.5,
        "operation": "shop.list_goods",
        "method": "GET",
        "path": "/v9/goods",
        "query": "page=1",
        "parameters": {"page": "1"},
        "body": None,
        "unread": [],
        "credentials": "Token",
        "status": 200,
        "fault": None,
    }


def test_threads_note_requests_at_once() -> None:
    journal = Journal(most=100)

    def use(_: int) -> int:
        for _ in range(500):
            note(journal)
            assert journal.entries(limit=1)
        return len(journal.entries())

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(use, range(4))) == 100
    assert (journal.total, journal.forgotten) == (2000, 1900)
    assert [entry.number for entry in journal.entries()] == [*range(1901, 2001)]
