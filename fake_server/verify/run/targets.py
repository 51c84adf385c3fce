"""The servers and credentials of a run: options, environment and `targets.toml`."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fake_server.data_files import registry
from fake_server.errors import UserError, VerificationError
from fake_server.server_urls import is_loopback_host
from fake_server.verify.api_files.api_under_test import ApiUnderTest, api_under_test, apis
from fake_server.verify.api_files.ledger import entries, is_selected

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


@dataclass(frozen=True, slots=True)
class TargetServer:
    """A server to verify, as a table of `targets.toml` has it. None: the table does not say."""

    url: str
    apis: tuple[str, ...] = ()
    credentials: Mapping[str, str] = field(default_factory=dict)
    profile: str | None = None
    rate: float | None = None
    max_requests: int | None = None
    allow_invalid: bool = False
    allow_writes: bool = False
    insecure: bool = False


def target_server(target: str, file: Path) -> TargetServer:
    """Return the server that `target` names: a URL, or a table of the file.

    Raises `VerificationError` if it is neither, or the table has a mistake.
    """
    if "://" in target:
        return TargetServer(target)
    if not file.is_file():
        raise VerificationError(
            f"{target}: expected a URL, or a name that {file} describes; there is no such file"
        )
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VerificationError(f"{file}: not TOML: {error}") from None
    if not isinstance(tables.get(target), dict):
        raise VerificationError(
            f"{file}: no target is called {target!r}; expected {' or '.join(tables) or 'one'}"
        )
    return _server_of_table(tables[target], f"{file}: {target}")


def _server_of_table(table: Mapping[str, Any], where: str) -> TargetServer:
    for key, value in table.items():
        if key not in _KEYS:
            raise VerificationError(f"{where}: {key} is no setting; expected {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]) or (
            isinstance(value, bool) and bool not in _KEYS[key]
        ):
            kinds = " or ".join(kind.__name__ for kind in _KEYS[key])
            raise VerificationError(f"{where}: {key}: expected {kinds}, found {value!r}")
    if "url" not in table:
        raise VerificationError(f"{where}: url is missing")
    api_names = table.get("api", [])
    return TargetServer(
        url=table["url"],
        apis=chosen_apis([api_names] if isinstance(api_names, str) else api_names),
        credentials={
            name: _expanded(str(value), f"{where}: credentials: {name}")
            for name, value in table.get("credentials", {}).items()
        },
        **{key: table[key] for key in table if key not in {"url", "api", "credentials"}},
    )


def _expanded(value: str, where: str) -> str:
    if not value.startswith("$"):
        return value
    expanded = os.environ.get(value[1:])
    if not expanded:
        raise VerificationError(f"{where}: the environment has no {value[1:]}")
    return expanded


def chosen_apis(names: "tuple[str, ...] | list[str]") -> tuple[str, ...]:
    """Return the APIs named, each once; raises `VerificationError` for one that has no suite."""
    for name in names:
        try:
            file = registry.package(name).schemas / "target.yaml"
        except UserError as mistake:
            raise VerificationError(str(mistake)) from None
        if not file.is_file():
            raise VerificationError(f"{name} cannot be verified: there is no {file}")
    return tuple(dict.fromkeys(names))


def require_behaviours(api_names: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Raise `VerificationError` for a glob that matches no behaviour of the APIs."""
    ids = [id_ for api in api_names for id_ in entries(api)]
    for glob in only:
        if not any(is_selected(id_, (glob,)) for id_ in ids):
            raise VerificationError(
                f"--only {glob}: no behaviour of {', '.join(api_names)} is called so; see schemas/"
            )


def apis_of_server(server: TargetServer, api_names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the APIs to verify at a server: those named, else those of its host."""
    if api_names or server.apis:
        return api_names or server.apis
    host = urlsplit(server.url).hostname
    hosted = tuple(api for api in apis() if host in api_under_test(api).hosts)
    if hosted or is_loopback_host(host):
        return hosted or tuple(apis())
    raise VerificationError(f"{server.url}: which API is it? Name {', '.join(apis())}")


def credentials_for(
    api: ApiUnderTest, server: TargetServer, texts: tuple[str, ...]
) -> dict[str, str]:
    """Return the credentials for a server, by field.

    They are those of `texts` (`name=value` or `api.name=value`), else of the server's table, else
    of the environment (`FABMANAGER_TOKEN`), else, on loopback, those of the bundled datasets.
    """
    names = api.field_names
    environment = {name: os.environ.get(f"{api.name}_{name}".upper(), "") for name in names}
    values = {name: value for name, value in environment.items() if value}
    values.update({name: value for name, value in server.credentials.items() if name in names})
    values.update(parse_credentials(api, texts))
    if not values and is_loopback_host(urlsplit(server.url).hostname):
        return api.fake
    return values


def parse_credentials(api: ApiUnderTest, texts: tuple[str, ...]) -> dict[str, str]:
    """Return this API's credentials among `name=value` and `api.name=value`, by field.

    Raises `VerificationError` for a name that no API has.
    """
    values = {}
    all_fields = {name for each_api in apis() for name in api_under_test(each_api).field_names}
    for text in texts:
        name, equals, value = text.partition("=")
        api_name, _, field_name = name.rpartition(".")
        if not equals or field_name not in all_fields or (api_name and api_name not in apis()):
            raise VerificationError(
                f"--credential {name}: expected name=value, the name one of"
                f" {', '.join(sorted(all_fields))}"
            )
        if field_name in api.field_names and api_name in {"", api.name}:
            values[field_name] = value
    return values
