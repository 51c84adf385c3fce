"""nodeIDs: base64 of `domain/Class/id`, without padding."""

import re
from base64 import b64decode, b64encode
from binascii import Error

from fake_server.apis.xurrent.dialect.brands import BRANDS

_PLAIN = re.compile(r"[0-9]{1,18}")
_DOMAINS = "|".join(re.escape(brand.domain) for brand in BRANDS.values())
_NODE = re.compile(rf"(?:[^@/]+@)?(?:{_DOMAINS})/([A-Za-z]+)/([0-9]{{1,18}})")


def node_id(domain: str, kind: str, number: int) -> str:
    """Return the nodeID of a record. `kind` is its class, such as `Calendar`."""
    return b64encode(f"{domain}/{kind}/{number}".encode()).decode().rstrip("=")


def record_id(text: str, kind: str) -> int | None:
    """Return the numeric id of a plain id, or of the nodeID of a `kind`. Else return None."""
    if _PLAIN.fullmatch(text):
        return int(text)
    try:
        decoded = b64decode(text + "=" * (-len(text) % 4), validate=True).decode("ascii")
    except (Error, ValueError):
        return None
    match = _NODE.fullmatch(decoded)
    return int(match[2]) if match and match[1] == kind else None
