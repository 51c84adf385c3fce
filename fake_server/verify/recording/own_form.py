"""Recordings in this project's own form: JSON with `understudy_recording`."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.members import RecordingPosition
from fake_server.verify.recording.message_parts import exchange_of
from fake_server.verify.server.credential_mask import CredentialMask

VERSION = 1
KEY = "understudy_recording"


def own_exchanges(document: Any, file: str, mask: CredentialMask) -> Iterator[Exchange]:
    """Yield the exchanges of a recording in the own form."""
    top = RecordingPosition(file)
    if document[KEY] != VERSION:
        top.refuse(f"{KEY}: expected {VERSION}, found {str(document[KEY])[:40]}")
    for index, entry in enumerate(top.member(document, "exchanges", list, ...), 1):
        position = RecordingPosition(f"{file}: exchange {index}")
        request = position.member(entry, "request", dict, ...)
        response = position.member(entry, "response", dict, ...)
        host = str(position.member(entry, "base_url", str, ""))
        yield exchange_of(
            position,
            mask,
            method=position.member(request, "method", str, ...),
            url=host + position.member(request, "target", str, ...),
            request_headers=_headers(request, position),
            request_body=_body(request, position),
            status=position.member(response, "status", int, ...),
            headers=_headers(response, position),
            body=_body(response, position) or b"",
            at=position.time(position.member(entry, "at", str, None), "at"),
        )


def _headers(message: Mapping[str, Any], position: RecordingPosition) -> list[tuple[str, str]]:
    pairs = []
    for pair in position.member(message, "headers", list, []):
        if not (
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
        ):
            position.refuse("headers: expected pairs of a name and a value")
        pairs.append((pair[0], pair[1]))
    return pairs


def _body(message: Mapping[str, Any], position: RecordingPosition) -> bytes | None:
    body = position.member(message, "body", (str, dict), None)
    if isinstance(body, dict):
        return position.base64_bytes(position.member(body, "base64", str, ...), "body")
    return None if body is None else body.encode("utf-8", "surrogatepass")


def own_form(exchanges: Iterable[Exchange], api: str) -> str:
    """Return exchanges in the own form; its `api` is left out if empty."""
    named = {"api": api} if api else {}
    document = {KEY: VERSION, **named, "exchanges": [_entry(exchange) for exchange in exchanges]}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _entry(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer
    request = answer.request
    entry: dict[str, Any] = {}
    if exchange.at is not None:
        entry["at"] = exchange.at.isoformat()
    if answer.base_url:
        entry["base_url"] = answer.base_url
    entry["request"] = {
        "method": request.method,
        "target": request.target,
        "headers": [list(pair) for pair in request.headers],
        "body": _body_value(request.body),
    }
    entry["response"] = {
        "status": answer.status,
        "headers": [list(pair) for pair in answer.headers],
        "body": _body_value(answer.body),
    }
    return entry


def _body_value(body: bytes | None) -> Any:
    if body is None:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
