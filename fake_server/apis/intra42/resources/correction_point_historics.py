"""Correction point historics: how the points changed with which users ask for evaluations.

Whoever gives an invented evaluation gets a point. The last total of an invented user is what the
user's profile shows, and no total is negative.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.invent import SeededRandom, milliseconds
from fake_server.api.records import Row, Tables, part, require_source
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import scale_teams, users

_NAME = "correction_point_historics"
_GIVEN = ("Evaluation given", 1)
_GAINS = (_GIVEN, ("Gift of the staff", 2))
_PRICE = ("Evaluation asked for", -1)
_GIFT = ("Given to the pool", -12)


class _CorrectionPointHistorics(IntraResource):
    name = _NAME

    def invented(self, number: int, tables: Tables) -> Values:
        lines = tables.story(_lines)
        require_source(self.api, self.name, "users", lines)
        return {"id": number, **lines[(number - 1) % len(lines)]}


def _lines(tables: Tables) -> Sequence[Values]:
    """Return the changes of all users in the order of time, as many as the dataset asks for.

    Those that follow from evaluations come before others; of too many, the latest are left.
    """
    people = tables.rows(select(users.resource.table).order_by(users.resource.table.c.id))
    evaluations = _filled_evaluations(tables)
    start = milliseconds(tables.inputs.start)
    chains = [_of_evaluations(user, evaluations[user.id], start) for user in people]
    count = max(1, part(tables.section, _NAME).get("count", 0))
    turns, over = divmod(max(0, count - sum(map(len, chains))), max(1, len(people)))
    for index, (user, chain) in enumerate(zip(people, chains, strict=True)):
        chain += _earlier(tables, user, chain, turns + (index < over), start)
    lines = (line for chain in chains for line in reversed(chain))
    return sorted(lines, key=itemgetter("created_at"))[-count:]


def _filled_evaluations(tables: Tables) -> dict[int, list[Row]]:
    """Return the evaluations that are filled in, by who gave them, in the order of time."""
    own = scale_teams.resource.table.c
    query = select(own.id, own.user_id, own.filled_at).where(own.filled_at.is_not(None))
    by_user: dict[int, list[Row]] = defaultdict(list)
    for row in tables.rows(query.order_by(own.filled_at, own.id)):
        by_user[row.user_id].append(row)
    return by_user


def _of_evaluations(user: Row, evaluations: Sequence[Row], start: int) -> list[Values]:
    """Return the changes that a user's evaluations bring, the latest first.

    Some are given to the pool in between where the user would have too many.
    """
    total, later, chain = _points(user), start, []
    for evaluation in reversed(evaluations):
        at = evaluation.filled_at
        if total == 0:
            chain.append(_line(user, _GIFT, total, at + max(1, (later - at) // 2)))
            total -= _GIFT[1]
        chain.append(_line(user, _GIVEN, total, at) | {"scale_team_id": evaluation.id})
        total, later = total - 1, at
    return chain


def _earlier(
    tables: Tables, user: Row, chain: Sequence[Values], turns: int, start: int
) -> Iterator[Values]:
    """Yield further changes before those of a chain, the latest first."""
    last = chain[-1] if chain else {"total": _points(user), "sum": 0, "created_at": start}
    total = last["total"] - last["sum"]
    age = max(0, last["created_at"] - user.joined_at)
    for turn in range(turns, 0, -1):
        random = SeededRandom(tables.inputs.seed, _NAME, f"{user.id} {turn}")
        gains = [gain for gain in _GAINS if gain[1] <= total]
        change = random.choice(gains) if gains and random.chance(0.5) else _PRICE
        yield _line(user, change, total, user.joined_at + age * turn // (turns + 1))
        total -= change[1]


def _points(user: Row) -> int:
    return int(json.loads(user.profile)["correction_point"])


def _line(user: Row, change: tuple[str, int], total: int, at: int) -> Values:
    about = {"user_id": user.id, "scale_team_id": None, "reason": change[0], "sum": change[1]}
    return {**about, "total": total, "created_at": at, "updated_at": at}


resource = _CorrectionPointHistorics()
