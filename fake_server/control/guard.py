"""Who may drive the control plane: programs of this machine, and those that know its token.

A page in a browser can send requests to loopback, under a name that it makes resolve there too.
Its browser tells the name in `Host` and the page's own place in `Origin`; neither is then the
server's. A page knows no token either.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address

from flask import Flask, current_app, request

from fake_server.control.errors import ProblemError
from fake_server.control.queries import require_declared_query
from fake_server.errors import AccessError, ControlTokenError, RequestError, SettingError
from fake_server.rest.context import GIVEN_HOST, world
from fake_server.rest.urls import EXPECTED_NAME, host_name, is_name
from fake_server.world.worlds import DEFAULT

_EXTENSION = "fake_server.access"
_TOKEN = re.compile(r"[!-~]+")
_CHALLENGE = 'Bearer realm="fake-server"'


@dataclass(slots=True)
class Access:
    """What the guard of one application goes by.

    - `token`: lets whoever sends it as `Authorization: Bearer` drive the server under any name.
    - `hosts`: names that may stand in `Host` beside those of loopback, in lower case, no port.
    - `real_hosts`: the real services' names, under which nobody may.
    - `exposed`: other machines can reach the server, so that nobody may without the token.
    - `generated`: the token was made here, and nobody knows it yet.
    """

    token: str | None = field(repr=False)
    hosts: frozenset[str]
    real_hosts: frozenset[str]
    exposed: bool = False
    generated: bool = False

    def expose(self) -> None:
        """Ask for a token from now on; one is made if there is none."""
        self.exposed = True
        if self.token is None:
            self.token, self.generated = secrets.token_urlsafe(24), True


def set_access(
    app: Flask, token: str | None, hosts: Iterable[str], real_hosts: Iterable[str]
) -> None:
    """Say who may drive an application; raises `UserError` for a malformed token or host."""
    if token is not None and not _TOKEN.fullmatch(token):
        raise SettingError("control token: expected ASCII characters without spaces, at least one")
    real = frozenset(real_hosts)
    app.extensions[_EXTENSION] = Access(token, frozenset(_allowed(hosts, real)), real)


def _allowed(hosts: Iterable[str], real_hosts: frozenset[str]) -> Iterable[str]:
    for host in hosts:
        if not is_name(host):
            raise SettingError(f"allowed host: {EXPECTED_NAME}, found {host!r}")
        name = host_name(host)
        if name in real_hosts:
            raise SettingError(f"allowed host: {name} is a real service's, and drives no fake")
        yield name


def access_of(app: Flask) -> Access | None:
    """Return who may drive an application; None for one without a control plane."""
    access: Access | None = app.extensions.get(_EXTENSION)
    return access


def guard() -> None:
    """Raise `ProblemError` for a request that the control plane does not take.

    Taken are requests with the token, and, unless the server is exposed, those from this machine
    to a name that is allowed; no Origin but the server's own; no world but the one in the path
    after `/_fake/`.
    """
    access: Access = current_app.extensions[_EXTENSION]
    _require_no_real_host(access)
    if not _has_token(access):
        _require_this_machine(access)
    _require_own_origin()
    if world().name != DEFAULT or request.script_root:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            RequestError(
                "the control plane belongs to no world: ask /_fake/ without /w/ and X-Fake-World"
            ),
        )
    require_declared_query()


def _host_header() -> str:
    """Return the Host header as it came: what cannot stand in a URL is none of this machine's."""
    header: str | None = request.environ[GIVEN_HOST]
    return request.host if header is None else header


def _require_no_real_host(access: Access) -> None:
    if host_name(_host_header()) in access.real_hosts:
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            AccessError(f"Host {_host_header()!r} may not drive the fake: it is a real service's"),
        )


def _has_token(access: Access) -> bool:
    """Return whether the request has the token; raises `ProblemError` for a wrong one, and where
    none is given and one is needed.
    """
    token = _bearer_token()
    if access.token is not None and token is not None:
        if compare_digest(token.encode(), access.token.encode()):
            return True
        raise _unauthorized("the control token is another one", ', error="invalid_token"')
    if access.exposed:
        raise _unauthorized(
            "this server is reached from other machines, and asks for its control token:"
            " Authorization: Bearer TOKEN"
        )
    return False


def _bearer_token() -> str | None:
    scheme, _, value = request.headers.get("Authorization", "").strip().partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def _unauthorized(message: str, parameter: str = "") -> ProblemError:
    headers = {"WWW-Authenticate": f"{_CHALLENGE}{parameter}"}
    return ProblemError(HTTPStatus.UNAUTHORIZED, ControlTokenError(message), headers)


def _require_this_machine(access: Access) -> None:
    name = host_name(_host_header())
    if name != "localhost" and not is_loopback(name) and name not in access.hosts:
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            AccessError(
                f"Host {_host_header()!a} may not drive the fake: ask localhost, 127.0.0.1 or"
                " [::1], start it with --allow-host, or send its control token"
            ),
        )
    if not is_loopback(request.remote_addr or ""):
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            AccessError(
                f"{request.remote_addr} may not drive the fake without its control token:"
                " only programs of its own machine may"
            ),
        )


def is_loopback(address: str) -> bool:
    """Return whether an IP address is one of loopback; False for what is no address."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _require_own_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        raise ProblemError(
            HTTPStatus.FORBIDDEN, AccessError(f"a page of {origin!a} may not drive the fake")
        )
