"""What requests write of users: their profiles and their correction points."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from fake_server.api.declare import Json, Values
from fake_server.api.records import Records, Row
from fake_server.api.serve import store
from fake_server.apis.intra42.dialect.timestamps import as_instant, timestamp
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources import RESOURCES

_SEARCHED: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("email", "first_name", "last_name", "usual_first_name"), lambda text: text),
    **dict.fromkeys(("kind", "pool_year", "pool_month", "staff?", "alumni?"), lambda text: text),
    **dict.fromkeys(("created_at", "updated_at", "alumnized_at"), as_instant),
}
"""The attributes of a profile that lists are searched and sorted by, and what reads their values.

Each has a column beside the profile, without the question mark."""


class WritableUsers(WritableResource):
    """The writes of users. The profile of a user is one column, and some others repeat it."""

    def changes(self, row: Row, values: Values, writer: WritingUser) -> Values:
        """Return the changed columns: the profile, and the columns that repeat parts of it."""
        super().changes(row, values, writer)
        profile = json.loads(row.profile) | values
        if values.keys() & {"first_name", "last_name", "usual_first_name"}:
            first = profile["usual_first_name"] or profile["first_name"]
            name = f"{first} {profile['last_name']}"
            profile |= {"usual_full_name": name, "displayname": name}
        return {"login": profile["login"], **self._columns(profile)}

    def add_correction_points(self, records: Records, row: Row, values: Values) -> None:
        """Give a user correction points."""
        self.count_points(records, row, values["amount"], values["reason"])

    def remove_correction_points(self, records: Records, row: Row, values: Values) -> None:
        """Take correction points from a user."""
        self.count_points(records, row, -values["amount"], values["reason"])

    def points(self, user_id: int) -> int:
        """Return how many correction points a user has."""
        profile = store().value(select(self.table.c.profile).where(self.table.c.id == user_id))
        return int(json.loads(str(profile))["correction_point"])

    def count_points(
        self,
        records: Records,
        row: Row,
        amount: int,
        reason: str,
        scale_team_id: int | None = None,
    ) -> None:
        """Add to a user's points, of which there are none at least, and note the change.

        `scale_team_id` is the evaluation that brings it.
        """
        profile = json.loads(row.profile)
        before = profile["correction_point"]
        total = profile["correction_point"] = max(before + amount, 0)
        change = self.table.update().where(self.table.c.id == row.id)
        records.connection.execute(change.values(self._columns(profile)))
        history = RESOURCES["correction_point_historics"].table
        entry = {"user_id": row.id, "scale_team_id": scale_team_id, "reason": reason}
        entry |= {"sum": total - before, "total": total, "id": records.largest(history.c.id) + 1}
        records.insert(history, [{**entry, **self.stamps("created_at", "updated_at")}])

    def _columns(self, profile: Json) -> Values:
        """Return the columns of a profile that changes now."""
        ((_, instant),) = self.stamps("updated_at").items()
        text = json.dumps({**profile, "updated_at": timestamp(instant)}, ensure_ascii=False)
        return {"profile": text, **searched(text)}


def searched(profile: str) -> Values:
    """Return the columns that repeat attributes of a profile."""
    attributes = json.loads(profile)
    return {
        name.rstrip("?"): None if attributes[name] is None else read(attributes[name])
        for name, read in _SEARCHED.items()
    }
