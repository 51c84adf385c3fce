"""Worlds, clocks and verifications as JSON values of the control plane."""

import re
from collections.abc import Mapping
from typing import Any

from flask import current_app

from fake_server.control.proxy_address import ProxyAddress, proxy_of
from fake_server.rest.access.redaction import redacted
from fake_server.rest.api_definition import Api
from fake_server.rest.processes import id_of
from fake_server.rest.urls import url_of
from fake_server.world.instants import rfc3339
from fake_server.world.journal.matching import Mismatch
from fake_server.world.journal.verification import ExpectationVerdict, Verification
from fake_server.world.world import World
from fake_server.world.worlds import DEFAULT

_NO_VARIABLE = re.compile("[^A-Za-z0-9]")


def render_clock(world: World) -> dict[str, Any]:
    """Return the time of a world and whether it stands still."""
    return {"now": rfc3339(world.clock.now()), "frozen": world.clock.frozen}


def render_summary(world: World) -> dict[str, Any]:
    """Return the attributes of a world in a list."""
    return {"name": world.name, "url": _url(world), "dataset": world.dataset.name}


def render_world(world: World, apis: Mapping[str, Api]) -> dict[str, Any]:
    """Return the attributes of a world and the access to its APIs."""
    return {
        **render_summary(world),
        "process": id_of(current_app),
        "seed": world.seed,
        "profile": world.profile,
        "quirks": sorted(world.quirks),
        "auth": world.auth,
        "limits": world.enforce_limits,
        "login": world.logins,
        "expires_after": None if world.name == DEFAULT else world.settings.expires_after,
        "clock": render_clock(world),
        **render_access(world, apis, _url(world), proxy_of(current_app)),
    }


def location(world: World) -> str:
    """Return the absolute URL of a world in the control plane."""
    return url_of(f"/_fake/worlds/{world.name}")


def render_access(
    world: World, apis: Mapping[str, Api], url: str, proxy: ProxyAddress | None
) -> dict[str, Any]:
    """Return base URL and credentials of each API of a world whose base URL is `url`.

    `environment` has both as environment variables: `INTRA42_BASE_URL`, `INTRA42_TOKEN` and so on,
    and the address of the server's `proxy` if it has one.
    """
    environment = {"FAKE_SERVER_WORLD_URL": url} | ({} if proxy is None else proxy.variables())
    for name, api in apis.items():
        values = {"base_url": f"{url}{api.base_path}", **api.credentials.variables(world)}
        environment |= {_variable(name, key): value for key, value in values.items()}
    return {
        "apis": {name: _access(world, api, url) for name, api in apis.items()},
        "environment": environment,
    }


def _variable(api: str, name: str) -> str:
    return _NO_VARIABLE.sub("_", f"{api}_{name}").upper()


def _access(world: World, api: Api, url: str) -> dict[str, Any]:
    key = api.credentials.key(world)
    return {
        "base_url": f"{url}{api.base_path}",
        "credentials": api.credentials.shown(world),
        "token": key and key.token,
        "headers": key.headers if key else {},
        **({"query": key.query} if key and key.query else {}),
    }


def _url(world: World) -> str:
    return url_of("" if world.name == DEFAULT else f"/w/{world.name}")


def render_verification(verification: Verification) -> dict[str, Any]:
    """Return the verdict on each expectation."""
    return {
        "verified": verification.verified,
        "forgotten": verification.forgotten,
        "expectations": [_render_verdict(verdict) for verdict in verification.verdicts],
        "lines": verification.lines(),
    }


def _render_verdict(verdict: ExpectationVerdict) -> dict[str, Any]:
    return {
        "verified": verdict.verified,
        "expected": str(verdict.expectation),
        "found": len(verdict.matched),
        "reason": verdict.reason or None,
        "requests": [entry.number for entry in verdict.matched],
        "near_misses": [
            {
                "request": near.entry.shown(),
                "differences": [_render_mismatch(mismatch) for mismatch in near.mismatches],
            }
            for near in verdict.near_misses
        ],
    }


def _render_mismatch(mismatch: Mismatch) -> dict[str, Any]:
    return {
        "what": mismatch.field,
        "expected": redacted(mismatch.expected),
        "found": redacted(mismatch.actual),
        "instead": mismatch.suggestion,
    }
