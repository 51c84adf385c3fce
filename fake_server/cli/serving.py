"""`fake-server serve`."""

import errno
import gc
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fake_server.cli.ending import Ending
from fake_server.data_files import registry
from fake_server.errors import AddressError, OutputError, SettingError

if TYPE_CHECKING:
    from socket import socket

    from flask import Flask


def serve_until_interrupted(
    host: str,
    port: int,
    *,
    tls: bool = False,
    proxy_port: int | None = None,
    ca_file: Path | None = None,
    ready_file: Path | None = None,
    **options: Any,
) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; print the banner when the server answers requests.

    - `tls`: serve HTTPS.
    - `proxy_port`: the port of the proxy, 0 for a free one; None: no proxy.
    - `ca_file`: gets the authority of both.
    - `ready_file`: exists while the server answers requests.
    - `options`: those of `create_app`; `hosts` are texts of `--tls-host`.

    Raises `UserError`.
    """
    # The objects of start-up stay: collecting garbage meanwhile costs 25 ms and frees nothing.
    gc.disable()
    ending = Ending()
    try:
        _serve(host, port, tls, proxy_port, ca_file, ready_file, options, ending)
    except Exception:
        # A signal interrupts work, whose cleanup may raise another exception.
        if not ending.received:
            raise


def real_hosts(texts: Iterable[str], apis: Iterable[str] | None) -> dict[str, str]:
    """Return the API of each host in texts of `--tls-host`: NAME, or API=NAME.

    NAME alone is the host of the only served API whose hosts vary. Raises `UserError` if no API or
    several have such hosts.
    """
    apis_by_host = {}
    for text in texts:
        api, separator, host = text.rpartition("=")
        apis_by_host[host] = api if separator else _api_of_host(text, apis)
    return apis_by_host


def _api_of_host(host: str, apis: Iterable[str] | None) -> str:
    served = registry.names() if apis is None else list(apis)
    candidates = [name for name in served if registry.package(name).wants_host]
    if len(candidates) != 1:
        forms = " or ".join(f"{name}={host}" for name in candidates or served)
        raise SettingError(f"--tls-host {host}: which API lives there? expected {forms}")
    return candidates[0]


def _serve(
    host: str,
    port: int,
    with_tls: bool,
    proxy_port: int | None,
    ca_file: Path | None,
    ready_file: Path | None,
    options: dict[str, Any],
    ending: Ending,
) -> None:
    from fake_server.cli.banner import show
    from fake_server.cli.ready_file import ReadyFile
    from fake_server.control.proxy_address import ProxyAddress, set_proxy
    from fake_server.data_files.cache import remove_unfinished
    from fake_server.data_files.temporary import OWN, clear_abandoned
    from fake_server.edge.http_server import Server, url_of_socket
    from fake_server.edge.proxy import ForwardProxy
    from fake_server.edge.tls import Tls

    ready = ReadyFile(ready_file)
    ending.removals += [ready.remove, remove_unfinished, OWN.remove]
    sockets = bound(host, port, "--port")
    proxy_sockets = [] if proxy_port is None else bound(host, proxy_port, "--proxy")
    app = _created_app({**options, "hosts": real_hosts(options["hosts"], options["apis"])})
    socket_url = url_of_socket(sockets[0], tls=with_tls)
    url = options["public_url"] or socket_url
    with ExitStack() as stack:
        tls = proxy = None
        if with_tls or proxy_sockets:
            tls = Tls(app, sockets[0].getsockname()[0], ca_file)
            stack.callback(tls.close)
            if proxy_sockets:
                proxy = ForwardProxy(proxy_sockets, tls)
                set_proxy(app, ProxyAddress(url_of_socket(proxy_sockets[0]), tls.ca_file))
        server_tls = tls if with_tls else None
        trusted = None if server_tls is None else server_tls.ca_file
        stack.enter_context(ready)

        def report_ready() -> None:
            ready.write(app, url, socket_url, trusted)
            show(app, url, socket_url, trusted)
            gc.freeze()
            gc.enable()
            clear_abandoned()

        try:
            server = Server(app, *sockets, tls=server_tls, proxy=proxy)
            ending.stop = server.stop
            server.run(report_ready)
        except OSError as error:
            raise AddressError(cannot_listen(host, port, "--port", error)) from None


def bound(host: str, port: int, option: str) -> "list[socket]":
    """Return the sockets of an address; raises `AddressError`, whose text names the option."""
    from fake_server.edge.http_server import bound_sockets

    try:
        return bound_sockets(host, port)
    except (OSError, UnicodeError) as error:
        raise AddressError(cannot_listen(host, port, option, error)) from None


def _created_app(options: dict[str, Any]) -> "Flask":
    from fake_server.app import create_app
    from fake_server.cli.dataset_progress import Reporter

    try:
        with Reporter() as progress:
            return create_app(**options, progress=progress)
    except OSError as error:
        prefix = f"{error.filename}: " if error.filename else ""
        raise OutputError(f"{prefix}{error.strerror or error}") from None


def cannot_listen(host: str, port: int, option: str, error: Exception) -> str:
    """Return why a server cannot listen on an address, for its user; `option` gives the port."""
    number = getattr(error, "errno", None)
    address = f"{_bracketed(host)}:{port}"
    if number == errno.EADDRINUSE:
        return f"{address} is in use; choose another {option}, or {option} 0 for a free one"
    if number == errno.EACCES:
        return f"{address}: this user may not listen on it; choose a {option} above 1023"
    reason = getattr(error, "strerror", None) or error
    return f"--host {host}: expected an address of this machine: {click.unstyle(str(reason))}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
