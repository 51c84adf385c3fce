"""Applications and their tokens as kinds of records, those among them that were issued too."""

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
from fake_server.apis.intra42.login.credentials import (
    ANYONE,
    Tokens,
    all_tokens,
    applications,
    was_issued,
)


class _Applications(ListKind):
    """The applications, with the ids and names that a dataset leaves out."""

    def entries(self, records: Records) -> list[Record]:
        known = applications(records.section)
        return [
            {
                **entry,
                "id": one.id,
                "name": one.name,
                "scopes": [*one.scopes],
                "roles": [*one.roles],
            }
            for entry, one in zip(super().entries(records), known, strict=True)
        ]

    def numbered(self, records: Records, given: Sequence[object]) -> list[object]:
        number = max((one.id for one in applications(records.section)), default=0)
        found: list[object] = []
        for one in given:
            number += 1
            found.append({"id": number, **one} if isinstance(one, dict) else one)
        return found

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        TOKENS.settle(records)
        super().write(records, entries)

    def verify(self, records: Records, entry: Record, place: DatasetPath) -> None:
        others = [one for one in self.entries(records) if one["uid"] != entry["uid"]]
        _check({"applications": [*others, entry]}, place)

    def remove(self, records: Records, keys: Sequence[RecordKey]) -> None:
        theirs = [one["token"] for one in TOKENS.entries(records) if one["application"] in keys]
        TOKENS.remove(records, theirs)
        super().remove(records, keys)


class _Tokens(ListKind):
    """The tokens: those the section lists, and those issued since to the applications there are."""

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
            }
            for token in all_tokens(world)
            if token.application.id != ANYONE.id
        ]

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        if not records.when_done:
            records.when_done.append(records.world.part(Tokens).forget)
        super().write(records, entries)

    def verify(self, records: Records, entry: Record, place: DatasetPath) -> None:
        _check({"applications": APPLICATIONS.entries(records), "tokens": [entry]}, place)

    def settle(self, records: Records) -> None:
        """Put all tokens into the section, so that nothing but it is remembered of them."""
        if not records.when_done:
            self.write(records, self.entries(records))


def _check(credentials: dict[str, list[Record]], place: DatasetPath) -> None:
    """Raise `RecordError` for what the last of the credentials contradicts, at its place."""
    try:
        check_credentials({"credentials": credentials})
    except RecordError as error:
        raise RecordError((*place, error.place[-1]), str(error)) from None


APPLICATIONS = _Applications("applications", ("credentials", "applications"), "uid", "name")
TOKENS = _Tokens("tokens", ("credentials", "tokens"), "token", "application", "revoked", "issued")
KINDS = (APPLICATIONS, TOKENS)


def check_credentials(section: Section) -> None:
    """Raise `RecordError` for two applications of one id, and for a token of one not listed."""
    known = applications(section)
    place = ("credentials", "applications")
    for index, one in enumerate(known):
        if one.id in {other.id for other in known[:index]}:
            raise RecordError((*place, index, "id"), f"an earlier application has the id {one.id}")
    uids = [one.uid for one in known]
    for index, token in enumerate(section.get("credentials", {}).get("tokens", [])):
        uid = token["application"]
        if uid not in uids:
            raise RecordError(
                ("credentials", "tokens", index, "application"),
                f"{uid!r} is the uid of no application in this dataset;"
                f" {expected_one_of(uid, uids)}",
            )
