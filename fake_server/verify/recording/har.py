"""Recordings of browsers and proxies: HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/)."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.members import RecordingPosition
from fake_server.verify.recording.message_parts import exchange_of
from fake_server.verify.server.credential_mask import CredentialMask

_BODILESS = {204, 304}


def har_exchanges(document: Any, file: str, mask: CredentialMask) -> Iterator[Exchange]:
    """Yield the exchanges of a HAR file.

    An entry without an answer (status 0), or whose body the tool did not keep, is left out.
    """
    top = RecordingPosition(file)
    log = top.member(document, "log", dict, ...)
    for index, entry in enumerate(top.member(log, "entries", list, ...), 1):
        position = RecordingPosition(f"{file}: entry {index}")
        request = position.member(entry, "request", dict, ...)
        response = position.member(entry, "response", dict, ...)
        url = position.member(request, "url", str, ...)
        status = position.member(response, "status", int, 0)
        if status == 0 or not url.lower().startswith(("http:", "https:")):
            continue
        method = position.member(request, "method", str, ...)
        body = _body(response, position)
        if body is None:
            if method.upper() != "HEAD" and status not in _BODILESS and _has_body(response):
                continue
            body = b""
        yield exchange_of(
            position,
            mask,
            method=method,
            url=url.partition("#")[0],
            request_headers=_headers(request, position),
            request_body=_posted(request, position),
            status=status,
            headers=_headers(response, position),
            body=body,
            at=position.time(
                position.member(entry, "startedDateTime", str, None), "startedDateTime"
            ),
        )


def _has_body(response: Mapping[str, Any]) -> bool:
    content = response.get("content")
    size = content.get("size", 0) if isinstance(content, Mapping) else 0
    return isinstance(size, int) and size > 0


def _headers(message: Mapping[str, Any], position: RecordingPosition) -> list[tuple[str, str]]:
    return [
        (
            position.member(header, "name", str, ...),
            position.member(header, "value", str, ""),
        )
        for header in position.member(message, "headers", list, [])
    ]


def _body(response: Mapping[str, Any], position: RecordingPosition) -> bytes | None:
    content = position.member(response, "content", dict, {})
    text = position.member(content, "text", str, None)
    if text is None:
        return None
    encoding = position.member(content, "encoding", str, "").lower()
    if encoding == "base64":
        return position.base64_bytes(text, "content")
    return bytes(text.encode("utf-8", "surrogatepass"))


def _posted(request: Mapping[str, Any], position: RecordingPosition) -> bytes | None:
    data = position.member(request, "postData", dict, None)
    if data is None:
        return None
    text = position.member(data, "text", str, None)
    if text is not None:
        if position.member(data, "encoding", str, "").lower() == "base64":
            return position.base64_bytes(text, "postData")
        return bytes(text.encode("utf-8", "surrogatepass"))
    pairs = [
        (position.member(param, "name", str, ...), position.member(param, "value", str, ""))
        for param in position.member(data, "params", list, [])
    ]
    return urlencode(pairs).encode() if pairs else None
