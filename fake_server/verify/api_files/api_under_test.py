"""Each API under test, as `target.yaml` among its schemas describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from fake_server.data_files import registry
from fake_server.errors import TargetError
from fake_server.verify.api_files.creations import Creation, creation
from fake_server.verify.api_files.listing import Listing, listing
from fake_server.yaml_classes import Loader


@dataclass(frozen=True, slots=True)
class Credential:
    """One form of credentials.

    - `fields`, `optional`: the names of its values.
    - `headers`: templates such as `Bearer {token}` and `Basic base64({token}:x)`.
    - `query`, `cookies`: templates of parameters of the query and of cookies.
    - `schemes`: the security schemes of the document that it carries; () for all of them.
    - `token_request`: the request that turns the fields into a field `token`; None without one.
    - `fake`: values of the bundled datasets. `wrong`: values that no server knows.
    """

    name: str
    fields: tuple[str, ...]
    optional: tuple[str, ...]
    headers: Mapping[str, str]
    token_request: Mapping[str, Any] | None
    fake: Mapping[str, str]
    wrong: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DisabledCheck:
    """A check of the schema layer that the real service contradicts, and the evidence."""

    check: str
    evidence: str


@dataclass(frozen=True, slots=True)
class AdjustedOperations:
    """Schemathesis' settings for some operations, where a schema cannot say it, and the evidence.

    - `operations`: their ids; () where `pattern` selects them.
    - `pattern`: a regular expression that their ids match; empty where the ids are listed.
    """

    operations: tuple[str, ...]
    pattern: str
    settings: Mapping[str, Any]
    evidence: str

    @property
    def selector(self) -> dict[str, Any]:
        """The selector of the operations in Schemathesis' settings."""
        if self.pattern:
            return {"include-operation-id-regex": self.pattern}
        return {"include-operation-id": list(self.operations)}


@dataclass(frozen=True, slots=True)
class ApiUnderTest:
    """An API under test: how a run reaches it, asks it and cleans up.

    - `probe`: the GET that a server of this API answers with 200 and JSON; None without one.
    - `rate`: the documented limit, in requests a second.
    - `others`: credentials that tests send beside the target's own, such as a person's token, and
      what each is.
    - `listing`: the parameters and headers of its lists.
    - `harmless`: paths to which a POST stores nothing.
    - `creations`: the POSTs that create records, and how these are marked and disabled.
    - `tolerated`: the behaviours that excuse failures of a check in the live profile, by check.
    """

    name: str
    title: str
    probe: str | None
    hosts: tuple[str, ...]
    rate: float
    credentials: tuple[Credential, ...]
    others: Mapping[str, str]
    listing: Listing
    harmless: tuple[str, ...]
    creations: tuple[Creation, ...]
    disabled: tuple[DisabledCheck, ...]
    adjusted: tuple[AdjustedOperations, ...]
    tolerated: Mapping[str, str]

    @property
    def field_names(self) -> frozenset[str]:
        """The names of all its credentials."""
        fields = ((*form.fields, *form.optional) for form in self.credentials)
        return frozenset(self.others).union(*fields)

    @property
    def credential_names(self) -> frozenset[str]:
        """The headers, and the parameters of the query, that carry the fields of credentials."""
        return frozenset(
            name
            for form in self.credentials
            for name, template in (*form.headers.items(), *form.query.items())
            if any(f"{{{field_name}}}" in template for field_name in form.fields)
        )

    @property
    def fake(self) -> dict[str, str]:
        """The credentials of the bundled datasets; {} for an API without credentials.

        They are those of the first form and, where forms name security schemes, of the others.
        """
        named = [form for form in self.credentials[1:] if form.schemes]
        forms = [*self.credentials[:1], *named]
        return {name: value for form in forms for name, value in form.fake.items()}


def apis() -> list[str]:
    """Return the names of the APIs that can be verified."""
    packages = registry.packages().values()
    return [package.name for package in packages if (package.schemas / "target.yaml").is_file()]


_REQUIRED: Mapping[str, str] = {
    "title": "what people call the API",
    "probe": "path and query of a GET that needs a credential, or null where there is no GET",
    "rate": "how many requests a second the service allows",
    "credentials": "a list of the forms of credentials, which may be empty",
    "list": "how lists are answered, such as {items: null, total: X-Total-Count}",
}


@cache
def api_under_test(name: str) -> ApiUnderTest:
    """Return an API under test by its name.

    Raises `UserError` for an unknown API, and for a `target.yaml` that is missing or lacks a key.
    """
    path = registry.package(name).schemas / "target.yaml"
    if not path.is_file():
        raise TargetError(f"{path}: is missing: it says how contract tests reach the API")
    raw = yaml.load(path.read_bytes(), Loader=Loader) or {}
    for key, expected in _REQUIRED.items():
        if key not in raw:
            raise TargetError(f"{path}: {key} is missing: expected {expected}")
    schema = raw.get("schema", {})
    return ApiUnderTest(
        name=name,
        title=raw["title"],
        probe=raw["probe"],
        hosts=tuple(raw.get("hosts", ())),
        rate=float(raw["rate"]),
        credentials=tuple(_credential(raw_credential) for raw_credential in raw["credentials"]),
        others=raw.get("others", {}),
        listing=listing(raw["list"]),
        harmless=tuple(raw.get("harmless", ())),
        creations=tuple(creation(raw_creation) for raw_creation in raw.get("creations", ())),
        disabled=tuple(DisabledCheck(**raw_check) for raw_check in schema.get("disabled", ())),
        adjusted=tuple(
            AdjustedOperations(
                tuple(adjustment.get("operations", ())),
                adjustment.get("matching", ""),
                adjustment["settings"],
                adjustment["evidence"],
            )
            for adjustment in schema.get("adjusted", ())
        ),
        tolerated=schema.get("tolerated", {}),
    )


def _credential(raw: Mapping[str, Any]) -> Credential:
    return Credential(
        name=raw["name"],
        fields=tuple(raw["fields"]),
        optional=tuple(raw.get("optional", ())),
        headers=raw.get("headers") or {},
        query=raw.get("query") or {},
        cookies=raw.get("cookies") or {},
        schemes=tuple(raw.get("schemes") or ()),
        token_request=raw.get("token_request"),
        fake=raw["fake"],
        wrong=raw["wrong"],
    )
