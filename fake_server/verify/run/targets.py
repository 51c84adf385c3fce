"""Where a run goes and as whom: options, environment and `targets.toml` put together."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fake_server.data_files import registry
from fake_server.errors import UserError
from fake_server.verify.api.description import Description, apis, description
from fake_server.verify.api.ledger import entries, wanted
from fake_server.verify.errors import CouldNotRunError

_KEYS: Mapping[str, tuple[type, ...]] = {
    "url": (str,),
    "api": (str, list),
    "credentials": (dict,),
    "profile": (str,),
    "rate": (int, float),
    "max_requests": (int,),
    "allow_invalid": (bool,),
    "allow_writes": (bool,),
    "insecure": (bool,),
}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Place:
    """A server to verify, as a table of `targets.toml` describes one. None: not said."""

    url: str
    apis: tuple[str, ...] = ()
    credentials: Mapping[str, str] = field(default_factory=dict)
    profile: str | None = None
    rate: float | None = None
    max_requests: int | None = None
    allow_invalid: bool = False
    allow_writes: bool = False
    insecure: bool = False


def place_of(target: str, file: Path) -> Place:
    """Return the place that `target` names: a URL, or a table of the file.

    Raises `CouldNotRunError` if it is neither, or the table has a mistake.
    """
    if "://" in target:
        return Place(target)
    if not file.is_file():
        raise CouldNotRunError(
            f"{target}: expected a URL, or a name that {file} describes; there is no such file"
        )
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CouldNotRunError(f"{file}: not TOML: {error}") from None
    if not isinstance(tables.get(target), dict):
        raise CouldNotRunError(
            f"{file}: no target is called {target!r}; expected {' or '.join(tables) or 'one'}"
        )
    return _place(tables[target], f"{file}: {target}")


def _place(table: Mapping[str, Any], where: str) -> Place:
    for key, value in table.items():
        if key not in _KEYS:
            raise CouldNotRunError(f"{where}: {key} is no setting; expected {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]) or (
            isinstance(value, bool) and bool not in _KEYS[key]
        ):
            kinds = " or ".join(kind.__name__ for kind in _KEYS[key])
            raise CouldNotRunError(f"{where}: {key}: expected {kinds}, found {value!r}")
    if "url" not in table:
        raise CouldNotRunError(f"{where}: url is missing")
    named = table.get("api", [])
    return Place(
        url=table["url"],
        apis=chosen_apis([named] if isinstance(named, str) else named),
        credentials={
            name: _expanded(str(value), f"{where}: credentials: {name}")
            for name, value in table.get("credentials", {}).items()
        },
        **{key: table[key] for key in table if key not in {"url", "api", "credentials"}},
    )


def _expanded(value: str, where: str) -> str:
    if not value.startswith("$"):
        return value
    found = os.environ.get(value[1:])
    if not found:
        raise CouldNotRunError(f"{where}: the environment has no {value[1:]}")
    return found


def chosen_apis(named: "tuple[str, ...] | list[str]") -> tuple[str, ...]:
    """Return the APIs named, each once; raises `CouldNotRunError` for one that has no suite."""
    for name in named:
        try:
            file = registry.package(name).schemas / "target.yaml"
        except UserError as mistake:
            raise CouldNotRunError(str(mistake)) from None
        if not file.is_file():
            raise CouldNotRunError(f"{name} cannot be verified: there is no {file}")
    return tuple(dict.fromkeys(named))


def require_behaviours(named: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Raise `CouldNotRunError` for a glob that is that of no behaviour of the APIs named."""
    ids = [id_ for api in named for id_ in entries(api)]
    for glob in only:
        if not any(wanted(id_, (glob,)) for id_ in ids):
            raise CouldNotRunError(
                f"--only {glob}: no behaviour of {', '.join(named)} is called so; see schemas/"
            )


def apis_at(place: Place, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the APIs to verify at a place: those named, else those that live at its host."""
    if named or place.apis:
        return named or place.apis
    host = urlsplit(place.url).hostname
    there = tuple(api for api in apis() if host in description(api).hosts)
    if there or host in _LOOPBACK:
        return there or tuple(apis())
    raise CouldNotRunError(f"{place.url}: which API is it? Name {', '.join(apis())}")


def credentials_for(known: Description, place: Place, given: tuple[str, ...]) -> dict[str, str]:
    """Return the values to identify with: given as `name=value` or `api.name=value`, else of the
    place, else of the environment (`FABMANAGER_TOKEN`), else, on loopback, the fake's own.
    """
    names = _names(known)
    environment = {name: os.environ.get(f"{known.api}_{name}".upper(), "") for name in names}
    values = {name: value for name, value in environment.items() if value}
    values.update({name: value for name, value in place.credentials.items() if name in names})
    values.update(given_credentials(known, given))
    if not values and urlsplit(place.url).hostname in _LOOPBACK:
        return known.fake
    return values


def given_credentials(known: Description, given: tuple[str, ...]) -> dict[str, str]:
    """Return this API's values among `name=value` and `api.name=value`.

    Raises `CouldNotRunError` for a name that no API has.
    """
    values = {}
    everywhere = {name for api in apis() for name in _names(description(api))}
    for one in given:
        name, equals, value = one.partition("=")
        owner, _, own = name.rpartition(".")
        if not equals or own not in everywhere or (owner and owner not in apis()):
            raise CouldNotRunError(
                f"--credential {name}: expected name=value, the name one of"
                f" {', '.join(sorted(everywhere))}"
            )
        if own in _names(known) and owner in {"", known.api}:
            values[own] = value
    return values


def _names(known: Description) -> set[str]:
    return {name for one in known.credentials for name in (*one.fields, *one.optional)}
