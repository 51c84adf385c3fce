"""What these tests share: finding records to look at, and making some of their own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from fake_server.contract import Answer, Target, need

AVAILABILITIES = "/open_api/v1/availabilities"
NOBODY = 999_999_999
"""The number of no record and no user."""

FAR_FUTURE = "2199-01-01T00:00:00Z"
_SAMPLE = 100
_WINDOW = 40

Record = dict[str, Any]


def page(target: Target, params: Any = None, path: str = AVAILABILITIES, **options: Any) -> Answer:
    """Get a page that must be answered with 200."""
    return target.get(path, params=params, **options).expect_status(200)


def listed(target: Target, params: Any = None) -> list[Record]:
    """Return the records of a page."""
    return target.records(page(target, params))


def ids(records: list[Record]) -> list[int]:
    """Return the numbers of records, smallest first: order is for other tests."""
    return sorted(record["id"] for record in records)


def starts(records: list[Record]) -> list[str]:
    """Return when records start, in their order."""
    return [record["start_at"] for record in records]


def moment(text: str) -> datetime:
    """Return the instant of a time in an answer."""
    return datetime.fromisoformat(text)


def dated(records: list[Record]) -> list[Record]:
    """Return the records whose times are all set: a live service may hold others."""
    return [
        record
        for record in records
        if record["start_at"] and record["end_at"] and record["created_at"]
    ]


def starts_by(record: Record, bound: str) -> bool:
    """Return whether a record starts at a time or later."""
    return record["start_at"] is not None and moment(record["start_at"]) >= moment(bound)


def ends_by(record: Record, bound: str) -> bool:
    """Return whether a record ends at a time or earlier."""
    return record["end_at"] is not None and moment(record["end_at"]) <= moment(bound)


def shifted(text: str, **by: float) -> str:
    """Return a time in an answer moved by some `milliseconds=…`, `hours=…`."""
    return (moment(text) + timedelta(**by)).isoformat(timespec="milliseconds")


def newest(target: Target) -> list[Record]:
    """Return up to 100 records, the newest starts first; asked for once in a run."""
    return target.remember("newest", lambda: listed(target, {"per_page": _SAMPLE}))


def everything(target: Target) -> list[Record]:
    """Return the records of the whole list, or of its first ten pages of a hundred."""

    def read() -> list[Record]:
        paged_list = target.read_pages(AVAILABILITIES, {"per_page": _SAMPLE}, whole=False)
        records: list[Record] = paged_list.records
        return records

    return target.remember("everything", read)


def window(target: Target) -> tuple[dict[str, Any], list[Record]]:
    """Return parameters that narrow the list to one page of some 40 records, and these records."""
    some = [record for record in newest(target) if record["start_at"] is not None]
    need(len(some) > 2, "three availabilities")
    bound = some[min(_WINDOW, len(some)) - 1]["start_at"]
    params = {"after": bound, "per_page": _SAMPLE}
    within = [record for record in some if starts_by(record, bound)]
    whole = len(newest(target)) < _SAMPLE or moment(some[-1]["start_at"]) < moment(bound)
    need(whole, "fewer than 100 availabilities that start at the same time")
    return params, within


def total(target: Target, params: Any = None) -> int:
    """Return how many records the header of a list counts."""
    return target.total(page(target, {"per_page": 1, **(params or {})}))


@contextmanager
def lab(target: Target, *records: Mapping[str, Any], **settings: Any) -> Iterator[Target]:
    """Give a target that holds exactly these availabilities."""
    section = {"availabilities": {"records": [dict(record) for record in records]}, **settings}
    with target.fresh(section) as own:
        yield own


def availability(id_: int, start: str, end: str | None = None, **more: Any) -> Record:
    """Return a record for a dataset: one of a machine, four hours long, unless said otherwise."""
    default_end = (datetime.fromisoformat(start) + timedelta(hours=4)).isoformat()
    return {
        "id": id_,
        "start_at": start,
        "end_at": end or default_end,
        "available_type": "Machine",
        "available_ids": [1],
        **more,
    }


API = "/open_api/v1"


@contextmanager
def holding(target: Target, **records: list[Record]) -> Iterator[Target]:
    """Give a target that holds exactly these records, by the name of their section."""
    with target.fresh(
        {name: {"records": list(own)} for name, own in records.items()}
    ) as own_target:
        yield own_target


def answered(target: Target, path: str, params: Any = None) -> Any:
    """Return the body of an answer to a path of the API, which must be a 200."""
    return target.get(f"{API}/{path}", params=params).expect_status(200).json


def keys_of(body: Any, envelope: str) -> list[str]:
    """Return the keys of the first record of a list, in their order."""
    need(body[envelope], f"a record in {envelope}")
    return list(body[envelope][0])


def numbers(body: Any, envelope: str) -> list[int]:
    """Return the ids of the records of a list, in their order."""
    return [record["id"] for record in body[envelope]]
