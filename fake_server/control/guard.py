"""Access control: programs of this machine, and programs that know the token, may use `/_fake/`.

A page in a browser can send requests to loopback, also by a name that resolves to loopback. The
browser sends that name in `Host` and the origin of the page in `Origin`. Neither is the server's
then, and the page has no token.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address

from flask import Flask, current_app, request

from fake_server.control.problem_error import ProblemError
from fake_server.control.query_parameters import require_declared_query
from fake_server.errors import AccessError, ControlTokenError, RequestError, SettingError
from fake_server.rest.context import GIVEN_HOST, world
from fake_server.rest.urls import EXPECTED_NAME, host_name, is_name
from fake_server.world.worlds import DEFAULT

_EXTENSION = "fake_server.access"
_TOKEN = re.compile(r"[!-~]+")
_CHALLENGE = 'Bearer realm="fake-server"'


@dataclass(slots=True)
class AccessRules:
    """The access rules of one application.

    - `token`: a request with it as `Authorization: Bearer` may have any Host; None: no token.
    - `hosts`: the allowed names in `Host` besides those of loopback, in lower case, without port.
    - `real_hosts`: the names of the real services, which `Host` must not have.
    - `exposed`: other machines can reach the server, so that every request needs the token.
    - `behind_proxy`: requests come by a proxy that routes them by the name of their world.
    - `generated`: the server made the token, and must show it to the user.
    """

    token: str | None = field(repr=False)
    hosts: frozenset[str]
    real_hosts: frozenset[str]
    exposed: bool = False
    behind_proxy: bool = False
    generated: bool = False

    def expose(self) -> None:
        """Require the token from now on; generate one if there is none."""
        self.exposed = True
        if self.token is None:
            self.token, self.generated = secrets.token_urlsafe(24), True


def set_access(
    app: Flask,
    token: str | None,
    hosts: Iterable[str],
    real_hosts: Iterable[str],
    *,
    behind_proxy: bool = False,
) -> None:
    """Set the access rules of an application; raises `UserError` for a malformed token or host.

    Behind a proxy every request comes from the proxy's address, so each needs the token.
    """
    if token is not None and not _TOKEN.fullmatch(token):
        raise SettingError("control token: expected ASCII characters without spaces, at least one")
    real = frozenset(real_hosts)
    access = AccessRules(token, frozenset(_allowed(hosts, real)), real, behind_proxy=behind_proxy)
    if behind_proxy:
        access.expose()
    app.extensions[_EXTENSION] = access


def _allowed(hosts: Iterable[str], real_hosts: frozenset[str]) -> Iterable[str]:
    for host in hosts:
        if not is_name(host):
            raise SettingError(f"allowed host: {EXPECTED_NAME}, found {host!r}")
        name = host_name(host)
        if name in real_hosts:
            raise SettingError(f"allowed host: {name} is a real service's, and drives no fake")
        yield name


def access_of(app: Flask) -> AccessRules | None:
    """Return the access rules of an application; None if it has no control plane."""
    access: AccessRules | None = app.extensions.get(_EXTENSION)
    return access


def guard() -> None:
    """Raise `ProblemError` for a request that the access rules forbid.

    A request has the token. Unless the server is exposed, a request from this machine to an
    allowed name needs none. Its Origin is the server's. It names a world in the path after
    `/_fake/`; `X-Fake-World` may repeat the name, for a proxy that routes by it.
    """
    access: AccessRules = current_app.extensions[_EXTENSION]
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
    _require_same_name()
    require_declared_query()


def _require_same_name() -> None:
    header, name = routed_name(), (request.view_args or {}).get("name")
    if header is not None and name is not None and header != name:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            RequestError(f"the path names world {name!r}, X-Fake-World {header!r}"),
        )


def routed_name() -> str | None:
    """Return the name in `X-Fake-World`, by which a proxy routes; None without the header."""
    header = request.environ.get("HTTP_X_FAKE_WORLD")
    return (
        None if header is None else header.encode("latin-1", "replace").decode("utf-8", "replace")
    )


def _host_header() -> str:
    """Return the Host header as the client sent it, also where no URL can have it."""
    header: str | None = request.environ[GIVEN_HOST]
    return request.host if header is None else header


def _require_no_real_host(access: AccessRules) -> None:
    if host_name(_host_header()) in access.real_hosts:
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            AccessError(f"Host {_host_header()!r} may not drive the fake: it is a real service's"),
        )


def _has_token(access: AccessRules) -> bool:
    """Return whether the request has the token.

    Raises `ProblemError` for a wrong token, and for a missing one if the server is exposed.
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


def _require_this_machine(access: AccessRules) -> None:
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
    """Return whether an IP address is one of loopback; False for a text that is no address."""
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
