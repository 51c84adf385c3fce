"""Recordings for tests: sessions against the fake, and answers written by hand."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fake_server import create_app
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.recording_files import write_exchanges
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer, ApiRequest
from fake_server.verify.server.wsgi_transport import WsgiTransport

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SERVICE = "https://service.example"
CREDENTIALS = {
    "fabmanager": "Token token=7Yq3hKc9WnB5tRf2XvM8sZdE",
    "intra42": "Bearer YOUR_ACCESS_TOKEN",
    "xurrent": "Bearer api-token",
}


def asked(api: str, dataset: str, targets: Iterable[str], file: Path) -> Path:
    """Record a session of GETs against the fake on a dataset; return the file."""
    now = START if dataset == "demo" else None
    transport = WsgiTransport(create_app(dataset, now=now, frozen=True, apis=[api]), SERVICE)
    exchanges = []
    for target in targets:
        headers = (("Authorization", CREDENTIALS[api]), ("Accept", "application/json"))
        request = ApiRequest("GET", target, headers)
        raw = transport.send(request)
        answer = Answer(raw.status, raw.headers, raw.body, request, SERVICE, CredentialMask())
        exchanges.append(Exchange("", answer))
    write_exchanges(file, exchanges, api)
    return file


def exchange(
    target: str,
    body: Any,
    *,
    method: str = "GET",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    token: str | None = "a-secret-token",
    minute: int = 0,
) -> dict[str, Any]:
    """Return an exchange in the own form, made by hand."""
    sent = [] if token is None else [["Authorization", f"Bearer {token}"]]
    return {
        "at": (START + timedelta(minutes=minute)).isoformat(),
        "base_url": SERVICE,
        "request": {"method": method, "target": target, "headers": sent, "body": None},
        "response": {
            "status": status,
            "headers": [["Content-Type", "application/json"], *map(list, (headers or {}).items())],
            "body": body if isinstance(body, str) else json.dumps(body),
        },
    }


def recording(file: Path, api: str, *exchanges: Mapping[str, Any]) -> Path:
    """Write exchanges as a recording; return the file."""
    document = {"understudy_recording": 1, "api": api, "exchanges": exchanges}
    file.write_text(json.dumps(document), encoding="utf-8")
    return file
