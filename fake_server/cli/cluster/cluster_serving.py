"""`fake-server serve --processes`."""

import json
import os
import secrets
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from fake_server.cli.cluster import nginx
from fake_server.cli.cluster.children import start_child, stop_all
from fake_server.cli.ending import Ending
from fake_server.cli.ready_file import ReadyFile
from fake_server.errors import OutputError
from fake_server.testing.plain_http import exchange
from fake_server.testing.variables import TOKEN_VARIABLE

_PAUSE = 0.05
_START_SECONDS = 900.0
_GRACE_SECONDS = 3.0
_LOOPBACK = "127.0.0.1"


def serve_cluster(
    host: str,
    port: int,
    count: int,
    *,
    tls: bool,
    ca_file: Path | None,
    ready_file: Path | None,
    options: Mapping[str, Any],
) -> None:
    """Serve with `count` processes behind nginx until SIGINT, SIGTERM or SIGHUP.

    A process that ends loses its worlds alone; a line on standard error names it. For `tls`,
    `ca_file` and `ready_file` see `serve_until_interrupted`. `options` are those of `create_app`.
    Raises `UserError`.
    """
    ending = Ending()
    try:
        _serve(host, port, count, tls, ca_file, ready_file, options, ending)
    except Exception:
        # A signal interrupts work, whose cleanup may raise another exception.
        if not ending.received:
            raise


def _serve(
    host: str,
    port: int,
    count: int,
    with_tls: bool,
    ca_file: Path | None,
    ready_file: Path | None,
    options: Mapping[str, Any],
    ending: Ending,
) -> None:
    from fake_server.cli.serving import bound
    from fake_server.data_files.temporary import OWN
    from fake_server.edge.http_server import url_of_socket

    program = nginx.program()
    ready = ReadyFile(ready_file)
    token = options["control_token"] or secrets.token_urlsafe(24)
    processes: list[subprocess.Popen[bytes]] = []
    ending.removals += [ready.remove, lambda: _terminate(processes), OWN.remove]
    with ExitStack() as stack:
        stack.enter_context(ready)
        sockets = bound(host, port, "--port")
        for listening_socket in sockets:
            stack.callback(listening_socket.close)
        url = url_of_socket(sockets[0], tls=with_tls)
        suffix = " ssl" if with_tls else ""
        listeners = [
            _listener(*listening_socket.getsockname()[:2]) + suffix for listening_socket in sockets
        ]
        folder = OWN.path()
        authority = None
        if with_tls:
            authority = (ca_file or folder / "authority.pem").absolute()
            _write_authority(authority, sockets[0].getsockname()[0], folder, options)
        stack.callback(lambda: stop_all(processes, _GRACE_SECONDS))
        described = list(_start_processes(count, folder, options, token, processes))
        for listening_socket in sockets:
            listening_socket.close()
        addresses = [urlsplit(_socket_url(content)).netloc for content in described]
        proxy = nginx.start(program, folder, listeners, addresses, tls=with_tls)
        processes.append(proxy)
        default_id = _await_proxy(url, proxy, authority)
        content, banner = next(
            _through_proxy(content, folder / f"{number}.txt", url)
            for number, content in enumerate(described)
            if content["id"] == default_id
        )
        trusted = {} if authority is None else {"ca_file": str(authority)}
        ready.write_content({**content, "pid": os.getpid(), "control_token": token, **trusted})
        _show(banner, count, None if options["control_token"] else token, authority)
        stopping: list[bool] = []
        ending.stop = lambda: stopping.append(True)
        _watch(processes[:-1], [content["id"] for content in described], proxy, stopping)
        nginx.stop(proxy, _GRACE_SECONDS)


def _start_processes(
    count: int,
    folder: Path,
    options: Mapping[str, Any],
    token: str,
    processes: list[subprocess.Popen[bytes]],
) -> Iterator[dict[str, Any]]:
    """Start the processes, and yield the content of the ready file of each.

    The first makes the records, which the others then find in the cache folder.
    """
    command = [sys.executable, "-m", "fake_server", "serve", "--behind-proxy", "--port", "0"]
    command += ["--host", _LOOPBACK, *_arguments(options)]
    environment = {**os.environ, TOKEN_VARIABLE: token, "PYTHONUNBUFFERED": "1"}

    def start(number: int) -> None:
        arguments = [*command, "--ready-file", str(folder / f"{number}.json")]
        processes.append(start_child(arguments, environment, folder / f"{number}.txt"))

    start(0)
    yield _await_process(processes[0], folder / "0.json")
    for number in range(1, count):
        start(number)
    for number in range(1, count):
        yield _await_process(processes[number], folder / f"{number}.json")


def _arguments(options: Mapping[str, Any]) -> Iterator[str]:
    """Return the options of `create_app` as arguments of `serve`; the token is not among them."""
    now = options["now"]
    values = {
        "--dataset": [options["dataset"]],
        "--api": options["apis"] or (),
        "--seed": [options["seed"]],
        "--now": [now and now.isoformat()],
        "--profile": [options["profile"]],
        "--quirk": options["quirks"],
        "--auth": [options["auth"]],
        "--store": [options["store"]],
        "--expire-worlds": [options["expire_worlds"]],
        "--public-url": [options["public_url"]],
        "--allow-host": options["allow_hosts"],
    }
    for name, several in values.items():
        for value in several:
            if value is not None:
                yield f"{name}={value}"
    if options["frozen"] is not None:
        yield "--frozen" if options["frozen"] else "--running"
    if options["limits"]:
        yield "--limits"
    if not options["cache"]:
        yield "--no-cache"


def _await_process(process: subprocess.Popen[bytes], file: Path) -> dict[str, Any]:
    """Return the content of a process's ready file; raises `OutputError` if the process ends."""
    deadline = time.monotonic() + _START_SECONDS
    while not file.exists():
        if process.poll() is not None:
            # Its own line on standard error says why.
            raise OutputError(f"a process ended at its start with status {process.returncode}")
        if time.monotonic() > deadline:
            raise OutputError(f"a process was not ready after {_START_SECONDS:g} s")
        time.sleep(_PAUSE)
    content: dict[str, Any] = json.loads(file.read_bytes())
    return content


def _write_authority(file: Path, address: str, folder: Path, options: Mapping[str, Any]) -> None:
    """Write the certificate of nginx into a folder, and its authority into a file."""
    from fake_server.apis import load
    from fake_server.edge.atomic_files import write_atomically
    from fake_server.edge.tls import write_certificate

    real_hosts = sorted(host for api in load(options["apis"]).values() for host in api.hosts)
    hosts = [*real_hosts, *options["allow_hosts"]]
    write_atomically(file, write_certificate(address, hosts, folder), mode=0o644)


def _await_proxy(url: str, proxy: subprocess.Popen[bytes], authority: Path | None) -> str:
    """Return the id of the process that has the world `default`, as the proxy reaches it."""
    context = None if authority is None else ssl.create_default_context(cafile=str(authority))
    deadline = time.monotonic() + _START_SECONDS
    while proxy.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            status, body = exchange(urlsplit(url), "/_fake/health", seconds=5, context=context)
            if status == 200:
                process_id: str = json.loads(body)["id"]
                return process_id
        time.sleep(_PAUSE)
    raise OutputError(f"nginx did not serve {url}; its lines above say why")


def _socket_url(content: Mapping[str, Any]) -> str:
    url: str = content.get("socket_url", content["url"])
    return url


def _through_proxy(
    content: Mapping[str, Any], banner: Path, url: str
) -> tuple[dict[str, Any], list[str]]:
    """Return a process's ready file and banner with the URL of the proxy in place of its own."""
    own = _socket_url(content)
    lines = banner.read_text().replace(own, url).splitlines()
    reached: dict[str, Any] = json.loads(json.dumps(content).replace(own, url))
    return reached, lines


def _show(banner: Sequence[str], count: int, new_token: str | None, authority: Path | None) -> None:
    from fake_server.cli.banner import with_authority

    first, *others = (with_authority(line, authority) for line in banner)
    more = [f"{count} processes behind nginx"]
    if new_token is not None:
        more.append(f"control token: {new_token}")
    if authority is not None:
        more.append(f"authority to trust: {authority}")
    with suppress(BrokenPipeError):
        click.echo("\n".join([first, *more, *others]))


def _watch(
    processes: Sequence[subprocess.Popen[bytes]],
    ids: Sequence[str],
    proxy: subprocess.Popen[bytes],
    stopping: Sequence[bool],
) -> None:
    """Wait for a signal, and report processes that end; raises `OutputError` if nginx does."""
    living = dict(zip(ids, processes, strict=True))
    while not stopping:
        if proxy.poll() is not None:
            raise OutputError(f"nginx ended with status {proxy.returncode}")
        for process_id, process in list(living.items()):
            if process.poll() is not None:
                del living[process_id]
                click.echo(
                    f"fake-server: process {process_id} ended with status {process.returncode}:"
                    " its worlds are lost, and requests for them get 502",
                    err=True,
                )
        time.sleep(_PAUSE)


def _terminate(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()


def _listener(host: str, port: int) -> str:
    return f"[{host}]:{port} ipv6only=off" if ":" in host else f"{host}:{port}"
