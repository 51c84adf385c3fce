"""Cassettes of vcrpy, in YAML or JSON, of its old and its new form."""

from collections.abc import Iterator, Mapping
from typing import Any

from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.members import RecordingPosition
from fake_server.verify.recording.message_parts import exchange_of
from fake_server.verify.server.credential_mask import CredentialMask


def cassette_exchanges(document: Any, file: str, mask: CredentialMask) -> Iterator[Exchange]:
    """Yield the exchanges of a cassette; a cassette has no times."""
    top = RecordingPosition(file)
    interactions = document
    if isinstance(document, Mapping):
        interactions = top.member(document, "interactions", list, ...)
    for index, interaction in enumerate(interactions, 1):
        position = RecordingPosition(f"{file}: interaction {index}")
        request = position.member(interaction, "request", dict, ...)
        response = position.member(interaction, "response", dict, ...)
        recorded = position.member(interaction, "recorded_at", str, None)
        yield exchange_of(
            position,
            mask,
            method=position.member(request, "method", str, ...),
            url=position.member(request, "uri", str, "")
            or position.member(request, "url", str, ...),
            request_headers=_headers(request, position),
            request_body=_bytes(request.get("body"), position),
            status=_status(response, position),
            headers=_headers(response, position),
            # Stubs of httpx write `content`, all others `body`.
            body=_bytes(response.get("body", response.get("content")), position) or b"",
            at=position.time(recorded, "recorded_at"),
        )


def _status(response: Mapping[str, Any], position: RecordingPosition) -> int:
    if "status_code" in response:
        return int(position.member(response, "status_code", int, ...))
    status = position.member(response, "status", (dict, int), ...)
    return status if isinstance(status, int) else int(position.member(status, "code", int, ...))


def _headers(message: Mapping[str, Any], position: RecordingPosition) -> list[tuple[str, str]]:
    pairs = []
    for name, values in position.member(message, "headers", dict, {}).items():
        for value in values if isinstance(values, list) else [values]:
            text = value.decode("latin-1") if isinstance(value, bytes) else value
            if not isinstance(text, str) or not isinstance(name, str):
                position.refuse("headers: expected names, each with a text or several")
            pairs.append((name, text))
    return pairs


def _bytes(body: Any, position: RecordingPosition) -> bytes | None:
    """Return the bytes of a body: a text, bytes, or an object with one of them."""
    if isinstance(body, Mapping):
        for name in ("base64_string", "base64"):
            if isinstance(body.get(name), str | bytes):
                raw = body[name]
                text = raw.decode("latin-1") if isinstance(raw, bytes) else raw
                return position.base64_bytes(text, "body")
        body = body.get("string")
        if isinstance(body, Mapping):
            return _bytes(body, position)
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if body is not None and not isinstance(body, bytes):
        position.refuse(f"body: expected a text or bytes, found {type(body).__name__}")
    return body
