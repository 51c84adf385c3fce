"""Makes exchanges of the parts that the forms of recordings have in common."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from fake_server.verify.recording.body_decoding import LARGEST_BODY, decoded_body
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.members import RecordingPosition
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer, ApiRequest

HeaderPairs = Iterable[tuple[str, str]]


def exchange_of(
    position: RecordingPosition,
    mask: CredentialMask,
    *,
    method: str,
    url: str,
    request_headers: HeaderPairs,
    request_body: bytes | None,
    status: int,
    headers: HeaderPairs,
    body: bytes,
    at: datetime | None,
) -> Exchange:
    """Return an exchange; raises `VerificationError` for a URL or a status that cannot be."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        position.refuse("the URL of the request cannot be read")
    if not parts.path.startswith("/") and parts.path:
        position.refuse("the URL of the request has no path")
    if not 100 <= status <= 599:
        position.refuse(f"{status} is no status")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    answer_headers = Headers(_plain(headers, position))
    for content in (request_body or b"", body):
        if len(content) > LARGEST_BODY:
            position.refuse(f"a body has more than {LARGEST_BODY // 2**20} MiB")
    request = ApiRequest(
        method.upper(), target, tuple(_plain(request_headers, position)), request_body
    )
    base_url = f"{parts.scheme.lower()}://{host.lower()}" if host else ""
    content = decoded_body(body, answer_headers, position)
    return Exchange(position, Answer(status, answer_headers, content, request, base_url, mask), at)


def _plain(headers: HeaderPairs, position: RecordingPosition) -> list[tuple[str, str]]:
    """Return headers without the pseudo headers of HTTP/2 and HTTP/3."""
    plain = [(name, value) for name, value in headers if not name.startswith(":")]
    for name, value in plain:
        if any(character in name + value for character in "\r\n\0"):
            position.refuse(f"the header {name.split()[:1]} has a line end")
    return plain
