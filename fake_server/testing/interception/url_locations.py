"""The locations that URLs lead to, which are equal for all spellings of a URL."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from fake_server.errors import SettingError
from fake_server.rest.urls import is_name

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Location:
    """Scheme, host and port of a URL, and its path as segments.

    `host`: in lower case, without a final dot; an IPv6 address is in brackets.
    """

    scheme: str
    host: str
    port: int
    segments: tuple[str, ...]

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the location of a URL that a client requests."""
        parts = urlsplit(url)
        name = (parts.hostname or "").removesuffix(".")
        port = DEFAULT_PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
        segments = tuple(map(unquote, parts.path.rstrip("/").split("/")[1:]))
        return cls(parts.scheme, bracketed(name), port, segments)

    @classmethod
    def read(cls, name: str, value: object, example: str) -> Self:
        """Return the location of the URL in the option `name`; `example` is a valid URL.

        Raises `UserError` for a value that is no http or https URL, or that has a user, query or
        fragment.
        """
        try:
            location = cls.of(_normalized(value))
        except ValueError:
            raise SettingError(
                f"{name}: expected a URL such as {example}, found {value!r}"
            ) from None
        return location

    @property
    def origin(self) -> str:
        """The URL without a path."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host, with its port unless the port is the scheme's default."""
        return self.host if self.port == DEFAULT_PORTS[self.scheme] else self.host_and_port

    @property
    def host_and_port(self) -> str:
        """The host with its port."""
        return f"{self.host}:{self.port}"

    def contains(self, other: "Location") -> bool:
        """Return whether another location is this location or below its path."""
        same_origin = (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port)
        return same_origin and other.segments[: len(self.segments)] == self.segments


def read_allowed(urls: object) -> tuple[Location, ...]:
    """Return the locations that `allow` names, a URL or several; raises `UserError`."""
    values = [urls]
    if isinstance(urls, Iterable) and not isinstance(urls, str | bytes):
        values = list(urls)
    return tuple(Location.read("allow", url, "https://example.org") for url in values)


def bracketed(host: str) -> str:
    """Return a host as a URL has it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def _normalized(value: object) -> str:
    """Return a URL with its host as clients send it; raises ValueError for any other value."""
    parts = urlsplit(value) if isinstance(value, str) else SplitResult("", "", "", "", "")
    host = (parts.hostname or "").encode("idna").decode("ascii")
    name = bracketed(host)
    extra = "@" in parts.netloc or parts.query or parts.fragment
    if parts.scheme not in DEFAULT_PORTS or not is_name(name) or parts.port == 0 or extra:
        raise ValueError(value)
    netloc = name if parts.port is None else f"{name}:{parts.port}"
    return parts._replace(netloc=netloc).geturl()
