"""The account and nodeID of every record, and the order of its keys.

The keys of a single record are in alphabetical order. An item of a list begins with its id and
keeps the order of the documents' list of fields. `account` and `nodeID` come last.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fake_server.api.declare import Json
from fake_server.api.serve import has_quirk, world
from fake_server.apis.xurrent.dialect.access.accounts import accounts
from fake_server.apis.xurrent.dialect.access.auth import current_identity
from fake_server.apis.xurrent.dialect.brands import brand
from fake_server.apis.xurrent.dialect.values.node_ids import node_id

_LAST = ("account", "nodeID")


class Printer(NamedTuple):
    """Adds the last keys of records for the current request.

    - `home`: the account whose records do not name their account.
    - `domain`: the domain of nodeIDs, or None if answers have none.
    """

    home: str
    accounts: Mapping[str, Mapping[str, str]]
    domain: str | None

    @classmethod
    def for_request(cls) -> "Printer":
        """Return the printer of the current request."""
        section = world().section("xurrent")
        return cls(
            current_identity().home,
            {
                account["id"]: {"id": account["id"], "name": account["name"]}
                for account in accounts(section)
            },
            brand(section).domain if has_quirk("node-id") else None,
        )

    def show_account(self, record: Json, account: str) -> None:
        """Add the account to a record of another account than the user's."""
        if account != self.home:
            record["account"] = self.accounts[account]

    def show_node_id(self, record: Json, node: str) -> None:
        """Add the nodeID, if answers have it."""
        if self.domain is not None:
            record["nodeID"] = node_id(self.domain, node, record["id"])


def alphabetical(record: Mapping[str, Any]) -> Json:
    """Return a single record with its keys in order, `account` and `nodeID` last."""
    return {name: record[name] for name in sorted(record, key=_sort_key)}


def _sort_key(name: str) -> tuple[int, str]:
    return _LAST.index(name) + 1 if name in _LAST else 0, name.lower()
