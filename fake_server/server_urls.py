"""The URLs of servers: whether one can be used, and whether its host is loopback.

Requests to loopback never leave this machine.
"""

from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

_NAME = "localhost"


def is_loopback_host(host: str | None) -> bool:
    """Return whether the host of a URL is loopback: 127.0.0.0/8, `::1` or a name of RFC 6761.

    The names are `localhost` and those below it, in any case, with or without a last dot. Names
    are not looked up.
    """
    name = (host or "").lower().strip("[]").removesuffix(".")
    if name == _NAME or name.endswith(f".{_NAME}"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def http_parts(url: str) -> SplitResult | None:
    """Return the parts of a URL of http or https with a host; None for any other text."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None
