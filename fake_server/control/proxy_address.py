"""The proxy of a server, as the control plane shows it to programs."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

_EXTENSION = "fake_server.proxy"


@dataclass(frozen=True, slots=True)
class ProxyAddress:
    """The address of a proxy: its URL, and the file of the authority that clients must trust."""

    url: str
    ca_file: Path

    def variables(self) -> dict[str, str]:
        """Return both as environment variables."""
        return {"FAKE_SERVER_PROXY": self.url, "FAKE_SERVER_CA_FILE": str(self.ca_file.absolute())}


def set_proxy(app: Flask, address: ProxyAddress | None) -> None:
    """Set the address of the proxy of an application's server; None: it has no proxy."""
    app.extensions[_EXTENSION] = address


def proxy_of(app: Flask) -> ProxyAddress | None:
    """Return the address of the proxy of an application's server; None if it has none."""
    address: ProxyAddress | None = app.extensions.get(_EXTENSION)
    return address
