"""The levers of a fake over HTTP, through its control plane."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import yaml

from fake_server.data_files import registry
from fake_server.verify.errors import CouldNotRunError, NoAnswerError
from fake_server.verify.marks import CAPABILITIES, Capability
from fake_server.verify.server.control import json_values
from fake_server.verify.server.messages import USER_AGENT, Request
from fake_server.verify.server.transport import HttpTransport, Reply, Transport
from fake_server.yaml_classes import Loader

TOKEN_VARIABLE = "FAKE_SERVER_CONTROL_TOKEN"
"""Environment variable: the control token of a fake on this machine."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_WORLDS = "/_fake/worlds"
_AT_ONCE = 5
"""Seconds within which a fake says that it is one."""


def own_world(
    url: str,
    profile: str | None = None,
    *,
    control_token: str | None = None,
    insecure: bool = False,
) -> "HttpControl | None":
    """Return a new world of the fake at `url`; None if no fake is there.

    Only a server on this machine, or one that a `control_token` is given for, is asked whether it
    is one: a live service gets no request outside its API. On this machine the token may
    come from the environment. A URL with a path names a part of a server, such as a world, which
    is taken as it is. `profile`: another than the one the fake was started with. `insecure`: allow
    plain http to a host that is not loopback. Raises `CouldNotRunError` where the fake makes no
    world.
    """
    parts = urlsplit(url)
    if parts.path.strip("/") or not (parts.hostname in _LOOPBACK or control_token):
        return None
    token = control_token or os.environ.get(TOKEN_VARIABLE)
    if not _Plane(HttpTransport(url, insecure=insecure, timeout=_AT_ONCE), token).is_fake():
        return None
    plane = _Plane(HttpTransport(url, insecure=insecure), token)
    return HttpControl(plane, {} if profile is None else {"profile": profile})


def clock_of(url: str, *, control_token: str | None = None) -> Callable[[], datetime] | None:
    """Return the clock of the world of a fake at `url`, such as `…/w/one`.

    None if the URL names none, or may not be asked; see `own_world`. A fake's `Date` is that of
    its machine, whatever a world's clock says.
    """
    parts = urlsplit(url)
    named = re.fullmatch(r"/w/([^/]+)/?", parts.path)
    if named is None or not (parts.hostname in _LOOPBACK or control_token):
        return None
    origin = f"{parts.scheme}://{parts.netloc}"
    transport = HttpTransport(origin, insecure=True, timeout=_AT_ONCE)
    plane = _Plane(transport, control_token or os.environ.get(TOKEN_VARIABLE))
    return partial(plane.now, f"{_WORLDS}/{named[1]}") if plane.is_fake() else None


class _Plane:
    """The control plane of one server; `token` drives it where the server asks for one."""

    def __init__(self, transport: Transport, token: str | None) -> None:
        self.transport = transport
        self._authorization = (("Authorization", f"Bearer {token}"),) if token else ()

    def is_fake(self) -> bool:
        """Return whether the server says that it is a fake of this kind."""
        try:
            reply = self._send("GET", "/_fake/health")
            found = json.loads(reply.body) if reply.status == 200 else None
        except (NoAnswerError, ValueError):
            return False
        return isinstance(found, dict) and found.get("name") == "understudy"

    def ask(self, method: str, path: str, attributes: Mapping[str, Any] | None = None) -> Any:
        """Return the answer of the control plane, as JSON values; None for an empty one.

        Raises `CouldNotRunError` with its reason if it refuses.
        """
        reply = self._send(method, path, attributes, self._authorization)
        found: Any = json.loads(reply.body) if reply.body else None
        if reply.status >= 300:
            raise CouldNotRunError(f"{self.transport.base_url}{path}: {found['detail']}")
        return found

    def now(self, world: str) -> datetime:
        """Return the time of the world at a path."""
        return datetime.fromisoformat(self.ask("GET", f"{world}/clock")["now"])

    def _send(
        self,
        method: str,
        path: str,
        attributes: Mapping[str, Any] | None = None,
        authorization: tuple[tuple[str, str], ...] = (),
    ) -> Reply:
        headers = (
            ("User-Agent", USER_AGENT),
            ("Content-Type", "application/json"),
            *authorization,
        )
        body = None if attributes is None else json.dumps(json_values(attributes)).encode()
        return self.transport.send(Request(method, path, headers, body))


class HttpControl:
    """The levers of one new world; see `fake_server.verify.server.control.Control`.

    - `made_with`: the attributes it is made with, as `schemas/control/world_new.json` has them.
    - `profile`: what it promises, `documented` or `live`.
    - `transport`: reaches it without a prefix.
    """

    capabilities: frozenset[Capability] = frozenset(CAPABILITIES)

    def __init__(
        self, plane: _Plane, made_with: Mapping[str, Any], *, prefixed: bool = False
    ) -> None:
        self._plane = plane
        self._made_with = made_with
        made = plane.ask("POST", _WORLDS, made_with)
        self._path = f"{_WORLDS}/{made['name']}"
        self.profile: str = made["profile"]
        self.prefix = f"/w/{made['name']}" if prefixed else ""
        self.transport: Transport = _WorldTransport(plane.transport, made["name"])

    def now(self) -> datetime:
        """Return the world's time, in UTC."""
        return self._plane.now(self._path)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the world's clock, at `at` or where it is."""
        self._clock("freeze", {} if at is None else {"at": at})

    def set(self, at: datetime) -> None:
        """Put the world's clock to `at`."""
        self._clock("set", {"at": at})

    def advance(self, by: timedelta) -> None:
        """Move the world's clock."""
        self._clock("advance", {"by": by.total_seconds()})

    def _clock(self, action: str, attributes: Mapping[str, Any]) -> None:
        self._plane.ask("POST", f"{self._path}/clock/{action}", attributes)

    def enforce_limits(self, on: bool) -> None:
        """Switch the documented rate limits on or off."""
        self._plane.ask("PATCH", self._path, {"limits": on})

    def reset(self) -> None:
        """Go back to what the world was made with."""
        self._plane.ask("POST", f"{self._path}/reset")

    @contextmanager
    def fresh(
        self, api: str, section: Mapping[str, Any] | None, now: datetime | None
    ) -> "Iterator[HttpControl]":
        """Make a world of its own; it is deleted when the block ends."""
        attributes = {**self._made_with, "now": now or self.now()}
        if section is not None:
            attributes["dataset"] = {"seed": 1, api: {**_empty(api), **section}}
        made = HttpControl(self._plane, attributes, prefixed=True)
        try:
            yield made
        finally:
            made.delete()

    def delete(self) -> None:
        """Forget the world, if the server still has it."""
        with suppress(NoAnswerError, CouldNotRunError):
            self._plane.ask("DELETE", self._path)


class _WorldTransport:
    """Sends to one world of a fake every request whose path names none."""

    def __init__(self, inner: Transport, name: str) -> None:
        self._inner = inner
        self._header = ("X-Fake-World", name)
        self.base_url = inner.base_url

    def send(self, request: Request) -> Reply:
        """Send a request; see `Transport`."""
        if not request.target.startswith("/w/"):
            request = replace(request, headers=(*request.headers, self._header))
        return self._inner.send(request)


def _empty(api: str) -> Mapping[str, Any]:
    """Return the section of the dataset that has credentials and nothing else."""
    file = registry.package(api).fixtures / "empty.yaml"
    if not file.is_file():
        return {}
    section: Mapping[str, Any] = yaml.load(file.read_bytes(), Loader=Loader) or {}
    return section
