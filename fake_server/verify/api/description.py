"""What is known of each API as a target: `target.yaml` among its schemas."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from fake_server.data_files import registry
from fake_server.errors import TargetError
from fake_server.verify.api.creations import Creation, creation
from fake_server.verify.api.listing import Listing, listing
from fake_server.yaml_classes import Loader


@dataclass(frozen=True, slots=True)
class Credential:
    """One way to identify oneself: `fields` are its values, by name; `headers` their use.

    `headers` are templates such as `Bearer {token}` and `Basic base64({token}:x)`.
    `token_request` is the request that turns the fields into a field `token`, if one is needed.
    `fake` are the values that the bundled datasets know, `wrong` those that nobody knows.
    """

    name: str
    fields: tuple[str, ...]
    optional: tuple[str, ...]
    headers: Mapping[str, str]
    token_request: Mapping[str, Any] | None
    fake: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DisabledCheck:
    """A check of the schema layer that the real service contradicts, and what shows that."""

    check: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What no schema can say of some operations: Schemathesis' settings for them, and why.

    - `operations`: their ids; () where `pattern` chooses them.
    - `pattern`: a regular expression that their ids match; empty where the ids are listed.
    """

    operations: tuple[str, ...]
    pattern: str
    settings: Mapping[str, Any]
    evidence: str

    @property
    def selector(self) -> dict[str, Any]:
        """What chooses the operations in Schemathesis' settings."""
        if self.pattern:
            return {"include-operation-id-regex": self.pattern}
        return {"include-operation-id": list(self.operations)}


@dataclass(frozen=True, slots=True)
class Description:
    """An API as a target.

    - `probe`: the GET that a server of this API answers with 200 and JSON; None if it has none.
    - `rate`: requests a second that the service is documented to admit.
    - `listing`: how its lists are asked.
    - `harmless`: paths to which a POST changes nothing that is kept.
    - `creations`: what a POST makes that is kept, how it is marked and how it is put away.
    - `tolerated`: checks whose failures the ledger explains, by the behaviour that does, for a
      target that is not held to the documents.
    """

    api: str
    title: str
    probe: str | None
    hosts: tuple[str, ...]
    rate: float
    credentials: tuple[Credential, ...]
    listing: Listing
    harmless: tuple[str, ...]
    creations: tuple[Creation, ...]
    disabled: tuple[DisabledCheck, ...]
    adjusted: tuple[Adjusted, ...]
    tolerated: Mapping[str, str]

    @property
    def fake(self) -> dict[str, str]:
        """The credential that the bundled datasets know; empty for an API that asks for none."""
        return dict(self.credentials[0].fake) if self.credentials else {}


def apis() -> list[str]:
    """Return the names of the APIs that can be verified."""
    packages = registry.packages().values()
    return [one.name for one in packages if (one.schemas / "target.yaml").is_file()]


_REQUIRED: Mapping[str, str] = {
    "title": "what people call the API",
    "probe": "path and query of a GET that needs a credential, or null where there is no GET",
    "rate": "how many requests a second the service allows",
    "credentials": "a list of the forms of credentials, which may be empty",
    "list": "how lists are answered, such as {items: null, total: X-Total-Count}",
}


@cache
def description(api: str) -> Description:
    """Return the description of an API as a target.

    Raises `UserError` for a file that is missing, or that lacks a key.
    """
    path = registry.package(api).schemas / "target.yaml"
    if not path.is_file():
        raise TargetError(f"{path}: is missing: it says how contract tests reach the API")
    raw = yaml.load(path.read_bytes(), Loader=Loader) or {}
    for key, expected in _REQUIRED.items():
        if key not in raw:
            raise TargetError(f"{path}: {key} is missing: expected {expected}")
    schema = raw.get("schema", {})
    return Description(
        api=api,
        title=raw["title"],
        probe=raw["probe"],
        hosts=tuple(raw.get("hosts", ())),
        rate=float(raw["rate"]),
        credentials=tuple(_credential(one) for one in raw["credentials"]),
        listing=listing(raw["list"]),
        harmless=tuple(raw.get("harmless", ())),
        creations=tuple(creation(one) for one in raw.get("creations", ())),
        disabled=tuple(DisabledCheck(**one) for one in schema.get("disabled", ())),
        adjusted=tuple(
            Adjusted(
                tuple(one.get("operations", ())),
                one.get("matching", ""),
                one["settings"],
                one["evidence"],
            )
            for one in schema.get("adjusted", ())
        ),
        tolerated=schema.get("tolerated", {}),
    )


def _credential(raw: Mapping[str, Any]) -> Credential:
    return Credential(
        name=raw["name"],
        fields=tuple(raw["fields"]),
        optional=tuple(raw.get("optional", ())),
        headers=raw["headers"],
        token_request=raw.get("token_request"),
        fake=raw["fake"],
        wrong=raw["wrong"],
    )
