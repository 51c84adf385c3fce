"""`fake-server openapi`."""

import json
from typing import Any, cast

import click

from fake_server.data_files import registry
from fake_server.rest.bundle import bundled
from fake_server.world.profile import Profile


def print_document(api: str, profile: str, *, as_yaml: bool) -> None:
    """Print the OpenAPI document of an API; raises `UserError` for an API that is none."""
    registry.package(api)
    document = bundled(api, cast(Profile, profile))
    click.echo(_as_yaml(document) if as_yaml else json.dumps(document, indent=2), nl=not as_yaml)


def _as_yaml(document: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100))
