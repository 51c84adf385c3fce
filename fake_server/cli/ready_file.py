"""The file that exists while a server answers requests, with base URLs and credentials."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from fake_server.edge.atomic_files import require_writable, write_atomically
from fake_server.errors import OutputError

if TYPE_CHECKING:
    from flask import Flask

_OPTION = "--ready-file"
_OWNER_ONLY = 0o600


class ReadyFile:
    """A file that exists while the server answers requests; without a path there is no file.

    The file has credentials: only the user who started the server may read it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._data = b""

    def __enter__(self) -> Self:
        """Remove the file of a killed server; raises `UserError` if no file can be at the path."""
        if self._path is not None:
            require_writable(self._path)
            remove_file(self._path)
        return self

    def write(self, app: "Flask", url: str, socket_url: str, ca_file: Path | None) -> None:
        """Write the file in one step; raises `UserError` if it cannot be written."""
        if self._path is not None:
            self.write_content(_content(app, url, socket_url, ca_file))

    def write_content(self, content: dict[str, Any]) -> None:
        """Write a file with these values in one step; raises `UserError` if it cannot."""
        if self._path is not None:
            self._data = json.dumps(content, indent=2).encode() + b"\n"
            write_atomically(self._path, self._data, mode=_OWNER_ONLY)

    def __exit__(self, *_: object) -> None:
        """Remove the file; see `remove`."""
        self.remove()

    def remove(self) -> None:
        """Remove the file, unless another server has written a file there meanwhile."""
        path = self._path
        if path is not None and path.is_file() and path.read_bytes() == self._data:
            path.unlink(missing_ok=True)


def remove_stale(arguments: Sequence[str]) -> None:
    """Remove the file that the arguments of `serve` name, which is that of an earlier server.

    Raises `UserError` if the file cannot be removed. Whatever is no file stays.
    """
    paths: list[Path] = []
    for position, argument in enumerate(arguments):
        if argument == _OPTION:
            paths += map(Path, arguments[position + 1 : position + 2])
        elif argument.startswith(f"{_OPTION}="):
            paths.append(Path(argument.removeprefix(f"{_OPTION}=")))
    for path in paths:
        if path.is_file():
            remove_file(path)


def remove_file(path: Path) -> None:
    """Remove a file if there is one; raises `UserError`."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be removed: {error.strerror or error}") from None


def _content(app: "Flask", url: str, socket_url: str, ca_file: Path | None) -> dict[str, Any]:
    from fake_server.app import APIS
    from fake_server.control.guard import access_of
    from fake_server.control.proxy_address import proxy_of
    from fake_server.control.render import render_access
    from fake_server.rest.processes import id_of

    world = app.extensions["fake_server.worlds"].default
    access = access_of(app)
    content: dict[str, Any] = {"url": url, "pid": os.getpid(), "id": id_of(app)}
    if socket_url != url:
        content["socket_url"] = socket_url
    if access is not None and access.token is not None:
        content["control_token"] = access.token
    proxy = proxy_of(app)
    authority = ca_file if proxy is None else proxy.ca_file
    if proxy is not None:
        content["proxy_url"] = proxy.url
    if authority is not None:
        content["ca_file"] = str(authority.absolute())
    return content | render_access(world, app.extensions[APIS], url, proxy)
