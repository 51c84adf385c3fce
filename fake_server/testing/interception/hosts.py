"""Which hosts are answered, and by which world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask

from fake_server import apis
from fake_server.app import MAX_BODY
from fake_server.edge.memory import Conversation
from fake_server.rest.context import HOST_API
from fake_server.world.errors import UserError

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Hosts:
    """The host names of each API. A name with a port is meant with that port alone."""

    def __init__(self, urls: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._urls = urls
        self._names = names

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Hosts":
        """Return the real hosts of all APIs, but those `given` instead, as URLs.

        Raises `UserError` for a URL that names no host.
        """
        urls: dict[str, str] = {}
        names: dict[str, str] = {}
        for api in apis.load().values():
            if api.name in given:
                place = _place(api.name, given[api.name])
                urls[api.name] = f"{place.scheme}://{place.netloc.lower()}"
                names[place.netloc.lower()] = api.name
            else:
                urls[api.name] = f"https://{api.hosts[0]}"
                names.update(dict.fromkeys(api.hosts, api.name))
        return cls(urls, names)

    def url(self, api: str) -> str:
        """Return the URL under which an API is answered, without a path."""
        return self._urls[api]

    def api_at(self, url: str) -> str | None:
        """Return the API that has the host of a URL; None if none has."""
        place = urlsplit(url)
        name = (place.hostname or "").removesuffix(".")
        return self._names.get(name) or self._names.get(place.netloc.rpartition("@")[2].lower())


def _place(api: str, url: str) -> SplitResult:
    place = urlsplit(url)
    if place.scheme not in _DEFAULT_PORTS or not place.hostname or place.path.strip("/"):
        raise UserError(f"{api}: expected a URL such as https://lab.example, found {url!r}")
    return place


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A world that answers under real hosts. `allow`: beginnings of URLs that are let out."""

    app: Flask
    world: str
    hosts: Hosts
    allow: Sequence[str]

    def answers(self, url: str) -> bool:
        """Return whether requests to a URL are answered here."""
        return self.hosts.api_at(url) is not None

    def lets_out(self, url: str) -> bool:
        """Return whether requests to a URL may go to the network."""
        return any(url.startswith(beginning) for beginning in self.allow)

    def connect(self, url: str) -> Conversation:
        """Return a connection to the host of a URL, which this place answers."""
        place = urlsplit(url)
        api = self.hosts.api_at(url)

        def prepare(environ: dict[str, Any]) -> None:
            environ["HTTP_X_FAKE_WORLD"] = self.world
            environ[HOST_API] = api

        server = (str(place.hostname), place.port or _DEFAULT_PORTS[place.scheme])
        return Conversation(self.app, place.scheme, server, MAX_BODY, prepare)
