"""Sessions against the fake in process, as exchanges, and the forms that other tools record."""

import base64
import gzip
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from werkzeug.test import Client

from fake_server import create_app
from fake_server.data_files.api_document import Profile
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer, ApiRequest

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOSTS = {
    "fabmanager": "https://demonstration.fab-manager.com",
    "intra42": "https://api.intra.42.fr",
    "xurrent": "https://api.xurrent.com",
}
FAB_TOKEN = "7Yq3hKc9WnB5tRf2XvM8sZdE"
SECRET = "Your application secret"
LIST = "/open_api/v1/availabilities"


class Session:
    """Sends requests to the fake, and keeps the exchanges."""

    def __init__(self, api: str, profile: Profile = "documented") -> None:
        self.exchanges: list[Exchange] = []
        self._base = HOSTS[api]
        self._client: Client = create_app("demo", profile=profile).test_client()

    def send(
        self,
        target: str,
        headers: dict[str, str],
        *,
        method: str = "GET",
        form: dict[str, str] | None = None,
        json_body: Any = None,
    ) -> Answer:
        """Send a request and keep its exchange."""
        body = None if form is None else urlencode(form).encode()
        if form is not None:
            headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        if json_body is not None:
            body = json.dumps(json_body).encode()
            headers = {**headers, "Content-Type": "application/json"}
        path, _, query = target.partition("?")
        response = self._client.open(
            path,
            method=method,
            query_string=query,
            headers=headers,
            data=body,
            base_url=self._base,
        )
        number = len(self.exchanges) + 1
        request = ApiRequest(method, target, tuple(headers.items()), body)
        answer = Answer(
            response.status_code,
            response.headers,
            response.data,
            request,
            self._base,
            CredentialMask(),
        )
        at = BEGAN + timedelta(seconds=3 * number)
        self.exchanges.append(Exchange(f"session.json: exchange {number}", answer, at))
        return answer


def fabmanager(profile: Profile = "documented") -> list[Exchange]:
    """Return a session with the Fab-manager API."""
    session = Session("fabmanager", profile)
    headers = {"Authorization": f"Token token={FAB_TOKEN}", "Accept": "application/json"}
    for page in (1, 2, 3):
        session.send(f"{LIST}?per_page=140&page={page}", headers)
    first = session.send(LIST, headers)
    session.send(LIST, headers)
    session.send(LIST, headers, method="HEAD")
    session.send(LIST, {**headers, "If-None-Match": first.headers["ETag"]})
    session.send(f"{LIST}?available_type=Machine&per_page=5&page=2", headers)
    session.send(f"{LIST}?available_type=Machine&available_id=1&per_page=5", headers)
    session.send(f"{LIST}?after=2026-10-01T00:00:00%2B02:00&before=2026-12-01&per_page=9", headers)
    session.send(f"{LIST}?id=[3,5,7]", headers)
    session.send(f"{LIST}?per_page=50&page=999", headers)
    session.send(f"{LIST}?page=abc", headers)
    session.send(LIST, {"Accept": "application/json"})
    session.send("/open_api/v1/nothing", headers)
    return session.exchanges


def intra42(profile: Profile = "documented") -> list[Exchange]:
    """Return a session with the 42 intra API."""
    session = Session("intra42", profile)
    form = {
        "grant_type": "client_credentials",
        "client_id": "Your application uid",
        "client_secret": SECRET,
    }
    agent = {"User-Agent": "client/1.0"}
    token = session.send("/oauth/token", agent, method="POST", form=form).json["access_token"]
    session.send("/oauth/token", agent, method="POST", form=form)
    headers = {**agent, "Authorization": f"Bearer {token}"}
    session.send("/oauth/token/info", headers)
    for page in (1, 2, 3):
        session.send(f"/v2/cursus?page[size]=20&page[number]={page}", headers)
    slots = session.send("/v2/slots", headers)
    session.send("/v2/slots", headers, method="HEAD")
    session.send("/v2/slots", {**headers, "If-None-Match": slots.headers["ETag"]})
    session.send("/v2/slots?page=2&per_page=7", headers)
    session.send("/v2/slots?sort=begin_at,-id&per_page=50", headers)
    session.send("/v2/slots?per_page=100&sort=-end_at", headers)
    session.send("/v2/slots?range[begin_at]=2026-01-01T00:00:00Z,2027-12-31T00:00:00Z", headers)
    session.send("/v2/slots?filter[id]=1,2,3", headers)
    session.send("/v2/projects_users?per_page=5&range[id]=3,60", headers)
    session.send("/v2/users/16/projects_users", headers)
    listed = session.send("/v2/locations?per_page=10", headers).json
    session.send(f"/v2/locations/{listed[0]['id']}", headers)
    session.send("/v2/locations?filter[active]=true", headers)
    intervals = ("day", "week", "month", "quarter", "year", "hour_of_day", "day_of_week")
    for interval in intervals:
        session.send(f"/v2/slots/graph/on/begin_at/by/{interval}", headers)
    session.send("/v2/users/99999999/slots", headers)
    session.send("/v2/slots?sort=nothing", headers)
    session.send("/v2/slots", agent)
    session.send("/v2/nothing", headers)
    return session.exchanges


def xurrent(profile: Profile = "documented") -> list[Exchange]:
    """Return a session with the Xurrent API."""
    session = Session("xurrent", profile)
    headers = {"Authorization": "Bearer api-token"}
    for page in (1, 2, 3):
        session.send(f"/v1/calendars?per_page=5&page={page}", headers)
    first = session.send("/v1/calendars", headers)
    session.send("/v1/calendars", headers, method="HEAD")
    session.send("/v1/calendars", {**headers, "If-None-Match": first.headers["ETag"]})
    number = first.json[0]["id"]
    session.send(f"/v1/calendars/{number}", headers)
    session.send(f"/v1/calendars/{number}", headers)
    session.send("/v1/calendars/enabled", headers)
    session.send("/v1/calendars/disabled", headers)
    session.send("/v1/calendars?sort=-id", headers)
    session.send("/v1/calendars?id=2,3", headers)
    session.send("/v1/calendars?created_at=>=2020-01-01T00:00:00Z<=2026-06-30T00:00:00Z", headers)
    session.send("/v1/holidays?per_page=100", headers)
    session.send("/v1/calendars/987654", headers)
    session.send("/v1/calendars/987654/calendar_hours", headers)
    session.send(f"/v1/calendars/{number}/calendar_hours", headers)
    session.send("/v1/calendars?foo=1", headers)
    session.send("/v1/calendars", {})
    session.send("/v1/rate_limit", headers)
    session.send("/v1/calendars", headers, method="POST", json_body={"name": ""})
    session.send("/v1/calendars", headers, method="POST", json_body={"name": "Recorded"})
    session.send("/v1/calendars", headers)
    return session.exchanges


SESSIONS = {"fabmanager": fabmanager, "intra42": intra42, "xurrent": xurrent}


def as_har(exchanges: Iterable[Exchange], *, encoded: bool = False) -> dict[str, Any]:
    """Return exchanges as a browser's HAR, bodies in base64 if `encoded`."""
    return {"log": {"version": "1.2", "entries": [_entry(each, encoded) for each in exchanges]}}


def _entry(exchange: Exchange, encoded: bool) -> dict[str, Any]:
    answer = exchange.answer
    content: dict[str, Any] = {"size": len(answer.body), "mimeType": "application/json"}
    if encoded:
        content |= {"text": base64.b64encode(answer.body).decode(), "encoding": "base64"}
    elif answer.body:
        content["text"] = answer.text
    pseudo = [{"name": ":authority", "value": "example.org"}, {"name": ":path", "value": "/"}]
    request: dict[str, Any] = {
        "method": answer.request.method,
        "url": answer.url,
        "httpVersion": "h2",
        "headers": pseudo + [{"name": n.lower(), "value": v} for n, v in answer.request.headers],
    }
    if answer.request.body is not None:
        request["postData"] = {"mimeType": "", "text": answer.request.body.decode()}
    return {
        "startedDateTime": exchange.at.isoformat() if exchange.at else BEGAN.isoformat(),
        "request": request,
        "response": {
            "status": answer.status,
            "headers": [{"name": n.lower(), "value": v} for n, v in answer.headers],
            "content": content,
        },
    }


def as_cassette(exchanges: Iterable[Exchange], *, compressed: bool = False) -> dict[str, Any]:
    """Return exchanges as a cassette of vcrpy, its bodies compressed if asked for."""
    return {"version": 1, "interactions": [_interaction(each, compressed) for each in exchanges]}


def _interaction(exchange: Exchange, compressed: bool) -> dict[str, Any]:
    answer = exchange.answer
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    body: Any = answer.text
    if compressed and answer.body:
        body = gzip.compress(answer.body)
        headers["Content-Encoding"] = ["gzip"]
    return {
        "request": {
            "method": answer.request.method,
            "uri": answer.url,
            "body": None if answer.request.body is None else answer.request.body.decode(),
            "headers": {name: [value] for name, value in answer.request.headers},
        },
        "response": {
            "status": {"code": answer.status, "message": "OK"},
            "headers": headers,
            "body": {"string": body},
        },
    }


def write_forms(folder: Path, exchanges: Sequence[Exchange]) -> list[Path]:
    """Write exchanges in the forms of other tools; return the files."""
    files = {
        "browser.har": json.dumps(as_har(exchanges)),
        "proxy.har": json.dumps(as_har(exchanges, encoded=True)),
        "cassette.yaml": yaml.safe_dump(as_cassette(exchanges)),
        "compressed.yaml": yaml.safe_dump(as_cassette(exchanges, compressed=True)),
        "cassette.json": json.dumps(as_cassette(exchanges)),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]
