"""The hosts and ports that a proxy reaches, and its refusal of all others."""

import re
from collections.abc import Iterable, Sequence

from fake_server.edge.refusals import Refusal
from fake_server.rest.urls import host_name

_TUNNEL = re.compile(r"([^:]+):443")
_SITE = re.compile(r"([^:]+)(?::(?:80)?)?")
_MAX_SHOWN = 200
_MOST_HOSTS = 5


class Destinations:
    """The real hosts of the served APIs: port 443 by a tunnel, and port 80 by absolute URLs."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = frozenset(hosts)

    def refusal_of_tunnel(self, target: bytes) -> Refusal | None:
        """Return the refusal of a target of CONNECT, such as `api.intra.42.fr:443`; None: none."""
        return self._refusal(_TUNNEL.fullmatch(_text(target)), _text(target))

    def refusal_of_url(self, scheme: bytes, authority: bytes) -> Refusal | None:
        """Return the refusal of an absolute URL by its scheme and authority; None: none."""
        site = _SITE.fullmatch(_text(authority)) if scheme.lower() == b"http" else None
        return self._refusal(site, f"{_text(scheme)}://{_text(authority)}")

    def refusal_of_path(self, target: bytes) -> Refusal:
        """Return the refusal of a target without a host, which asks the proxy itself."""
        return self._refused(_text(target))

    def _refusal(self, match: re.Match[str] | None, shown: str) -> Refusal | None:
        reached = match is not None and host_name(match[1]) in self._hosts
        return None if reached else self._refused(shown)

    def _refused(self, shown: str) -> Refusal:
        reached = _listed(sorted(self._hosts)) or "none: name one by --tls-host"
        shown = shown if len(shown) <= _MAX_SHOWN else f"{shown[:_MAX_SHOWN]}..."
        return Refusal(
            403,
            f"{shown} is refused: this proxy reaches the hosts of the served APIs alone,"
            f" by CONNECT to port 443 and by http URLs ({reached}).",
        )


def _listed(hosts: Sequence[str]) -> str:
    more = len(hosts) - _MOST_HOSTS
    return ", ".join([*hosts[:_MOST_HOSTS], *([f"and {more} more"] if more > 0 else [])])


def _text(target: bytes) -> str:
    return target.decode("ascii", "backslashreplace")
