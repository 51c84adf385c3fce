"""Transactions: how what users have in their wallets changed.

The values of an invented user add up to the wallet of the user's profile: the first fills the
wallet, the others are purchases.
"""

import json
from collections.abc import Mapping, Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.invent import SeededRandom, milliseconds
from fake_server.api.records import Row, Tables, part
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.belongings import owned
from fake_server.apis.intra42.resources import users

_PURCHASE = ("Shop", "Bought in the shop")
_GIFT = ("Staff", "Gift of the staff")


class _Transactions(IntraResource):
    name = "transactions"

    def user(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the user of each transaction, in short, by the transaction's id."""
        people = users.resource.summaries({row.user_id for row in rows})
        return {row.id: people[row.user_id] for row in rows}

    def invented(self, number: int, tables: Tables) -> Values:
        owner = owned(self.name, number, tables)
        count = int(part(tables.section, self.name).get("count", 0))
        turns = owner.turn + 1 + max(0, count - number) // owner.everybody
        user_id = int(owner.user.id)
        if owner.turn:
            kind, reason = _PURCHASE
            value = -self._price(user_id, owner.turn, tables)
        else:
            kind, reason = _GIFT
            spent = sum(self._price(user_id, turn, tables) for turn in range(1, turns))
            value = int(json.loads(owner.user.profile)["wallet"]) + spent
        joined = owner.user.joined_at
        age = max(0, milliseconds(tables.inputs.start) - joined)
        return {
            "id": number,
            "value": value,
            "user_id": user_id,
            "transactable_id": None,
            "transactable_type": kind,
            "reason": reason,
            "options": None,
            "created_at": joined + age * (owner.turn + 1) // (turns + 1),
        }

    def _price(self, user_id: int, turn: int, tables: Tables) -> int:
        random = SeededRandom(tables.inputs.seed, self.name, f"{user_id} {turn}")
        return 5 * random.integer(1, 20)


resource = _Transactions()
