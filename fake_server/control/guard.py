"""Who may drive the control plane: programs of this machine, never a page in a browser.

A page can send requests to loopback, under a name that it makes resolve there too. Its browser
tells the name in `Host` and the page's own place in `Origin`; neither is then the server's.
"""

from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from fake_server.control.errors import ProblemError
from fake_server.rest.context import world
from fake_server.world.worlds import DEFAULT


def guard() -> None:
    """Raise `ProblemError` for a request that the control plane does not take.

    Taken are requests from this machine to localhost or a loopback address, on any port; no
    Origin but the server's own; no world but the one in the path after `/_fake/`.
    """
    _require_this_machine()
    _require_own_origin()
    if world().name != DEFAULT or request.script_root:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "the control plane belongs to no world: ask /_fake/ without /w/ and X-Fake-World",
        )
    if request.query_string:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "the control plane takes no query parameters")


def _require_this_machine() -> None:
    host = urlsplit(f"//{request.host}").hostname or ""
    if host != "localhost" and not _is_loopback(host):
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            f"Host {request.host!r} may not drive the fake: ask localhost, 127.0.0.1 or [::1]",
        )
    if not _is_loopback(request.remote_addr or ""):
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            f"{request.remote_addr} may not drive the fake: only programs of its own machine may",
        )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _require_own_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        raise ProblemError(HTTPStatus.FORBIDDEN, f"a page of {origin!a} may not drive the fake")
