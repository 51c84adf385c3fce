"""Controls a world of a fake over HTTP, through its control plane."""

import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import yaml

from fake_server.data_files import registry
from fake_server.errors import VerificationError
from fake_server.server_urls import is_loopback_host
from fake_server.verify.marks import CAPABILITIES, Capability
from fake_server.verify.outcome_errors import NoAnswerError
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.http_transport import HttpTransport
from fake_server.verify.server.raw_messages import USER_AGENT, ApiRequest
from fake_server.verify.server.transport import RawAnswer, Transport, url_parts
from fake_server.verify.server.world_control import json_values
from fake_server.verify.texts import read_json
from fake_server.yaml_classes import Loader

TOKEN_VARIABLE = "FAKE_SERVER_CONTROL_TOKEN"
"""Environment variable: the control token of a fake on this machine."""

_WORLDS = "/_fake/worlds"
_WORLD_HEADER = "X-Fake-World"
_HEALTH_TIMEOUT = 5
"""Seconds within which a fake answers a health check."""


def create_world(
    url: str,
    profile: str | None = None,
    *,
    control_token: str | None = None,
    insecure: bool = False,
) -> "HttpControl | None":
    """Create a world of the fake at `url` and return its control; None if no fake is there.

    A health check is sent to a server on this machine, or with a `control_token`, only: a live
    service gets no request outside its API. On this machine the token may come from the
    environment. A URL with a path names a part of a server, such as a world: no world is created.

    - `profile`: another one than that of the fake.
    - `insecure`: allow plain http to a host that is not loopback.

    Raises `VerificationError` for a malformed URL, and if the fake refuses to create a world.
    """
    parts = url_parts(url)
    if parts.path.strip("/") or not (is_loopback_host(parts.hostname) or control_token):
        return None
    token = control_token or os.environ.get(TOKEN_VARIABLE)
    if not _ControlPlane(
        HttpTransport(url, insecure=insecure, timeout=_HEALTH_TIMEOUT, longest=_HEALTH_TIMEOUT),
        token,
    ).is_fake():
        return None
    control_plane = _ControlPlane(HttpTransport(url, insecure=insecure), token)
    return HttpControl(control_plane, {} if profile is None else {"profile": profile})


def world_clock(url: str, *, control_token: str | None = None) -> Callable[[], datetime] | None:
    """Return the clock of the world of a fake at `url`, such as `…/w/one`.

    None if the URL names no world, or may not be asked; see `create_world`. The `Date` of a fake
    is the time of its machine, not that of a world.
    """
    parts = url_parts(url)
    match = re.fullmatch(r"/w/([^/]+)/?", parts.path)
    if match is None or not (is_loopback_host(parts.hostname) or control_token):
        return None
    origin = f"{parts.scheme}://{parts.netloc}"
    transport = HttpTransport(
        origin, insecure=True, timeout=_HEALTH_TIMEOUT, longest=_HEALTH_TIMEOUT
    )
    control_plane = _ControlPlane(transport, control_token or os.environ.get(TOKEN_VARIABLE))
    return partial(control_plane.now, f"{_WORLDS}/{match[1]}") if control_plane.is_fake() else None


class _ControlPlane:
    """The control plane of one server; `token` is its control token, if it needs one."""

    def __init__(self, transport: Transport, token: str | None) -> None:
        self.transport = transport
        self._authorization = (("Authorization", f"Bearer {token}"),) if token else ()
        self._mask = CredentialMask({"control_token": token} if token else {})

    def is_fake(self) -> bool:
        """Return whether the server is a fake of this kind."""
        try:
            answer = self._send("GET", "/_fake/health")
            health = read_json(answer.body) if answer.status == 200 else None
        except (NoAnswerError, ValueError):
            return False
        return isinstance(health, dict) and health.get("name") == "understudy"

    def request(self, method: str, path: str, attributes: Mapping[str, Any] | None = None) -> Any:
        """Return the answer of the control plane, as JSON values; None for an empty one.

        The request names its world in a header too, for a proxy in front of several processes.
        Raises `VerificationError` with its reason if it refuses.
        """
        if (method, path) == ("POST", _WORLDS):
            attributes = {"name": f"world-{secrets.token_hex(8)}", **(attributes or {})}
            name = attributes["name"]
        else:
            name = path.removeprefix(f"{_WORLDS}/").partition("/")[0]
        headers = (*self._authorization, (_WORLD_HEADER, name))
        answer = self._send(method, path, attributes, headers)
        try:
            value: Any = read_json(answer.body) if answer.body else None
        except ValueError:
            value = answer.body.decode("utf-8", "replace")
        if answer.status >= 300 or isinstance(value, str):
            where = f"{self.transport.base_url}{path}"
            if isinstance(value, dict) and "detail" in value:
                raise VerificationError(f"{where}: {self._mask.brief(str(value['detail']), 300)}")
            raise VerificationError(
                f"{where}: answers {answer.status} {self._mask.brief(str(value), 120)}"
            )
        return value

    def now(self, world: str) -> datetime:
        """Return the time of the world at a path."""
        return datetime.fromisoformat(self.request("GET", f"{world}/clock")["now"])

    def _send(
        self,
        method: str,
        path: str,
        attributes: Mapping[str, Any] | None = None,
        more_headers: tuple[tuple[str, str], ...] = (),
    ) -> RawAnswer:
        headers = (
            ("User-Agent", USER_AGENT),
            ("Content-Type", "application/json"),
            *more_headers,
        )
        body = None if attributes is None else json.dumps(json_values(attributes)).encode()
        return self.transport.send(ApiRequest(method, path, headers, body))


class HttpControl:
    """Controls one new world; see `fake_server.verify.server.world_control.WorldControl`.

    - `attributes`: those of the new world, as `schemas/control/world_new.json` has them.
    - `profile`: its profile, `documented` or `live`.
    - `transport`: sends requests to it without a prefix.
    """

    capabilities: frozenset[Capability] = frozenset(CAPABILITIES)

    def __init__(
        self, control_plane: _ControlPlane, attributes: Mapping[str, Any], *, prefixed: bool = False
    ) -> None:
        self._control_plane = control_plane
        self._attributes = attributes
        world = control_plane.request("POST", _WORLDS, attributes)
        self._path = f"{_WORLDS}/{world['name']}"
        self.profile: str = world["profile"]
        self.prefix = f"/w/{world['name']}" if prefixed else ""
        self.transport: Transport = _WorldTransport(control_plane.transport, world["name"])

    def now(self) -> datetime:
        """Return the world's time, in UTC."""
        return self._control_plane.now(self._path)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the world's clock, at `at` or where it is."""
        self._clock("freeze", {} if at is None else {"at": at})

    def set(self, at: datetime) -> None:
        """Set the world's clock to `at`."""
        self._clock("set", {"at": at})

    def advance(self, by: timedelta) -> None:
        """Move the world's clock."""
        self._clock("advance", {"by": by.total_seconds()})

    def _clock(self, action: str, attributes: Mapping[str, Any]) -> None:
        self._control_plane.request("POST", f"{self._path}/clock/{action}", attributes)

    def enforce_limits(self, on: bool) -> None:
        """Switch the documented rate limits on or off."""
        self._control_plane.request("PATCH", self._path, {"limits": on})

    def reset(self) -> None:
        """Reset the world to its first state."""
        self._control_plane.request("POST", f"{self._path}/reset")

    @contextmanager
    def fresh(
        self, api: str, section: Mapping[str, Any] | None, now: datetime | None
    ) -> "Iterator[HttpControl]":
        """Create another world and delete it when the block ends."""
        attributes = {**self._attributes, "now": now or self.now()}
        if section is not None:
            attributes["dataset"] = {"seed": 1, api: {**_empty_section(api), **section}}
        control = HttpControl(self._control_plane, attributes, prefixed=True)
        try:
            yield control
        finally:
            control.delete()

    def delete(self) -> None:
        """Delete the world, if the server still has it."""
        with suppress(NoAnswerError, VerificationError):
            self._control_plane.request("DELETE", self._path)


class _WorldTransport:
    """Sends requests whose path names no world to one world of a fake."""

    def __init__(self, inner: Transport, name: str) -> None:
        self._inner = inner
        self._header = (_WORLD_HEADER, name)
        self.base_url = inner.base_url
        self.name = inner.name

    def send(self, request: ApiRequest) -> RawAnswer:
        """Send a request; see `Transport`."""
        if not request.target.startswith("/w/"):
            request = replace(request, headers=(*request.headers, self._header))
        return self._inner.send(request)


def _empty_section(api: str) -> Mapping[str, Any]:
    """Return the section of the dataset that has credentials and nothing else."""
    file = registry.package(api).fixtures / "empty.yaml"
    if not file.is_file():
        return {}
    section: Mapping[str, Any] = yaml.load(file.read_bytes(), Loader=Loader) or {}
    return section
