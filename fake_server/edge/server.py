"""The HTTP server: uvicorn, one process."""

import socket
import threading
from typing import Any

import uvicorn
from flask import Flask

from fake_server.app import MAX_BODY
from fake_server.edge.adapter import InlineWSGI


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    bound.listen(512)
    bound.setblocking(False)
    return bound


def url_of_socket(bound: socket.socket) -> str:
    """Return the base URL that reaches a bound socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_for(app: Flask) -> uvicorn.Server:
    """Return a server for the app, not yet running."""
    config = uvicorn.Config(
        InlineWSGI(app, MAX_BODY),
        interface="asgi3",
        lifespan="off",
        http="httptools",
        ws="none",
        loop="auto",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


class ServerThread:
    """A server in a thread of this process, on a socket of its own."""

    def __init__(self, app: Flask, bound: socket.socket) -> None:
        self._server = server_for(app)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self._socket = bound
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [bound]}, name="fake-server", daemon=True
        )

    def start(self) -> None:
        """Start serving; the socket already accepts connections."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and wait until the thread has ended."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def run(app: Flask, bound: socket.socket, **_: Any) -> None:
    """Serve until interrupted."""
    server_for(app).run(sockets=[bound])
