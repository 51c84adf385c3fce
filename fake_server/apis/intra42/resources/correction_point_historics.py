"""Correction point historics: how the points changed with which users ask for evaluations.

The last total of an invented user is what the user's profile shows, and no total is negative.
"""

import json

from fake_server.api.declare import Values
from fake_server.api.invent import SeededRandom, milliseconds
from fake_server.api.records import Tables, part
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.belongings import Owned, owned

_GAINS = (("Evaluation given", 1), ("Gift of the staff", 2))
_PRICE = ("Evaluation asked for", -1)


class _CorrectionPointHistorics(IntraResource):
    name = "correction_point_historics"

    def invented(self, number: int, tables: Tables) -> Values:
        owner = owned(self.name, number, tables)
        turns = owner.turn + 1 + max(0, self._count(tables) - number) // owner.everybody
        total = int(json.loads(owner.user.profile)["correction_point"])
        for turn in range(turns - 1, owner.turn, -1):
            total -= self._change(owner, turn, total, tables)[1]
        reason, points = self._change(owner, owner.turn, total, tables)
        joined = owner.user.joined_at
        age = max(0, milliseconds(tables.inputs.start) - joined)
        created = joined + age * (owner.turn + 1) // (turns + 1)
        return {
            "id": number,
            "user_id": owner.user.id,
            "scale_team_id": None,
            "reason": reason,
            "sum": points,
            "total": total,
            "created_at": created,
            "updated_at": created,
        }

    def _count(self, tables: Tables) -> int:
        return int(part(tables.section, self.name).get("count", 0))

    def _change(self, owner: Owned, turn: int, total: int, tables: Tables) -> tuple[str, int]:
        """Return the reason and the points of a change that led to a total."""
        random = SeededRandom(tables.inputs.seed, self.name, f"{owner.user.id} {turn}")
        gains = [gain for gain in _GAINS if gain[1] <= total]
        return random.choice(gains) if gains and random.chance(0.5) else _PRICE


resource = _CorrectionPointHistorics()
