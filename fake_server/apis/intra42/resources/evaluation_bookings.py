"""Bookings: a team takes two free slots of somebody who evaluates it, for a correction point."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import Records, Row
from fake_server.api.serve import has_quirk, now, store
from fake_server.apis.intra42.dialect.errors import AccessDeniedError, InvalidRecordError
from fake_server.apis.intra42.dialect.written import WritingUser
from fake_server.apis.intra42.invention.agenda import QUARTER
from fake_server.apis.intra42.resources import users
from fake_server.apis.intra42.resources.projects_users import works
from fake_server.apis.intra42.resources.slots import slots

_QUARTERS = 2
_ASKED, _CANCELLED = "Evaluation asked for", "Evaluation cancelled"
_GIVEN = "Evaluation given"


def booking(values: Values, writer: WritingUser) -> Values:
    """Return the booking of a request: its slots, and the values that they get.

    Raises `InvalidRecordError`, and `AccessDeniedError` for a person who is not of the team.
    """
    team = _team(values["team_id"])
    if not writer.has_role and writer.user_id not in {work.user_id for work in team}:
        raise AccessDeniedError
    if values["scale_id"] != team[0].project_id:
        raise InvalidRecordError({"scale_id": ["is not a scale of the project"]})
    leader = team[0].user_id
    if _pays() and users.resource.points(leader) < 1:
        raise InvalidRecordError({"team_id": ["has no correction point left"]})
    begin = values["begin_at"] // QUARTER * QUARTER
    free = _free(begin, [work.user_id for work in team], values.get("user_id"))
    if begin <= milliseconds(now()) or not free:
        raise InvalidRecordError({"begin_at": ["nobody offers slots then"]})
    about = {"project_id": team[0].project_id, "corrected_id": leader}
    return {"slot_ids": free, "slot": {**about, "comment": values.get("comment")}}


def pay(records: Records, leader_id: int, *, is_back: bool) -> None:
    """Take the correction point of a booking from who leads the team, or give it back."""
    change = (1, _CANCELLED) if is_back else (-1, _ASKED)
    _count(records, leader_id, *change)


def earn(records: Records, evaluator_id: int, scale_team_id: int) -> None:
    """Give who evaluated a correction point."""
    _count(records, evaluator_id, 1, _GIVEN, scale_team_id)


def filling(row: Row, values: Values, writer: WritingUser) -> Values:
    """Return the columns of the slots that change where an evaluation is filled in.

    Raises `AccessDeniedError` for a person who does not evaluate, and `InvalidRecordError` before
    the evaluation begins.
    """
    if not writer.has_role and writer.user_id != row.user_id:
        raise AccessDeniedError
    instant = milliseconds(now())
    if not writer.has_role and row.begin_at > instant:
        raise InvalidRecordError({"begin_at": ["has not passed"]})
    if row.filled_at is None and "final_mark" not in values:
        return values
    return {"comment": row.comment or "", **values, "filled_at": instant}


def check_cancelling(row: Row, writer: WritingUser) -> None:
    """Check that an evaluation may be cancelled: by either side, before it begins."""
    sides = {row.user_id, *(work.user_id for work in _team(row.team_id))}
    if not writer.has_role and writer.user_id not in sides:
        raise AccessDeniedError
    if not writer.has_role and row.begin_at <= milliseconds(now()):
        raise InvalidRecordError({"begin_at": ["has passed"]})


def _count(
    records: Records, user_id: int, amount: int, reason: str, scale_team_id: int | None = None
) -> None:
    if _pays():
        (user,) = records.matching(users.resource.table.c.id, [user_id])
        users.resource.count_points(records, user, amount, reason, scale_team_id)


def _pays() -> bool:
    return not has_quirk("bookings-without-points")


def _team(team_id: int) -> Sequence[Row]:
    """Return the work of the members of a team, that of its leader first."""
    return store().rows(
        select(works).where(works.c.current_team_id == team_id).order_by(works.c.id)
    )


def _free(begin: int, team: Sequence[int], evaluator: int | None) -> Sequence[int]:
    """Return the ids of the slots of somebody who has time from an instant on; empty if nobody."""
    own = slots.c
    query = select(own.id, own.user_id).where(
        own.scale_team_id.is_(None),
        own.begin_at.in_([begin + index * QUARTER for index in range(_QUARTERS)]),
        own.user_id.not_in(team) if evaluator is None else own.user_id == evaluator,
    )
    by_user = defaultdict(list)
    for row in store().rows(query.order_by(own.user_id, own.begin_at)):
        by_user[row.user_id].append(row.id)
    allowed = (ids for user_id, ids in by_user.items() if user_id not in team)
    return next((ids for ids in allowed if len(ids) == _QUARTERS), [])
