"""What a fault may say, whom it meets, and when it fires."""

import time
from collections.abc import Iterable
from typing import Any

import pytest

from fake_server.errors import TooManyFaultsError, UnknownFaultError, UserError
from fake_server.world.fault import METHODS, Fault
from fake_server.world.faults import MOST_FAULTS, ActiveFault, Faults, any_fault, faults_of

LIST = "shop.list_goods"


def new_faults(*initial: Fault, seed: int = 1) -> Faults:
    return Faults(seed, any_fault, initial)


def fired(faults: Faults, requests: int) -> list[int]:
    """Return the requests, counted from 1, that a fault applies to."""
    return [n for n in range(1, requests + 1) if faults.strike(lambda fault: True)]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8]),
        ({"times": 2}, [1, 2]),
        ({"every": 3}, [3, 6]),
        ({"after": 5}, [6, 7, 8]),
        ({"after": 2, "every": 2}, [4, 6, 8]),
        ({"after": 2, "every": 2, "times": 1}, [4]),
        ({"probability": 0}, []),
    ],
)
def test_a_fault_fires_when_it_should(when: dict[str, Any], expected: list[int]) -> None:
    assert fired(new_faults(Fault(LIST, status=503, **when)), 8) == expected


def test_chance_is_drawn_from_the_seed() -> None:
    fault = Fault(LIST, status=503, probability=0.3)
    first = fired(new_faults(fault), 1000)
    assert first == fired(new_faults(fault), 1000)
    assert first != fired(new_faults(fault, seed=2), 1000)
    assert 240 < len(first) < 360


def test_times_counts_what_fired_by_chance() -> None:
    assert len(fired(new_faults(Fault(LIST, status=503, probability=0.3, times=4)), 1000)) == 4


def waits(faults: Faults, requests: int) -> list[float]:
    strikes = (faults.strike(lambda fault: True) for _ in range(requests))
    return [strike.wait for strike in strikes if strike]


def test_latency_is_fixed_or_drawn_between_two_from_the_seed() -> None:
    assert waits(new_faults(Fault(LIST, latency=2)), 3) == [2, 2, 2]
    drawn = Fault(LIST, latency=(0.1, 0.9))
    drawn_waits = waits(new_faults(drawn), 200)
    assert drawn_waits == waits(new_faults(drawn), 200)
    assert drawn_waits != waits(new_faults(drawn, seed=2), 200)
    assert 0.1 <= min(drawn_waits) < 0.2 < 0.8 < max(drawn_waits) < 0.9
    assert waits(new_faults(Fault(LIST, latency=(0.5, 0.5))), 1) == [0.5]


def test_the_latest_that_fires_makes_the_answer() -> None:
    faults = new_faults(Fault(LIST, status=500), Fault(LIST, status=503, times=1))
    strikes = [faults.strike(lambda fault: True) for _ in range(2)]
    assert [strike.fault.status for strike in strikes if strike] == [503, 500]
    assert [(fault.matched, fault.fired) for fault in faults.active] == [(1, 1), (2, 1)]


def test_a_fault_that_is_not_met_counts_nothing() -> None:
    faults = new_faults(Fault(LIST, status=503))
    assert faults.strike(lambda fault: False) is None
    assert (faults.active[0].matched, faults.active[0].fired) == (0, 0)


def ids(faults: Iterable[ActiveFault]) -> list[str]:
    return [fault.id for fault in faults]


def test_faults_are_found_and_forgotten_by_id() -> None:
    faults = new_faults(Fault(LIST, status=500))
    faults.add(Fault(LIST, status=502))
    faults.add(Fault(LIST, status=503))
    assert ids(faults.active) == ["fault-1", "fault-2", "fault-3"]
    assert faults.get("fault-2").fault.status == 502
    faults.remove("fault-2")
    assert ids(faults.active) == ["fault-1", "fault-3"]
    with pytest.raises(UnknownFaultError, match="there is no fault called 'fault-2' here"):
        faults.remove("fault-2")
    faults.clear()
    assert faults.active == []
    assert faults.add(Fault(LIST, status=500)).id == "fault-4"


def test_there_are_only_so_many() -> None:
    faults = new_faults(*[Fault(LIST, status=500)] * MOST_FAULTS)
    with pytest.raises(TooManyFaultsError, match="there are 100 faults: delete one first"):
        faults.add(Fault(LIST, status=500))
    assert len(faults.active) == MOST_FAULTS


def test_what_the_check_refuses_is_not_set() -> None:
    def check(fault: Fault) -> None:
        raise UserError(f"no such thing as {fault.pattern}")

    faults = Faults(1, check)
    with pytest.raises(UserError, match=r"^no such thing as shop\.list_goods$"):
        faults.add(Fault(LIST, status=500))
    assert faults.active == []
    with pytest.raises(UserError, match=r"^faults\.0: no such thing"):
        Faults(1, check, [Fault(LIST, status=500)])


@pytest.mark.parametrize(
    ("pattern", "operation", "method", "path", "matches"),
    [
        ("shop.list_goods", "shop.list_goods", "GET", "/goods", True),
        ("shop.list_goods", "shop.list_good", "GET", "/goods", False),
        ("shop.list_*", "shop.list_goods", "GET", "/goods", True),
        ("*.list_goods", "shop.list_goods", "GET", "/goods", True),
        ("*", "shop.list_goods", "GET", "/goods", True),
        ("*", None, "GET", "/goods", False),
        ("GET /goods", None, "GET", "/goods", True),
        ("GET /goods", None, "GET", "/goods/1", False),
        ("GET /goods", None, "HEAD", "/goods", True),
        ("HEAD /goods", None, "GET", "/goods", False),
        ("GET /goods/*", None, "GET", "/goods/1/parts", True),
        ("POST /goods/*", None, "GET", "/goods/1/parts", False),
        ("* /goods/*", None, "DELETE", "/goods/1", True),
        ("* *", None, "DELETE", "/goods/1", True),
        ("GET /goods/1", "shop.get_good", "GET", "/goods/1", True),
    ],
)
def test_a_pattern_matches(
    pattern: str, operation: str | None, method: str, path: str, matches: bool
) -> None:
    assert Fault(pattern, status=500).matches(operation, method, path, "") is matches


@pytest.mark.parametrize(
    ("condition", "query", "matches"),
    [
        ("range[begin_at]", "a=1&range%5Bbegin_at%5D=x,y", True),
        ("range[begin_at]", "range[begin_at]=", True),
        ("range[begin_at]", "range[end_at]=x", False),
        ("range%5Bbegin_at%5D", "range[begin_at]=x", True),
        ("range", "range[begin_at]=x", False),
        ("page[number]=2", "page[number]=2", True),
        ("page[number]=2", "page[number]=20", False),
        ("page[number]=2*", "page[number]=20", True),
        ("q=a*c", "q=a%26b+c", True),
        (["a", "b=2"], "a=1&b=2", True),
        (["a", "b=2"], "a=1&b=3", False),
        ("a=1", "a=2&a=1", True),
    ],
)
def test_a_fault_may_be_bound_to_the_query(
    condition: str | list[str], query: str, matches: bool
) -> None:
    fault = Fault("GET /goods", status=500, when={"query": condition})
    assert fault.matches(None, "GET", "/goods", query) is matches
    assert fault.matches(None, "GET", "/parts", query) is False
    assert fault.attributes()["when"] == {"query": condition}
    assert Fault.of(fault.attributes()) == fault
    assert hash(Fault.of(fault.attributes())) == hash(fault)


def test_many_stars_take_no_time() -> None:
    fault = Fault("GET /goods", status=500, when={"query": "name=" + "*a" * 4 + "[?"})
    begun = time.process_time()
    assert not fault.matches(None, "GET", "/goods", f"name={'a' * 400}")
    assert fault.matches(None, "GET", "/goods", f"name={'a' * 400}[?")
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("attributes", "mistake"),
    [
        ({}, "the fault does nothing: expected status, rate_limited, token_expired, latency,"),
        ({"status": 500, "when": {}}, "when: expected {"),
        ({"status": 500, "when": "a"}, "when: expected {"),
        ({"status": 500, "when": {"query": []}}, "when: expected {"),
        ({"status": 500, "when": {"query": ""}}, "when: expected {"),
        ({"status": 500, "when": {"query": [1]}}, "when: expected {"),
        ({"status": 500, "when": {"query": "a", "body": "b"}}, "when: expected {"),
        ({"pattern": "", "status": 500}, "pattern: expected an operation such as"),
        ({"pattern": "x" * 201, "status": 500}, "pattern: expected an operation such as"),
        ({"pattern": 3, "status": 500}, "pattern: expected an operation such as"),
        ({"pattern": "get /goods", "status": 500}, "pattern: expected a method and a path"),
        ({"pattern": "GET goods", "status": 500}, "pattern: expected a method and a path"),
        ({"pattern": "GET /goods?page=1", "status": 500}, "pattern: expected a method and a path"),
        ({"status": 399}, "status: expected a whole number from 400 to 599, found '399'"),
        ({"status": 600}, "status: expected a whole number from 400 to 599"),
        ({"status": "503"}, "status: expected a whole number from 400 to 599"),
        ({"status": True}, "status: expected a whole number from 400 to 599"),
        ({"cut": -1}, "cut: expected a whole number from 0"),
        ({"status": 500, "times": 0}, "times: expected a whole number from 1"),
        ({"status": 500, "every": 0}, "every: expected a whole number from 1"),
        ({"status": 500, "every": None}, "every: expected a whole number from 1"),
        ({"status": 500, "after": -1}, "after: expected a whole number from 0"),
        ({"status": 500, "after": 10**10}, "after: expected a whole number from 0 to 1000000000"),
        ({"status": 500, "probability": 1.5}, "probability: expected a number from 0 to 1"),
        ({"status": 500, "probability": float("nan")}, "probability: expected a number from 0"),
        ({"latency": 301}, "latency: expected seconds from 0 to 300, or two"),
        ({"latency": (2, 1)}, "latency: expected seconds from 0 to 300, or two"),
        ({"latency": [1, 2, 3]}, "latency: expected seconds from 0 to 300, or two"),
        ({"latency": "1s"}, "latency: expected seconds from 0 to 300, or two"),
        ({"close": "after"}, "close: expected before, mid or mid-chunked, found 'after'"),
        ({"not_json": 1}, "not_json: expected true or false, found '1'"),
        ({"status": 500, "header": None}, "header: expected true or false"),
        ({"status": 500, "carried_out": 0}, "carried_out: expected true or false"),
        ({"status": 500, "token_expired": True}, "token_expired: there is status already"),
        ({"rate_limited": True, "token_expired": True}, "token_expired: there is rate_limited"),
        ({"close": "before", "status": 500}, "close: before sends nothing"),
        ({"close": "before", "cut": 3}, "close: before sends nothing"),
        ({"latency": 1, "carried_out": False}, "carried_out: the answer shows what was done"),
    ],
)
def test_a_mistake_is_said_in_one_line(attributes: dict[str, Any], mistake: str) -> None:
    with pytest.raises(UserError) as raised:
        Fault.of({"pattern": "*", **attributes})
    assert str(raised.value).startswith(mistake)
    assert "\n" not in str(raised.value)


def test_a_mistake_in_a_list_is_said_with_its_place() -> None:
    with pytest.raises(UserError, match=r"^faults\.1: status: expected"):
        faults_of([{"pattern": "*", "status": 500}, {"pattern": "*", "status": 1}])


def test_attributes_are_what_was_given() -> None:
    attributes = {
        "pattern": "*",
        "status": 503,
        "latency": [0.5, 1],
        "cut": 0,
        "not_json": True,
        "carried_out": False,
        "times": 1,
        "every": 2,
        "after": 3,
        "probability": 0,
        "header": False,
    }
    assert Fault.of(attributes).attributes() == attributes
    assert Fault("*", close="mid").attributes() == {"pattern": "*", "close": "mid"}
    assert Fault.of(attributes) == Fault.of(Fault.of(attributes).attributes())


def test_what_answers_an_error_is_not_carried_out_unless_told() -> None:
    assert not Fault("*", status=503).carries_out
    assert not Fault("*", rate_limited=True).carries_out
    assert not Fault("*", token_expired=True).carries_out
    assert Fault("*", status=504, carried_out=True).carries_out
    assert Fault("*", close="before").carries_out
    assert not Fault("*", close="before", carried_out=False).carries_out
    assert Fault("*", latency=1).carries_out


def test_every_method_may_stand_in_a_pattern() -> None:
    for method in METHODS:
        assert Fault(f"{method} /goods", status=500).pattern == f"{method} /goods"
