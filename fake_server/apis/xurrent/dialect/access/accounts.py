"""The accounts of a dataset and their tokens."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fake_server.api.declare import DatasetCredentials, Key
from fake_server.api.records import DatasetPath, RecordError, Section
from fake_server.api.serve import World

if TYPE_CHECKING:
    from fake_server.api.records import RecordKind

DEFAULT_ACCOUNT: Mapping[str, str] = {"id": "wdc", "name": "Widget Data Center"}


def accounts(section: Section) -> list[Mapping[str, str]]:
    """Return the accounts of a dataset's section, the default one first."""
    return list(section.get("accounts") or [DEFAULT_ACCOUNT])


def tokens(section: Section) -> list[Mapping[str, Any]]:
    """Return the tokens of a dataset's section."""
    listed_tokens: list[Mapping[str, Any]] = (section.get("credentials") or {}).get("tokens") or []
    return listed_tokens


class AccountCredentials(DatasetCredentials):
    """Tokens of users. Each user has an account."""

    def kinds(self) -> "Sequence[RecordKind]":
        """See `Credentials`. The definition has tokens and accounts."""
        return ()

    def key(self, world: World) -> Key | None:
        """Return the first token with the header of its account; None without a token."""
        values = self.variables(world)
        if not values:
            return None
        headers = {
            "Authorization": f"Bearer {values['token']}",
            "X-4me-Account": values["account"],
        }
        return Key(values["token"], headers)

    def variables(self, world: World) -> Mapping[str, str]:
        """Return the first token and its account; empty if the section has no token."""
        section = world.section(self.api)
        token = next(iter(tokens(section)), None)
        if token is None:
            return {}
        return {
            "token": token["token"],
            "account": token.get("account", accounts(section)[0]["id"]),
        }


def check_account(section: Section, record: Mapping[str, Any], path: DatasetPath) -> None:
    """Raise `RecordError` for a record of an account that does not exist."""
    if "account" in record and record["account"] not in {
        account["id"] for account in accounts(section)
    }:
        raise RecordError((*path, "account"), f"{record['account']} is not in xurrent.accounts")
