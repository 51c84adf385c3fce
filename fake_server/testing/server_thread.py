"""A fake server for tests, in a thread of the test process."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flask import Flask

from fake_server.app import create_app
from fake_server.control.guard import access_of
from fake_server.control.proxy_address import ProxyAddress, proxy_of, set_proxy
from fake_server.edge.http_server import ServerThread, bound_sockets, url_of_socket
from fake_server.edge.proxy import ForwardProxy
from fake_server.edge.tls import Tls
from fake_server.testing.planes import LocalPlane
from fake_server.testing.world import FakeWorld
from fake_server.world.world import World


class FakeServer:
    """Serves the fake on a free port of 127.0.0.1 while its `with` block runs.

    >>> from urllib.request import urlopen
    >>> with FakeServer(dataset="empty") as server:
    ...     urlopen(f"{server.url}/_fake/health").status
    200

    `start` and `stop` do the same without a block. A stopped server may be started again, and keeps
    its records.

    - `app`: an application made by `create_app`. Without it, the other keyword arguments are those
      of `create_app`.
    - `host`: an IPv4 or IPv6 address of this machine, or its name. `localhost` is 127.0.0.1 and
      ::1. If other machines can reach the address, `/_fake/` requires the `control_token`.
    - `port`: 0 takes a free port at every start.
    - `tls`: serve HTTPS, with a new authority at every start. Needs the extra `understudy[tls]`.
    - `proxy`: also be the HTTP proxy of the real hosts, on a free port: clients that have them
      hard-coded need `proxy_url` and `ca_file`. Needs the extra `understudy[tls]`.
    - `ca_file`: the file for the authority's certificate; None: a temporary file. It implies `tls`
      unless there is a `proxy`.

    Raises `UserError` (one line) for a wrong dataset, quirk or option.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = False,
        proxy: bool = False,
        ca_file: Path | None = None,
        **options: Any,
    ) -> None:
        if app is not None and options:
            raise TypeError(f"an app is given: it cannot also be made with {', '.join(options)}")
        self.app = app or create_app(**options)
        self._address = (host, port)
        self._serves_tls = tls or (ca_file is not None and not proxy)
        self._is_proxy = proxy
        self._ca_file = ca_file
        self._tls: Tls | None = None
        self._running: ServerThread | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """The base URL, such as `http://127.0.0.1:43210`; raises RuntimeError unless started."""
        if self._running is None:
            raise RuntimeError("the server is not started")
        return self._url

    @property
    def is_started(self) -> bool:
        """Whether the server listens."""
        return self._running is not None

    @property
    def ca_file(self) -> Path:
        """The authority to trust, as a PEM file.

        Raises RuntimeError unless the server is started with `tls` or `proxy`.
        """
        if self._tls is None:
            raise RuntimeError("the server is not started with tls=True or proxy=True")
        return self._tls.ca_file

    @property
    def proxy_url(self) -> str:
        """The URL of the proxy, for `HTTPS_PROXY`; raises RuntimeError unless started with `proxy`.

        >>> with FakeServer(dataset="empty", proxy=True) as server:
        ...     server.proxy_url.startswith("http://127.0.0.1:")
        True
        """
        address = proxy_of(self.app)
        if not self._is_proxy or address is None:
            raise RuntimeError("the server is not started with proxy=True")
        return address.url

    @property
    def world(self) -> World:
        """The world `default`: its clock, its records. Hold `world.lock` to change it.

        >>> from datetime import UTC, datetime
        >>> with FakeServer(dataset="empty") as server:
        ...     server.world.clock.freeze(datetime(2026, 1, 1, tzinfo=UTC))
        ...     server.world.clock.now().isoformat()
        '2026-01-01T00:00:00+00:00'
        """
        world: World = self.app.extensions["fake_server.worlds"].default
        return world

    @property
    def control_token(self) -> str | None:
        """The token that `/_fake/` requires from other machines; None if there is no token.

        The start on an address that other machines can reach makes a token.
        """
        access = access_of(self.app)
        return None if access is None else access.token

    def create_world(self, **attributes: Any) -> FakeWorld:
        """Make a world of this server, with records, clock and credentials of its own.

        `attributes` are those of `POST /_fake/worlds`; the defaults are those of the server. A
        `with` block deletes the world at its end. Raises `UserError`.

        >>> with FakeServer(dataset="empty") as server:
        ...     with server.create_world(dataset="documented", name="mine") as world:
        ...         world.xurrent.session().get("/calendars").json()[0]["name"]
        '24x5 (Monday through Friday)'
        """
        return FakeWorld.create(LocalPlane(self.app, self.url), **attributes)

    def start(self) -> Self:
        """Start the server; return when it answers requests.

        Raises OSError if the server cannot listen on the address, RuntimeError if it is started
        already, UserError (one line) if it cannot serve HTTPS.
        """
        if self._running is not None:
            raise RuntimeError("the server is started already")
        bound = bound_sockets(*self._address)
        with ExitStack() as cleanup:
            for listening_socket in bound:
                cleanup.callback(listening_socket.close)
            if self._serves_tls or self._is_proxy:
                self._tls = Tls(self.app, bound[0].getsockname()[0], self._ca_file)
                cleanup.callback(self._forget_tls)
            proxy = self._bound_proxy(cleanup)
            server_tls = self._tls if self._serves_tls else None
            thread = ServerThread(self.app, *bound, tls=server_tls, proxy=proxy)
            url = url_of_socket(bound[0], tls=self._serves_tls)
            thread.start()
            cleanup.pop_all()
        self._running, self._url = thread, url
        return self

    def _bound_proxy(self, cleanup: ExitStack) -> ForwardProxy | None:
        if self._tls is None or not self._is_proxy:
            return None
        bound = bound_sockets(self._address[0], 0)
        for listening_socket in bound:
            cleanup.callback(listening_socket.close)
        set_proxy(self.app, ProxyAddress(url_of_socket(bound[0]), self._tls.ca_file))
        return ForwardProxy(bound, self._tls)

    def _forget_tls(self) -> None:
        if self._tls is not None:
            self._tls.close()
        self._tls = None
        if self._is_proxy:
            set_proxy(self.app, None)

    def stop(self) -> None:
        """Stop the server, its thread and its sockets, and wait for their end.

        A second call does nothing. The server closes idle connections and finishes current answers.
        """
        thread, self._running = self._running, None
        if thread is not None:
            thread.stop()
        self._forget_tls()

    def __enter__(self) -> Self:
        """Start serving."""
        return self.start()

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.stop()
