"""The journal of a world as each API's requests fill it: what was unread, and no credentials."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from io import BufferedReader, BytesIO
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from fake_server import create_app
from fake_server.world.journal.entry import JournalEntry
from fake_server.world.journal.journal import Journal
from tests.support.client import CheckedClient, JsonClient

INTRA = {"Authorization": "Bearer YOUR_ACCESS_TOKEN"}
FAB = {"Authorization": "Token 7Yq3hKc9WnB5tRf2XvM8sZdE"}
XURRENT = {"Authorization": "Bearer api-token"}
SECRET = "s3cr3t-0f-a-cl13nt"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client(client_for: Callable[..., CheckedClient]) -> CheckedClient:
    client = client_for(dataset="documented", auth="any")
    client.world.journal.clear()
    return client


def last(client: JsonClient) -> JournalEntry:
    """Return the newest entry."""
    journal: Journal = client.application.extensions["fake_server.worlds"].default.journal
    return journal.entries()[-1]


def asked(client: CheckedClient, how: str, **more: Any) -> JournalEntry:
    """Send a request, `METHOD path`, with the credentials of its API; return what is noted."""
    method, path = how.split(" ")
    owners = {"/v2": INTRA, "/op": FAB, "/v1": XURRENT}
    headers = {**owners.get(path[:3], {}), **more.pop("headers", {})}
    client.open(path, method=method, headers=headers, **more)
    return last(client)


@pytest.mark.parametrize(
    ("how", "unread"),
    [
        ("GET /v1/calendars?name=a&fields=id&sort=name&per_page=3&page=1&state=enabled", []),
        ("GET /v1/calendars?nmae=x", ["nmae"]),
        ("GET /v1/calendars?nmae=x&name=y", ["nmae"]),
        ("GET /v1/calendars/1?fields=name", ["fields"]),
        ("GET /v1/calendars/32/calendar_hours?state=enabled&per_page=2", ["state"]),
        ("GET /v1/calendars/32/duration?start=2026-01-01&end=2026-01-02&timezone=UTC", "timezone"),
        ("GET /v1?a=1", ["a"]),
        ("DELETE /v1/calendars/1/holidays?force=true", ["force"]),
        ("GET /v2/slots?filter[future]=true&range[begin_at]=,&sort=id&page[size]=3", []),
        ("GET /v2/slots?filter[futrue]=true", ["filter[futrue]"]),
        ("GET /v2/slots?page[sise]=3&page[number]=1", ["page[sise]"]),
        ("GET /v2/slots?page[size]=3&per_page=4", ["per_page"]),
        ("GET /v2/users/1/slots?user_id=2", ["user_id"]),
        ("GET /v2/slots?user_id=1", []),
        ("GET /v2/slots/graph/on/begin_at?field=end_at&interval=day", ["field"]),
        ("GET /v2/slots?access_token=a", ["access_token"]),
        ("GET /v2/campus?filtre[id]=1", ["filtre"]),
        ("GET /open_api/v1/availabilities?after=2020-01-01&user_id=1&page=1&per_page=3", []),
        ("GET /open_api/v1/availabilities?afer=2020-01-01", ["afer"]),
        ("GET /open_api/v1/availabilities?available_id=3", ["available_id"]),
        ("GET /open_api/v1/availabilities?available_id=3&available_type=Machine", []),
        ("GET /open_api/v1/availabilities?page[size]=3", []),
        ("GET /nonesuch?a=1&b[c]=2", ["a", "b[c]"]),
        ("GET /v2/slots?a=%&b=1", ["(query)"]),
    ],
)
def test_what_nobody_read_is_noted(
    client: CheckedClient, how: str, unread: list[str] | str
) -> None:
    expected = [unread] if isinstance(unread, str) else unread
    assert list(asked(client, how).unread) == expected


@pytest.mark.parametrize(
    ("how", "body", "unread"),
    [
        ("POST /v1/calendars", {"name": "A", "disabled": True, "source": "s"}, []),
        ("POST /v1/calendars", {"nmae": "A"}, ["nmae"]),
        ("POST /v1/calendars", {"name": "B", "calendar_hours": [{"wekday": "mon"}]}, None),
        ("POST /v1/holidays", {"name": "A", "start": "x"}, ["start"]),
        ("PATCH /v1/calendars/32", {"id": 3, "name": "C"}, ["id"]),
        ("GET /v1/calendars?per_page=3", {"per_page": 2, "page": 1}, []),
        ("GET /v1/calendars/32", {"per_page": 2}, ["per_page"]),
        ("GET /v2/slots", {"page": {"size": 2, "nr": 1}}, ["page[nr]"]),
        ("GET /open_api/v1/availabilities", {"page": 1, "user": [1]}, ["user"]),
        ("POST /oauth/token", {"grant_type": "client_credentials", "scpoe": "public"}, "scpoe"),
        ("POST /oauth/token", {"grant_typ": "x"}, ["grant_typ"]),
        ("POST /nonesuch", {"a": {"b": 1}}, ["a"]),
        ("POST /v2/slots", [1], ["(body)"]),
    ],
)
def test_what_nobody_read_of_a_body_is_noted(
    client: CheckedClient, how: str, body: Any, unread: list[str] | str | None
) -> None:
    unread_names = list(asked(client, how, json=body).unread)
    assert unread_names == (["calendar_hours"] if unread is None else _listed(unread))


def _listed(names: list[str] | str) -> list[str]:
    return [names] if isinstance(names, str) else names


@pytest.mark.parametrize(
    ("how", "kind", "body", "unread"),
    [
        ("GET /v2/slots", "text/plain", b"page=2", ["(body)"]),
        ("GET /v2/slots", "application/x-www-form-urlencoded", b"pgae=2&page=1", ["pgae"]),
        ("POST /v1/calendars", "text/plain", b'{"nmae": "D"}', ["nmae"]),
        ("POST /v1/calendars", "application/json", b"{]", ["(body)"]),
        ("POST /v1/calendars", "application/xml", b"<name/>", ["(body)"]),
        ("POST /v1/calendars", "application/json", b"  ", []),
        ("DELETE /v1/calendars/1/holidays", "text/plain", b"hello", ["(body)"]),
        ("POST /v1/calendars", "application/json", b"x" * (1024 * 1024 + 1), ["(body)"]),
    ],
)
def test_a_body_that_nobody_reads_is_noted(
    client: CheckedClient, how: str, kind: str, body: bytes, unread: list[str]
) -> None:
    entry = asked(client, how, data=body, content_type=kind)
    assert list(entry.unread) == unread
    assert entry.shown()["body"] == {"type": kind, "size": len(body)}


def test_a_parameter_that_a_quirk_ignores_is_unread(
    client_for: Callable[..., CheckedClient],
) -> None:
    client = client_for(dataset="documented", quirks=("fabmanager.user-id-ignored",))
    assert list(asked(client, "GET /open_api/v1/availabilities?user_id=1").unread) == ["user_id"]


def test_the_pages_that_links_lead_to_leave_nothing_unread(client: CheckedClient) -> None:
    for path in (
        "/v1/calendars/32/calendar_hours?per_page=1",
        "/v1/calendars/enabled?per_page=1",
        "/v2/slots?per_page=1",
        "/open_api/v1/availabilities?per_page=1",
    ):
        headers = {"/v2": INTRA, "/op": FAB, "/v1": XURRENT}[path[:3]]
        link = client.get(path, headers=headers).headers["Link"]
        following = next(link_part for link_part in link.split(", ") if 'rel="next"' in link_part)
        asked(client, f"GET {following[1:].partition('>')[0].partition('localhost')[2]}")
        assert list(last(client).unread) == [], following


def test_a_request_is_noted_with_what_became_of_it(client: CheckedClient) -> None:
    entry = asked(client, "GET /v1/calendars.json?per_page=1")
    assert (entry.method, entry.path, entry.status) == ("GET", "/v1/calendars", 200)
    assert entry.operation == "xurrent.list_calendars"
    assert entry.at == client.world.clock.now()
    assert entry.parameters == {"per_page": "1"}
    assert 0 < entry.duration < 60
    assert asked(client, "HEAD /v1/calendars").operation == "xurrent.list_calendars"
    assert asked(client, "GET /v2/users/1/slots").operation == "intra42.list_user_slots"
    lost = asked(client, "GET /v1/calendas")
    assert (lost.operation, lost.status) == (None, 404)
    assert asked(client, "GET /elsewhere").status == 404


def test_the_fakes_own_requests_are_not_noted(client: CheckedClient) -> None:
    for path in ("/", "/xurrent/openapi.json", "/_fake/health", "/_fake/worlds", "/_fake/none"):
        client.get(path)
    assert client.world.journal.total == 0
    client.post("/")
    assert client.world.journal.total == 1


def test_what_a_fault_answered_leaves_nothing_unread(client: CheckedClient) -> None:
    fault = {"pattern": "xurrent.list_calendars", "status": 503}
    made = client.post("/_fake/worlds/default/faults", json=fault)
    assert made.status_code == 201, made.text
    JsonClient(client.application).get("/v1/calendars?nmae=x", headers=XURRENT)
    entry = last(client)
    assert (entry.status, entry.fault, list(entry.unread)) == (503, made.json["id"], [])


def test_each_world_has_its_own_and_a_reset_empties_it(client: CheckedClient) -> None:
    worlds = client.application.extensions["fake_server.worlds"]
    other = worlds.create("other")
    client.get("/w/other/v1/calendars?per_page=1", headers=XURRENT)
    client.get("/v1/rate_limit", headers={**XURRENT, "X-Fake-World": "other"})
    assert [entry.path for entry in other.journal.entries()] == ["/v1/calendars", "/v1/rate_limit"]
    assert client.world.journal.total == 0
    journal = other.journal
    other.reset()
    assert other.journal is journal
    assert journal.entries() == []
    worlds.remove("other")


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


FORMS: list[tuple[str, dict[str, Any]]] = [
    ("GET /v1/calendars", {"headers": {"Authorization": f"Bearer {SECRET}"}}),
    ("GET /v1/calendars", {"headers": {"Authorization": _basic(SECRET, "x")}}),
    ("GET /v1/calendars", {"headers": {"Authorization": SECRET}}),
    ("GET /v1/calendars", {"headers": {"Authorization": f"token={SECRET}"}}),
    ("GET /open_api/v1/availabilities", {"headers": {"Authorization": f"Token token={SECRET}"}}),
    ("GET /open_api/v1/availabilities", {"headers": {"Authorization": f'Token "{SECRET}"'}}),
    ("GET /open_api/v1/availabilities", {"headers": {"Authorization": f"Bearer {SECRET}"}}),
    (f"GET /v2/slots?access_token={SECRET}", {"headers": {"Authorization": ""}}),
    (f"GET /v2/slots?bearer_token={SECRET}", {}),
    (f"GET /v2/slots?access%5Ftoken={SECRET}&a=%", {}),
    (f"GET /v2/slots?a[acces_tokn]={SECRET};b=1", {}),
    (f"GET /v2/slots?api-key={SECRET}&&", {}),
    ("GET /v2/slots", {"data": {"access_token": SECRET}}),
    ("GET /v2/slots", {"json": {"deep": [{"AccessToken": SECRET}], "bearer_token": [SECRET]}}),
    ("POST /oauth/token", {"headers": {"Authorization": _basic("uid", SECRET)}}),
    ("POST /oauth/token", {"data": {"grant_type": "password", "password": SECRET}}),
    (
        "POST /oauth/token",
        {"data": {"grant_type": "client_credentials", "client_id": "u", "client_secret": SECRET}},
    ),
    ("POST /oauth/token", {"data": {"client_secrt": SECRET, "cient_secret": SECRET}}),
    ("POST /oauth/token", {"data": {"code": SECRET, "refresh_token": SECRET}}),
    ("POST /oauth/token", {"json": {"client_secret": {"value": SECRET}}}),
    ("POST /oauth/token", {"data": {"client_secret": (BytesIO(SECRET.encode()), "f")}}),
    (
        "POST /oauth/token",
        {"data": {"client_secret": SECRET}, "content_type": "multipart/form-data"},
    ),
    ("POST /oauth/token", {"data": f'{{"client_secret": "{SECRET}"', "content_type": "a/json"}),
    ("POST /oauth/token", {"data": SECRET, "content_type": "text/plain"}),
]


@pytest.mark.parametrize(("how", "sent"), FORMS)
def test_no_credential_is_ever_shown(client: CheckedClient, how: str, sent: dict[str, Any]) -> None:
    entry = asked(client, how, **sent)
    expected = [{"operation": "xurrent.*", "count": 9, "parameters": {"access_token": "guess"}}]
    journal = client.world.journal
    shown = [
        str(entry),
        repr(entry),
        repr(entry.sent),
        repr(journal.entries()),
        json.dumps(entry.shown()),
        str(journal.verify(expected)),
        repr(journal.verify(expected)),
        repr(journal.verify([{"parameters": {"access_token": "guess"}}])),
    ]
    encoded = b64encode(SECRET.encode()).decode()[:16]
    assert [text for text in shown if SECRET in text or encoded in text] == []


@pytest.mark.parametrize(
    "how",
    [
        "GET /v1/calendars?name={}",
        "GET /v1/calendars?{}=1",
        "GET /v1/calendars?a=1&x{}y;b",
        "GET /v1/calendars/{}",
        "GET /v2/slots?filter[{}]=1",
        "GET /nothing/x{}",
    ],
)
def test_the_worlds_own_secrets_are_shown_nowhere(client: CheckedClient, how: str) -> None:
    client_secret = "Your application secret"
    form = {"grant_type": "client_credentials", "client_id": "Your application uid"}
    answer = client.post("/oauth/token", data={**form, "client_secret": client_secret})
    for secret in (answer.json["access_token"], "YOUR_ACCESS_TOKEN", "api-token", client_secret):
        for spelling in (quote(secret), "".join(f"%{byte:02X}" for byte in secret.encode())):
            entry = asked(client, how.format(spelling))
            verdict = client.world.journal.verify([{"path": "/elsewhere", "count": 9}])
            listed = client.get("/_fake/worlds/default/requests").text
            shown = [str(entry), repr(entry), json.dumps(entry.shown()), str(verdict), listed]
            assert [text for text in shown if secret in text or spelling in text] == []
            assert "[redacted]" in str(entry)


def _add_secret(client: CheckedClient, secret: str) -> None:
    added = {"uid": "another", "secret": secret}
    answer = client.post("/_fake/worlds/default/data/intra42/applications", json=added)
    assert answer.status_code == 201


AWKWARD = ("Q0FOQVJZdG9rZW4xMg==", "CANARY&token;12", "a=b;c&canary", "can+ary 12/?#", "canäry€12")


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.parametrize(
    "how",
    [
        "GET /v1/calendars/{}",
        "GET /v1/calendars?name={}",
        "GET /v1/calendars?{}",
        "GET /v1/calendars?a=1&{}&b=2",
        "GET /v2/slots?filter[{}]=1",
        "GET /open_api/v1/availabilities?x={}",
    ],
)
def test_a_secret_may_have_separators_in_it(client: CheckedClient, how: str, secret: str) -> None:
    _add_secret(client, secret)
    once, twice = quote(secret, safe=""), quote(quote(secret, safe=""), safe="")
    every_byte = "".join(f"%{byte:02x}" for byte in secret.encode())
    as_it_is = quote(secret, safe="/=&;+")
    for spelling in {as_it_is, once, twice, every_byte, quote_plus(secret)}:
        assert _shown_of(client, asked(client, how.format(spelling)), secret, spelling) == []


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.parametrize(
    "sent",
    [
        lambda secret: {"json": {"name": f"x {secret}"}},
        lambda secret: {"json": {secret: [1]}},
        lambda secret: {"data": {"name": secret}},
        lambda secret: {
            "data": f"a=1&{secret}&b",
            "content_type": "application/x-www-form-urlencoded",
        },
        lambda secret: {"data": "a", "content_type": f"a/b; x={secret.encode().decode('latin-1')}"},
    ],
)
def test_a_body_may_have_secrets_with_separators(
    client: CheckedClient, sent: Callable[[str], dict[str, Any]], secret: str
) -> None:
    _add_secret(client, secret)
    latin = secret.encode().decode("latin-1")
    entry = asked(client, "POST /v1/calendars", **sent(secret))
    assert _shown_of(client, entry, secret, latin) == []


def test_a_method_may_be_a_secret(client: CheckedClient) -> None:
    entry = asked(client, "api-token /v1/calendars")
    assert _shown_of(client, entry, "api-token", "API-TOKEN") == []


def _shown_of(client: CheckedClient, entry: JournalEntry, *secrets: str) -> list[str]:
    """Return the texts about an entry that show one of the secrets, or a telling piece of it."""
    texts = [str(entry), repr(entry), json.dumps(entry.shown(), ensure_ascii=False)]
    texts.append(client.get("/_fake/worlds/default/requests").text)
    pieces = {piece for secret in secrets for piece in re.split("[&;=]", secret) if len(piece) > 4}
    return [text for text in texts if any(secret in text for secret in {*secrets, *pieces})]


@pytest.mark.parametrize("name", ["jwt", "sig", "session", "X-Amz-Signature", "JSESSIONID"])
def test_more_names_of_credentials(client: CheckedClient, name: str) -> None:
    entry = asked(client, f"GET /v1/calendars?{name}={SECRET}", json={name: SECRET})
    assert _shown_of(client, entry, SECRET) == []


def test_a_secret_that_was_removed_is_still_one(client: CheckedClient) -> None:
    entry = asked(client, "POST /v1/calendars", json={"name": "my api-token is"})
    client.delete("/_fake/worlds/default/data/xurrent/tokens/api-token")
    assert entry.parameters == {"name": "my [redacted] is"}


def test_what_is_no_credential_is_shown(client: CheckedClient) -> None:
    entry = asked(
        client,
        "POST /oauth/token?state=1",
        data={"grant_type": "client_credentials", "client_id": "u", "client_secret": "x"},
    )
    assert entry.parameters == {
        "grant_type": "client_credentials",
        "client_id": "u",
        "client_secret": "[redacted]",
        "state": "1",
    }
    assert entry.credentials is None
    assert asked(client, "GET /v2/slots").credentials == "Bearer"
    assert asked(client, "GET /open_api/v1/availabilities").credentials == "Token"


_TEXT = st.text('ab[]=&;%4é\x00\x1b{}"\ud800:, ', max_size=30)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["/v1/calendars", "/v2/slots", "/open_api/v1/availabilities", "/x\x00\ud800"]),
    st.sampled_from(["GET", "POST", "DELETE", "BREW"]),
    _TEXT,
    _TEXT,
    st.sampled_from(
        ["", "application/json", "text/plain", "multipart/form-data; boundary=a", "a", "\xff;b"]
    ),
)
def test_any_request_can_be_noted_and_shown(
    client: CheckedClient, path: str, method: str, query: str, body: str, kind: str
) -> None:
    environ = EnvironBuilder(path="/", method=method, data=body.encode("utf-8", "replace"))
    whole = environ.get_environ()
    whole["PATH_INFO"] = path.encode("utf-8", "replace").decode("latin-1")
    whole["QUERY_STRING"] = query.encode("utf-8", "replace").decode("latin-1")
    whole["CONTENT_TYPE"] = kind
    run_wsgi_app(client.application, whole)
    shown = client.get("/_fake/worlds/default/requests?limit=1").json["requests"][0]
    assert shown["method"] == method
    assert "\x1b" not in str(last(client))


def test_numbers_of_any_length_are_shown(client: CheckedClient) -> None:
    number = 10**40
    asked(client, "POST /v1/calendars", json={"name": number, "nested": [{"n": -number, "m": 1}]})
    shown = client.get("/_fake/worlds/default/requests?limit=1").json["requests"][0]
    assert shown["parameters"] == {
        "name": str(number),
        "nested": [{"n": str(-number), "m": 1}],
    }
    expectations = [
        {"parameters": {"name": number}},
        {"parameters": {"name": {"$like": number}}},
        {"parameters": {"name": [number + 1], "nested": number}},
    ]
    answer = client.post(
        "/_fake/worlds/default/requests/verify", json={"expectations": expectations}
    )
    assert [expectation["verified"] for expectation in answer.json["expectations"]] == [
        True,
        True,
        False,
    ]


def test_long_queries_and_bodies_are_told_by_their_size(client: CheckedClient) -> None:
    entry = asked(client, f"POST /v1/calendars?name={'n' * 20_000}", json={"a": "b" * 20_000})
    assert entry.shown()["query"] == "..."
    assert entry.shown()["body"]["size"] > 20_000
    assert (entry.parameters, list(entry.unread)) == ({}, ["a"])


def test_a_body_of_another_server_is_still_read() -> None:
    app = create_app("documented", auth="off")
    client = JsonClient(app, app.response_class)
    body = b'{"name": "E"}'
    answer = client.post(
        "/v1/calendars",
        input_stream=BufferedReader(BytesIO(body)),
        headers={"Content-Length": str(len(body)), "Content-Type": "application/json"},
    )
    assert answer.status_code == 201
    assert last(client).parameters == {"name": "E"}
