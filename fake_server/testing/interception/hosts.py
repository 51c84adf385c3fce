"""The hosts that the fake answers for, and the world that answers."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask

from fake_server import apis
from fake_server.app import MAX_BODY
from fake_server.edge.memory_connection import Conversation
from fake_server.errors import SettingError, expected_one_of
from fake_server.rest.context import HOST_API
from fake_server.testing.interception.url_locations import DEFAULT_PORTS, Location

_LAB = "https://lab.example"


class Hosts:
    """The host names of each API. A name with a port stands for that port alone."""

    def __init__(
        self, urls: Mapping[str, str], names: Mapping[str, str], real: Container[str]
    ) -> None:
        self._urls = urls
        self._names = names
        self._real = real

    @classmethod
    def of(cls, hosts: Mapping[str, str]) -> "Hosts":
        """Return the hosts of all APIs: the real ones, or those of `hosts`, which has URLs by API.

        Raises `UserError` for an unknown API, a URL without a host, or the host of another API.
        """
        urls: dict[str, str] = {}
        names: dict[str, str] = {}
        declared = apis.load()
        owners = {host: api.name for api in declared.values() for host in api.hosts}
        for name in hosts:
            if name not in declared:
                raise SettingError(
                    f"hosts: {name}: no such API; {expected_one_of(name, list(declared))}"
                )
        for api in declared.values():
            if api.name in hosts:
                location = _free_location(api.name, hosts[api.name], owners)
                urls[api.name] = location.origin
                names[location.authority] = api.name
            else:
                # RFC 2606 reserves these names, so that no real service has one of them.
                api_hosts = api.hosts or (f"{api.name.replace('_', '-')}.example",)
                urls[api.name] = f"https://{api_hosts[0]}"
                names.update(dict.fromkeys(api_hosts, api.name))
        return cls(urls, names, owners)

    def only(self, apis: Container[str]) -> "Hosts":
        """Return the hosts of some of the APIs."""
        urls = {api: url for api, url in self._urls.items() if api in apis}
        names = {name: api for name, api in self._names.items() if api in apis}
        return Hosts(urls, names, self._real)

    def url(self, api: str) -> str:
        """Return the URL of an API's host, without a path."""
        return self._urls[api]

    def api_at(self, url: str) -> str | None:
        """Return the name of the API at the host of a URL; None if no API is there."""
        location = Location.of(url)
        return self._names.get(location.host) or self._names.get(location.host_and_port)

    def has_address(self, host: str, port: int | None) -> bool:
        """Return whether an API is at an address; port None: at no port in particular.

        An address of this machine has other servers too: without a port it has those of the web.
        """
        if host in self._names:
            return not _is_local(host) or port in DEFAULT_PORTS.values()
        return f"{host}:{port}" in self._names

    def is_real(self, host: str) -> bool:
        """Return whether a host is that of a real service, whether or not its API is served."""
        return host in self._real


def _is_local(host: str) -> bool:
    """Return whether a host is an address or this machine, and no name of a service."""
    return host == "localhost" or host.startswith("[") or host.replace(".", "").isdecimal()


def _free_location(api: str, url: str, owners: Mapping[str, str]) -> Location:
    location = Location.read(api, url, _LAB)
    if location.segments:
        raise SettingError(f"{api}: expected a URL without a path, such as {_LAB}, found {url!r}")
    owner = owners.get(location.host, api)
    if owner != api:
        raise SettingError(
            f"{api}: {location.host} is the host of {owner}, and serves nothing else"
        )
    return location


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """A world as the origin server of real hosts.

    `allow`: the locations whose requests go to the network.
    """

    app: Flask
    world: str
    hosts: Hosts
    allow: Sequence[Location]

    def answers(self, url: str) -> bool:
        """Return whether this origin answers requests to a URL."""
        return self.hosts.api_at(url) is not None

    def lets_out(self, url: str) -> bool:
        """Return whether requests to a URL may go to the network."""
        location = Location.of(url)
        return any(allowed.contains(location) for allowed in self.allow)

    def connect(self, url: str) -> Conversation:
        """Return a connection to the host of a URL that this origin answers for."""
        location = Location.of(url)
        api = self.hosts.api_at(url)

        def prepare(environ: dict[str, Any]) -> None:
            environ.setdefault("HTTP_X_FAKE_WORLD", self.world)
            environ[HOST_API] = api

        server = (location.host.strip("[]"), location.port)
        return Conversation(self.app, location.scheme, server, MAX_BODY, prepare)
