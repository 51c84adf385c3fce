"""What these tests share: finding records to look at, and making some of their own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

from fake_server.contract import Answer, Target, expect, need

SLOTS = "/v2/slots"
WORK = "/v2/projects_users"
CAMPUS = "/v2/campus"
CURSUS = "/v2/cursus"

NOBODY = 999_999_999
"""The id of no record."""

_LIFETIME = 7200
_SAMPLE = 100
_WINDOW = 60

Record = dict[str, Any]


def page(target: Target, path: str, params: Any = None, **options: Any) -> Answer:
    """Get a page that must be answered with 200."""
    return target.get(path, params=params, **options).expect_status(200)


def listed(target: Target, path: str, params: Any = None, **options: Any) -> list[Record]:
    """Return the records of a page."""
    return target.records(page(target, path, params, **options))


def total(target: Target, path: str, params: Any = None) -> int:
    """Return how many records the header of a list counts."""
    return target.total(page(target, path, {"per_page": 1, **(params or {})}))


def ids(records: Sequence[Record]) -> list[int]:
    """Return the ids of records, in their order."""
    return [record["id"] for record in records]


def known_ids(records: Sequence[Record]) -> list[int]:
    """Return the ids of records, least first: order is for other tests."""
    return sorted(ids(records))


def moment(text: str) -> datetime:
    """Return the instant of a time in an answer."""
    return datetime.fromisoformat(text)


def shifted(text: str, **by: float) -> str:
    """Return a time in an answer moved by some `milliseconds=…`, `hours=…`."""
    later = moment(text) + timedelta(**by)
    return later.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def first_ones(target: Target, path: str) -> list[Record]:
    """Return up to 100 records, the least ids first; asked for once in a run."""
    params = {"sort": "id", "per_page": _SAMPLE}
    return target.remember(("first", path), lambda: listed(target, path, params))


def expect_keys_of_some(target: Target, path: str, keys: Sequence[str]) -> list[Record]:
    """Return up to 100 records, the least ids first, each of which has the keys in their order."""
    records = first_ones(target, path)
    need(bool(records), f"records in {path}")
    for record in records:
        expect(f"the keys of {path}", list(keys), list(record))
    return records


def window(target: Target, path: str, least: int = 3) -> tuple[dict[str, Any], list[Record]]:
    """Return parameters that narrow a list to one page of some 60 records, and these records."""
    within = first_ones(target, path)[:_WINDOW]
    need(len(within) >= least, f"{least} records in {path}")
    return {"range[id]": f"{within[0]['id']},{within[-1]['id']}", "per_page": _SAMPLE}, within


def within(target: Target, path: str, **more: Any) -> list[Record]:
    """Return the window's records that further parameters keep.

    >>> within(target, SLOTS, **{"filter[id]": 7})
    """
    params, _ = window(target, path)
    return listed(target, path, {**params, **more})


def graph(target: Target, path: str, form: str = "", params: Any = None) -> dict[str, int]:
    """Return the graph of a list; `form` is such as `on/begin_at/by/day`. Asked for once."""
    suffix = f"/{form}" if form else ""

    def find() -> dict[str, int]:
        counts: dict[str, int] = page(target, f"{path}/graph{suffix}", params).json
        expect("the kind of the body of a graph", dict, type(counts))
        return counts

    return target.remember(("graph", path, form, str(params)), find)


def graph_of_window(target: Target, path: str, form: str) -> dict[str, int]:
    """Return the graph of the window's records."""
    params, _ = window(target, path)
    return graph(target, path, form, {"range[id]": params["range[id]"]})


def now(target: Target) -> datetime:
    """Return the target's time, as its own tokens tell it where nothing better does."""
    if "clock" not in target.capabilities:
        info = target.get("/oauth/token/info")
        told = info.json if info.status == 200 else {}
        created, left = told.get("created_at"), told.get("expires_in_seconds")
        if isinstance(created, int) and isinstance(left, int):
            return datetime.fromtimestamp(created + _LIFETIME - left, UTC)
    return target.now()


def expect_future(target: Target, path: str) -> None:
    """Assert that filter[future] keeps the records of a list that begin after now."""
    begun = now(target)
    kept = {value: total(target, path, {"filter[future]": value}) for value in ("true", "false")}
    need(all(kept.values()), f"records of {path} that have begun, and ones to come")
    expect("how many there are", total(target, path), sum(kept.values()))
    for value, is_to_come in (("true", True), ("false", False)):
        params = {"filter[future]": value, "sort": "begin_at", "per_page": _SAMPLE}
        ends = [listed(target, path, params), listed(target, path, {**params, "sort": "-begin_at"})]
        for record in [*ends[0], *ends[1]]:
            begin = moment(record["begin_at"])
            # The service's clock goes on between its answers.
            if abs(begin - begun) > timedelta(minutes=1):
                expect(f"whether {record['id']} is to come", is_to_come, begin > begun)


def value_of(record: Record, field: str) -> Any:
    """Return the value of a record that a range compares."""
    if field in {"project_id", "user_id"}:
        return record[field.removesuffix("_id")]["id"]
    return record[field]


def pass_time(target: Target, seconds: float) -> None:
    """Let some seconds pass at the target; without the capability `clock`, wait."""
    if "clock" in target.capabilities:
        target.clock.advance(timedelta(seconds=seconds))
    else:
        sleep(seconds)


def a_project(target: Target) -> Record:
    """Return the project of some record."""
    project: Record = window(target, WORK, 1)[1][0]["project"]
    return project


def a_user(target: Target) -> Record:
    """Return the user of some record."""
    user: Record = window(target, WORK, 1)[1][0]["user"]
    return user


USERS: tuple[Record, ...] = (
    {"id": 1, "login": "ada", "campus_ids": [1], "cursus_ids": [21]},
    {"id": 2, "login": "bob", "campus_ids": [2], "cursus_ids": [9]},
    {"id": 3, "login": "cleo", "campus_ids": [1, 2], "cursus_ids": [9, 21]},
    {"id": 4, "login": "dan", "campus_ids": [74], "cursus_ids": [77]},
)
PROJECTS: tuple[Record, ...] = (
    {"id": 11, "name": "Libft", "slug": "libft"},
    {"id": 12, "name": "Printf", "slug": "printf", "parent_id": 11},
)


@contextmanager
def school(
    target: Target,
    *,
    slots: Mapping[str, Any] | Sequence[Mapping[str, Any]] = (),
    work: Mapping[str, Any] | Sequence[Mapping[str, Any]] = (),
    at: str | None = None,
    **sections: Any,
) -> Iterator[Target]:
    """Give a target that holds exactly these records, four users and two projects.

    `slots` and `work`: records, or the whole part of a dataset, such as `{"count": 40}`. `at`: the
    time at which its clock starts. `sections`: further parts of the dataset.
    """
    section = {
        "campus": {"records": [{"id": 1}, {"id": 2}, {"id": 74}]},
        "cursus": {"records": [{"id": 9}, {"id": 21}, {"id": 77}]},
        "users": {"records": [dict(user) for user in USERS]},
        "projects": {"records": [dict(project) for project in PROJECTS]},
        "slots": _part(slots),
        "projects_users": _part(work),
        **sections,
    }
    with target.fresh(section, now=None if at is None else moment(at)) as own:
        yield own


def _part(records: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return (
        records
        if isinstance(records, Mapping)
        else {"records": [dict(record) for record in records]}
    )


def slot(id_: int, begin: str, **more: Any) -> Record:
    """Return a slot for a dataset: a free one of user 1 unless it says otherwise."""
    return {"id": id_, "begin_at": begin, "user_id": 1, **more}


def work_on(id_: int, **more: Any) -> Record:
    """Return a projects user for a dataset: user 1 on project 11 unless it says otherwise."""
    return {"id": id_, "user_id": 1, "project_id": 11, "created_at": "2026-05-01T08:00:00Z", **more}
