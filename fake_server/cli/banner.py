"""The text that `serve` prints when the server answers requests."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask

from fake_server.app import APIS
from fake_server.control.guard import AccessRules, access_of
from fake_server.control.proxy_address import ProxyAddress, proxy_of
from fake_server.own_pages import summary


def show(app: Flask, url: str, socket_url: str, ca_file: Path | None) -> None:
    """Print base URL, credentials and a `curl` command of each API; in colour on a terminal.

    - `socket_url`: the URL of the socket, which differs from `url` behind a proxy.
    - `ca_file`: the authority that clients of an HTTPS server must trust; None: plain HTTP.
    """
    world = app.extensions["fake_server.worlds"].default
    overview = summary(app.extensions[APIS], world, url)
    color = False if os.environ.get("NO_COLOR") else None
    try:
        lines = _lines(overview, url, socket_url, access_of(app), ca_file, proxy_of(app))
        click.echo("\n".join(lines), color=color)
    except (BrokenPipeError, UnicodeEncodeError):
        click.echo(f"Serving on {url}", err=True)


def _lines(
    overview: dict[str, Any],
    url: str,
    socket_url: str,
    access: AccessRules | None,
    ca_file: Path | None,
    proxy: ProxyAddress | None,
) -> Iterator[str]:
    clock = "frozen" if overview["frozen"] else "running"
    yield click.style(f"Understudy {overview['version']} on {url}", bold=True)
    yield (
        f"dataset {overview['dataset']}, profile {overview['profile']}, "
        f"time {overview['now']} ({clock}), credentials: {overview['auth']}"
    )
    if socket_url != url:
        yield f"listening on {socket_url}"
    if access is not None and access.generated:
        yield f"control token: {access.token}"
    if proxy is not None:
        yield f"proxy of the real hosts: {proxy.url}"
    authority = ca_file if proxy is None else proxy.ca_file
    if authority is not None:
        yield f"authority to trust: {authority}"
    for api in overview["apis"].values():
        yield ""
        yield f"{click.style(api['title'], bold=True)}  {click.style(api['base_url'], fg='cyan')}"
        yield from (f"  {line}" for line in api["credentials"])
        if api["missing"]:
            yield f"  {api['missing']}"
        if api["curl"]:
            yield f"  {click.style(with_authority(api['curl'], ca_file), fg='green')}"
    yield ""
    yield "Ctrl-C stops it."


def with_authority(curl: str, ca_file: Path | None) -> str:
    """Return a line with a `curl` command that trusts an authority; None: the line as it is."""
    if ca_file is None:
        return curl
    return curl.replace("curl ", f"curl --cacert {shlex.quote(str(ca_file))} ", 1)
