"""The settings, accounts and tokens of a dataset."""

from collections.abc import Iterator, Sequence

from fake_server.api.records import (
    DatasetPath,
    InUseError,
    ListKind,
    Record,
    RecordKey,
    RecordKind,
    Records,
    Section,
)
from fake_server.api.serve import pinned_zone
from fake_server.apis.xurrent.dialect.access.accounts import accounts, check_account, tokens
from fake_server.apis.xurrent.resources import RESOURCES


class _Accounts(ListKind):
    """The accounts, the default one first."""

    def entries(self, records: Records) -> list[Record]:
        return [dict(account) for account in accounts(records.section)]

    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        home = self.entries(records)[0]["id"]
        for key in keys:
            if key == home:
                raise InUseError(f"xurrent.accounts: {key} is the default account, it stays")
            _require_unused(records, key)
        super().remove(records, keys)


class _Tokens(ListKind):
    """The tokens of users."""

    def verify(self, records: Records, entry: Record, path: DatasetPath) -> None:
        check_account(records.section, entry, path)


ACCOUNTS = _Accounts("accounts", ("accounts",), "id", "name")
TOKENS = _Tokens("tokens", ("credentials", "tokens"), "token", "account", "administrator")
KINDS = (ACCOUNTS, TOKENS)


def _require_unused(records: Records, account: RecordKey) -> None:
    for kind in _in_accounts():
        using = kind.keys(records, None, 1, {"account": str(account)})
        if using:
            raise InUseError(
                f"xurrent.accounts: {account} has {kind.name}, such as {using[0]}:"
                " remove them first"
            )


def _in_accounts() -> Iterator[RecordKind]:
    """Yield the kinds whose records are in an account."""
    yield TOKENS
    yield from (resource for resource in RESOURCES if not resource.declaration.part_of)


def check_settings(section: Section) -> None:
    """Raise `RecordError` for an unknown time zone, or an unknown account of a token."""
    pinned_zone(("time_zone",), section.get("time_zone", "UTC"))
    for index, token in enumerate(tokens(section)):
        check_account(section, token, ("credentials", "tokens", index))
