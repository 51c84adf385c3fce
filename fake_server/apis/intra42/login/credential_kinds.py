"""Applications and their tokens, issued ones among them, as kinds of records."""

from collections.abc import Sequence

from fake_server.api.records import (
    DatasetPath,
    ListKind,
    Record,
    RecordError,
    RecordKey,
    Records,
    Section,
    expected_one_of,
)
from fake_server.apis.intra42.login.redirects import may_be_registered
from fake_server.apis.intra42.login.registered_applications import ANYONE, applications
from fake_server.apis.intra42.login.tokens import TokenRegister, all_tokens, was_issued


class _Applications(ListKind):
    """The applications, with ids and names where a dataset leaves them out."""

    def entries(self, records: Records) -> list[Record]:
        listed_applications = applications(records.section)
        return [
            {
                **entry,
                "id": application.id,
                "name": application.name,
                "scopes": [*application.scopes],
                "roles": [*application.roles],
                "redirect_uris": [*application.redirect_uris],
                "loopback_redirects": application.loopback_redirects,
            }
            for entry, application in zip(
                super().entries(records), listed_applications, strict=True
            )
        ]

    def numbered(self, records: Records, new_records: Sequence[object]) -> list[object]:
        number = max((record.id for record in applications(records.section)), default=0)
        numbered_records: list[object] = []
        for record in new_records:
            number += 1
            numbered_records.append(
                {"id": number, **record} if isinstance(record, dict) else record
            )
        return numbered_records

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        TOKENS.settle(records)
        super().write(records, entries)

    def verify(self, records: Records, entry: Record, path: DatasetPath) -> None:
        other_applications = [
            application
            for application in self.entries(records)
            if application["uid"] != entry["uid"]
        ]
        _check({"applications": [*other_applications, entry]}, path)

    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        tokens = [
            token["token"] for token in TOKENS.entries(records) if token["application"] in keys
        ]
        TOKENS.remove(records, tokens)
        super().remove(records, keys)


class _Tokens(ListKind):
    """The tokens of the section, and the tokens issued since to listed applications."""

    def entries(self, records: Records) -> list[Record]:
        if records.when_done:
            return super().entries(records)
        world = records.world
        return [
            {
                "token": token.text,
                "application": token.application.uid,
                "scopes": [*token.scopes],
                "created_at": token.created_at.isoformat(),
                "expires_in": token.expires_in,
                "revoked": token.revoked,
                "issued": was_issued(world, token.text),
                "user_id": token.user_id,
                "refresh_token": token.refresh_token,
            }
            for token in all_tokens(world)
            if token.application.id != ANYONE.id
        ]

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        if not records.when_done:
            records.when_done.append(records.world.part(TokenRegister).forget)
        super().write(records, entries)

    def verify(self, records: Records, entry: Record, path: DatasetPath) -> None:
        _check({"applications": APPLICATIONS.entries(records), "tokens": [entry]}, path)

    def settle(self, records: Records) -> None:
        """Put all tokens into the section, so that the world remembers none beside it."""
        if not records.when_done:
            self.write(records, self.entries(records))


def _check(credentials: dict[str, list[Record]], path: DatasetPath) -> None:
    """Check credentials, the last of which stands at a path.

    Raises `RecordError`, with this path, for what the last of them contradicts.
    """
    try:
        check_credentials({"credentials": credentials})
    except RecordError as error:
        raise RecordError((*path, error.path[-1]), str(error)) from None


APPLICATIONS = _Applications("applications", ("credentials", "applications"), "uid", "name")
TOKENS = _Tokens("tokens", ("credentials", "tokens"), "token", "application", "revoked", "issued")
KINDS = (APPLICATIONS, TOKENS)


def check_credentials(section: Section) -> None:
    """Check the applications and tokens of a section.

    Raises `RecordError` for two applications of one id, and for a token of an unlisted application.
    """
    listed_applications = applications(section)
    path = ("credentials", "applications")
    for index, application in enumerate(listed_applications):
        if application.id in {earlier.id for earlier in listed_applications[:index]}:
            raise RecordError(
                (*path, index, "id"), f"an earlier application has the id {application.id}"
            )
        for number, uri in enumerate(application.redirect_uris):
            if not may_be_registered(uri):
                raise RecordError(
                    (*path, index, "redirect_uris", number),
                    "expected an absolute URI without query and fragment,"
                    f" not of javascript or data, found {uri!r}",
                )
    uids = [application.uid for application in listed_applications]
    for index, token in enumerate(section.get("credentials", {}).get("tokens", [])):
        uid = token["application"]
        if uid not in uids:
            raise RecordError(
                ("credentials", "tokens", index, "application"),
                f"{uid!r} is the uid of no application in this dataset;"
                f" {expected_one_of(uid, uids)}",
            )
