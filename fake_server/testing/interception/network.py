"""The network, closed to the intercepted hosts: no client reaches them around the interception.

Names are guarded where they are resolved, and HTTP where a request or a connection of `http.client`
begins, which also covers connections that are open already and requests through a proxy.
"""

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn

from fake_server.errors import InterceptionError
from fake_server.testing.interception.origins import (
    is_guarded_address,
    is_guarded_url,
    is_on,
)
from fake_server.testing.interception.url_locations import DEFAULT_PORTS, Location, bracketed
from fake_server.testing.interception.wrapping import wrapped

MEMORY = "_understudy_memory"
"""An attribute of the classes of connections that end in this process."""

_INTERCEPTED = "requests, httpx, httpx2 and aiohttp"
_EVENTS: dict[str, Callable[..., Any]] = {
    "socket.connect": lambda _, address: address,
    "socket.getaddrinfo": lambda host, port, *_: (host, port),
    "socket.gethostbyname": lambda host: (host, None),
    "socket.sendto": lambda _, address: address,
}
"""The address that an event of auditing names."""

_is_hooked = False


@contextmanager
def closed_network() -> Iterator[None]:
    """Raise `InterceptionError` for all that would reach an intercepted host, while the block runs.

    Nothing was sent when it is raised.
    """
    _hook()
    with ExitStack() as stack:
        for owner, name, make in [*_socket_guards(), *_http_guards(), *_uvloop_guards()]:
            stack.enter_context(wrapped(owner, name, make))
        yield


def classes_of_urllib3(name: str) -> list[type[Any]]:
    """Return the class of urllib3's connections, whatever stands in its place in the modules."""
    return [
        kind
        for base in _http_classes()
        for kind in _descendants(base)
        if (kind.__module__, kind.__name__) == ("urllib3.connection", name)
    ]


_Guard = tuple[Any, str, Callable[[Any], Any]]


def _socket_guards() -> Iterator[_Guard]:
    # What pytest-socket has put there lets nothing out; it undoes what it knows as its own.
    if socket.getaddrinfo.__module__ != "pytest_socket":
        yield socket, "getaddrinfo", _guard(lambda host, port, *_, **__: (host, port))
    if socket.gethostbyname.__module__ != "pytest_socket":
        yield socket, "gethostbyname", _guard(lambda host: (host, None))
    yield socket, "gethostbyname_ex", _guard(lambda host: (host, None))
    yield socket, "create_connection", _guard(lambda address, *_, **__: address)
    (real_class,) = [kind for kind in socket.socket.__mro__ if kind.__module__ == "socket"]
    for name in ("connect", "connect_ex"):
        yield real_class, name, _guard(lambda _, address: address)


def _http_guards() -> Iterator[_Guard]:
    for kind in _http_classes():
        yield kind, "putrequest", _guard_request
        yield kind, "connect", _guard_connection
        yield kind, "set_tunnel", _guard(lambda _, host, port=None, *__, **___: (host, port))
    for name in ("HTTPConnection", "HTTPSConnection"):
        for kind in classes_of_urllib3(name):
            yield kind, "connect", _guard_connection


def _uvloop_guards() -> Iterator[_Guard]:
    """Yield the guards of a loop that resolves names by a library in C."""
    if find_spec("uvloop") is None:
        return
    loop = import_module("uvloop").Loop
    yield loop, "getaddrinfo", _guard(lambda _, host, port, *__, **___: (host, port))
    yield (
        loop,
        "create_connection",
        _guard(lambda _, __, host=None, port=None, *___, **____: (host, port)),
    )
    yield loop, "sock_connect", _guard(lambda _, __, address: address)


def _guard(address_of: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return a wrapper of functions whose arguments name an address; `address_of` reads them."""

    def make(function: Any) -> Any:
        way = f"socket.{function.__name__}"

        @wraps(function)
        def guarded(*args: Any, **options: Any) -> Any:
            if is_on():
                _refuse_address(address_of(*args, **options), way)
            return function(*args, **options)

        return guarded

    return make


def _guard_request(putrequest: Any) -> Any:
    @wraps(putrequest)
    def guarded(self: Any, method: str, url: str, *args: Any, **options: Any) -> Any:
        if is_on() and not _ends_here(self):
            _refuse_address(_address_of(self), _way_of(self))
            _refuse_url(_url_of(self, url), _way_of(self))
        return putrequest(self, method, url, *args, **options)

    return guarded


def _guard_connection(connect: Any) -> Any:
    @wraps(connect)
    def guarded(self: Any, *args: Any, **options: Any) -> Any:
        if is_on() and not _ends_here(self):
            _refuse_address(_address_of(self), _way_of(self))
        return connect(self, *args, **options)

    return guarded


def _ends_here(connection: Any) -> bool:
    return getattr(connection, MEMORY, False)


def _way_of(connection: Any) -> str:
    return type(connection).__module__.removesuffix(".connection")


def _address_of(connection: Any) -> tuple[Any, Any]:
    """Return host and port of the server, which is at the other end of a tunnel if there is one."""
    if connection._tunnel_host:
        return connection._tunnel_host, connection._tunnel_port
    return connection.host, connection.port


def _url_of(connection: Any, target: str) -> str:
    # A proxy gets the whole URL.
    if "://" in target:
        return target
    host, port = _address_of(connection)
    is_secure = connection._tunnel_host or connection.default_port == DEFAULT_PORTS["https"]
    return f"{'https' if is_secure else 'http'}://{bracketed(_text(host))}:{port}{target}"


def _refuse_url(url: str, way: str) -> None:
    """Raise `InterceptionError` if a URL leads to a guarded host."""
    try:
        location = Location.of(url)
    except ValueError:
        # No intercepted host has such a URL.
        return
    if is_guarded_url(location, url):
        _refuse(location.host, way)


def _refuse_address(address: Any, way: str) -> None:
    """Raise `InterceptionError` if an address is that of a guarded host.

    `address`: host and port as sockets take them; any other, such as a path, is let through.
    """
    if isinstance(address, tuple) and len(address) >= 2:
        host = _text(address[0]).lower().removesuffix(".")
        if host and is_guarded_address(bracketed(host), _port(address[1])):
            _refuse(host, way)


def _refuse(host: str, way: str) -> NoReturn:
    raise InterceptionError(f"{host}: {way} is not intercepted; {_INTERCEPTED} are")


def _text(host: object) -> str:
    """Return a host as it is resolved: the empty text for the machine itself."""
    if isinstance(host, bytes | bytearray):
        return host.decode("ascii", "replace")
    if not isinstance(host, str) or host.isascii():
        return host if isinstance(host, str) else ""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _port(port: object) -> int | None:
    """Return a port as a number; None for one that is no number and no service of the web."""
    text = port.decode("ascii", "replace") if isinstance(port, bytes) else str(port)
    if text.isdecimal():
        return int(text)
    return DEFAULT_PORTS.get(text)


def _http_classes() -> list[type[Any]]:
    """Return the class of the connections of `http.client`, whatever stands in its place there."""
    return [
        kind
        for kind in object.__subclasses__()
        if (kind.__module__, kind.__name__) == ("http.client", "HTTPConnection")
    ]


def _descendants(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def _hook() -> None:
    """Guard also the functions that a module took from `socket` before they were wrapped.

    An audit hook stays until the process ends. It does nothing while no interception is on.
    """
    global _is_hooked
    if not _is_hooked:
        _is_hooked = True
        sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    address_of = _EVENTS.get(event)
    if address_of is not None and is_on():
        _refuse_address(address_of(*arguments), event)
