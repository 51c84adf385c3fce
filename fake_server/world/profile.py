"""Profiles and quirks: the known differences of a real service from its documents."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

from fake_server.data_files import registry
from fake_server.data_files.package_files import yaml_file
from fake_server.data_files.yaml_cache import document_of
from fake_server.errors import QuirkError, expected_one_of

Profile = Literal["documented", "live"]
PROFILES: tuple[Profile, ...] = ("documented", "live")


@cache
def ledger(api: str) -> list[dict[str, Any]]:
    """Return the behaviours of an API as its ledger lists them; empty if it has no ledger."""
    package = registry.packages().get(api)
    path = package and package.schemas / "behaviours.yaml"
    if path is None or not path.is_file():
        return []
    return yaml_file(path, lambda raw: document_of(raw, _entries)) or []


def _entries(text: bytes) -> list[dict[str, Any]] | None:
    import yaml

    from fake_server.yaml_classes import Loader

    behaviours: list[dict[str, Any]] | None = yaml.load(text, Loader=Loader)
    return behaviours


def live_quirks(api: str) -> set[str]:
    """Return the quirks of an API that the live profile switches on, without the API's name."""
    return {entry["live"]["quirk"] for entry in ledger(api) if "live" in entry}


def all_quirks(api: str) -> set[str]:
    """Return all quirks of an API, without the API's name."""
    others = {entry["alternative"]["quirk"] for entry in ledger(api) if "alternative" in entry}
    return live_quirks(api) | others


def quirks_of(profile: Profile, switches: Iterable[str], apis: Iterable[str]) -> frozenset[str]:
    """Return the quirks that are on, as `api.quirk`.

    A switch is `api.quirk` or `api.quirk=on`, or `api.quirk=off` for a quirk of the profile. Raises
    `UserError` for a quirk that no ledger names.
    """
    names = list(apis)
    on = {f"{api}.{quirk}" for api in names if profile == "live" for quirk in live_quirks(api)}
    for switch in switches:
        name, _, state = switch.partition("=")
        _require_known(name, state, names)
        if state == "off":
            on.discard(name)
        else:
            on.add(name)
    return frozenset(on)


def _require_known(name: str, state: str, apis: list[str]) -> None:
    known = sorted(f"{api}.{quirk}" for api in apis for quirk in all_quirks(api))
    if name not in known:
        own = [quirk for quirk in known if quirk.split(".")[0] == name.split(".")[0]]
        expected = expected_one_of(name, own or known)
        raise QuirkError(f"{name or repr(name)}: no such quirk; {expected}")
    if state not in {"", "on", "off"}:
        raise QuirkError(f"{name}={state}: a quirk is switched with =on or =off")
