"""What the tests of the other resources share: lists, and the records in them."""

from typing import Any

from fake_server.contract import Answer, Target, expect, expect_that, need

from .helpers import NOBODY, Record, moment

BASE = "/open_api/v1"
MANY = 200
ENVELOPES = {"accounting": "lines"}

Params = dict[str, Any]


def ask(target: Target, name: str, params: Any = None) -> Answer:
    """Get a list that must be answered with 200."""
    return target.get(f"{BASE}/{name}", params=params).expect_status(200)


def rows(target: Target, name: str, params: Any = None) -> list[Record]:
    """Return the records of a list."""
    records: list[Record] = ask(target, name, params).json[ENVELOPES.get(name, name)]
    return records


def some(target: Target, name: str, least: int = 2) -> list[Record]:
    """Return up to 200 records of a list; asked for once in a run."""

    def get() -> list[Record]:
        return rows(target, name, {"page": 1, "per_page": MANY})

    records: list[Record] = target.remember(f"some {name}", get)
    need(len(records) >= least, f"{least} {name}")
    return records


def numbers(records: list[Record]) -> list[int]:
    """Return the numbers of records, smallest first."""
    return sorted(record["id"] for record in records)


def count(target: Target, name: str, params: Params) -> int:
    """Return how many records the header of a list counts."""
    return target.total(ask(target, name, {"page": 1, "per_page": 1, **params}))


def expect_order(records: list[Record], key: str, *, newest_first: bool) -> None:
    """Assert that records are in the order of a time."""
    times = [moment(record[key]) for record in records]
    expect(f"the order of {key}", sorted(times, reverse=newest_first), times)


def expect_filter(target: Target, name: str, parameter: str, key: str) -> None:
    """Assert that a parameter keeps the records that have one of its numbers in a key."""
    values = sorted({record[key] for record in some(target, name) if record[key] is not None})
    need(len(values) > 1, f"two values of {key}")
    first, last = values[0], values[-1]
    paged = {"page": 1, "per_page": MANY}
    for form in ({parameter: first}, {f"{parameter}[]": [first, last]}):
        listed = rows(target, name, {**paged, **form})
        chosen = {first} if parameter in form else {first, last}
        listed_values = {record[key] for record in listed}
        expect(f"the {key} of those with {form}", chosen, listed_values)
    single = count(target, name, {parameter: first})
    both = count(target, name, {f"{parameter}[]": [first, last]})
    expect("the sum", single + count(target, name, {parameter: last}), both)
    expect("how many nobody has", 0, count(target, name, {parameter: NOBODY}))


def expect_dates(target: Target, name: str, key: str) -> None:
    """Assert that after and before keep the records from a time on, and until it."""
    records = some(target, name, 3)
    bound = records[len(records) // 2][key]
    paged = {"page": 1, "per_page": MANY}
    later = rows(target, name, {**paged, "after": bound})
    need(len(later) < MANY, f"fewer than {MANY} records after a time")
    expect_that(
        "those after a time",
        all(moment(record[key]) >= moment(bound) for record in later)
        and bound in [record[key] for record in later],
        f"{key} from {bound} on",
        str(sorted({record[key] for record in later})[:1]),
    )
    earlier = rows(target, name, {**paged, "before": bound})
    expect_that(
        "those before a time",
        all(moment(record[key]) <= moment(bound) for record in earlier),
        f"{key} until {bound}",
        str(earlier[:1]),
    )
    at_bound = sum(record[key] == bound for record in later)
    parts = count(target, name, {"after": bound}) + count(target, name, {"before": bound})
    expect("the sum of both", count(target, name, {}) + at_bound, parts)
