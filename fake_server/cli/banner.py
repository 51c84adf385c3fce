"""What `serve` prints when requests are answered."""

import os
from collections.abc import Iterator
from typing import Any

import click
from flask import Flask

from fake_server import apis
from fake_server.control.guard import Access, access_of
from fake_server.index import summary


def show(app: Flask, url: str) -> None:
    """Print where each API is, the credentials, and a `curl` to paste; plain unless a terminal."""
    world = app.extensions["fake_server.worlds"].default
    found = summary(apis.load(), world, url)
    color = False if os.environ.get("NO_COLOR") else None
    try:
        click.echo("\n".join(_lines(found, url, access_of(app))), color=color)
    except (BrokenPipeError, UnicodeEncodeError):
        click.echo(f"Serving on {url}", err=True)


def _lines(found: dict[str, Any], url: str, access: Access | None) -> Iterator[str]:
    clock = "frozen" if found["frozen"] else "running"
    yield click.style(f"Understudy {found['version']} on {url}", bold=True)
    yield (
        f"dataset {found['dataset']}, profile {found['profile']}, "
        f"time {found['now']} ({clock}), credentials: {found['auth']}"
    )
    if access is not None and access.generated:
        yield f"control token: {access.token}"
    for api in found["apis"].values():
        yield ""
        yield f"{click.style(api['title'], bold=True)}  {click.style(api['base_url'], fg='cyan')}"
        yield from (f"  {line}" for line in api["credentials"])
        yield f"  {click.style(api['curl'], fg='green')}"
    yield ""
    yield "Ctrl-C stops it."
