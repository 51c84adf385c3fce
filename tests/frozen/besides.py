"""Requests that no operation's parameters speak of: access, tokens, walks, quirks, wrong paths."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.frozen.answers import Question
from tests.frozen.queries import AGENT, HEADERS, Ask
from tests.frozen.writes import WRITES

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_UNROUTED = {
    "intra42": "/v2 /v2/nothing /v2/slots/graph/upon/id /v2/users/1/nothing /oauth /oauth/nothing",
    "fabmanager": "/open_api /open_api/v1 /open_api/v1/nothing /open_api/v2/availabilities",
    "xurrent": "/v1/nothing /v1/calendars/32/nothing /v1/calendars/32/duration/nothing",
}
_QUIRKED = {
    "intra42": (
        "/v2/slots/graph/on/begin_at/by/day",
        "/v2/slots/graph/on/created_at/by/week",
        "/v2/slots?page[size]=3",
        "/v2/slots?filter[campus_id]=1&page[size]=2",
        "/v2/projects_users?filter[cursus]=77&page[size]=2",
        "/v2/projects_users?filter[cursus]=80&page[size]=2",
        "/v2/projects_users?filter[campus]=76,999&page[size]=2",
        "/v2/cursus?page[size]=2",
        "/v2/nothing",
    ),
    "fabmanager": (
        "/open_api/v1/availabilities?per_page=4",
        "/open_api/v1/availabilities",
        "/open_api/v1/availabilities?after=2026-11-01+06:00:00&before=tomorrow",
        "/open_api/v1/availabilities?after=2026-11-01T06:00:00+02:00&per_page=3",
        "/open_api/v1/availabilities?user_id=7&available_type=Machine&available_id[]=1&available_id[]=2",
        "/open_api/v1/availabilities?available_type=Tool&page=x&per_page=2",
        "/open_api/v1/availabilities?per_page=0&page=2",
        "/open_api/v1/availabilities?page[a]=1",
        "/open_api/v1/availabilities?id=[1,2]&available_type=Machine",
        "/open_api/v1/availabilities?%FF=1",
        "/open_api/v1/nothing",
    ),
    "xurrent": (
        "/v1/calendars?per_page=101",
        "/v1/calendars?per_page=500&fields=name",
        "/v1/calendars?per_page=1&fields=nodeID",
        "/v1/calendars/32",
        "/v1/calendars/32/duration?start=2020-01-01&end=2020-02-01",
    ),
}


def unrouted(api: str) -> Iterator[Question]:
    """Yield requests for paths that are not there."""
    for path in _UNROUTED[api].split():
        for method in ("GET", "POST", "HEAD", "OPTIONS"):
            yield Question(method, path, HEADERS[api])
        yield Question("GET", f"{path}.json?a=1")


def access(api: str, path: str) -> Iterator[Question]:
    """Yield requests with good, bad and no credentials."""
    for text in (
        "Bearer YOUR_ACCESS_TOKEN",
        "bearer YOUR_ACCESS_TOKEN",
        "Bearer nobody",
        "Bearer",
        "Bearer  api-token ",
        "Token token=7Yq3hKc9WnB5tRf2XvM8sZdE",
        'Token token="7Yq3hKc9WnB5tRf2XvM8sZdE"',
        "Token 7Yq3hKc9WnB5tRf2XvM8sZdE",
        "token 7Yq3hKc9WnB5tRf2XvM8sZdE",
        "Bearer 7Yq3hKc9WnB5tRf2XvM8sZdE",
        "Bearer token=7Yq3hKc9WnB5tRf2XvM8sZdE",
        "Basic YXBpLXRva2VuOng=",
        "Basic YXBpLXRva2Vu",
        "Basic nothing",
        "Digest a=b",
        "",
    ):
        yield Question("GET", path, {**AGENT, "Authorization": text})
    yield Question("GET", path, AGENT)
    yield Question("GET", path)
    mark = "&" if "?" in path else "?"
    for name in ("YOUR_ACCESS_TOKEN", "nobody", ""):
        yield Question("GET", f"{path}{mark}access_token={name}", AGENT)
    for name in ("X-4me-Account", "X-Xurrent-Account", "X-ITRP-Account"):
        for account in ("wdc", "nothing", ""):
            yield Question("GET", path, {**HEADERS[api], name: account})
    for name, value in (
        ("Accept", "application/json"),
        ("Accept", "text/html"),
        ("Accept", "*/*"),
        ("Accept", "application/xml;q=0.5,text/html"),
        ("Accept-Encoding", "gzip"),
        ("Origin", "https://example.org"),
        ("X-Request-Id", "mine"),
        ("X-Forwarded-Host", "example.org"),
        ("X-Forwarded-Proto", "https"),
        ("Host", "fake.test:8042"),
        ("X-4me-Language", "nl"),
    ):
        yield Question("GET", path, {**HEADERS[api], name: value})


def tokens() -> Iterator[Question]:
    """Yield requests for access tokens of the 42 API, and questions about them."""
    good = {
        "grant_type": "client_credentials",
        "client_id": "Your application uid",
        "client_secret": "Your application secret",
    }
    changes: list[dict[str, str]] = [{"scope": scope} for scope in ("public", "projects public")]
    changes += [{"scope": scope} for scope in ("", "forum", "public nothing")]
    changes += [{name: value} for name in good for value in ("", "nothing")]
    changes += [{"grant_type": "password"}, {"grant_type": "refresh_token", "refresh_token": "a"}]
    changes += [{"grant_type": "authorization_code", "code": "a", "redirect_uri": "b"}, {}]
    for path in ("/oauth/token", "/v2/oauth/token"):
        for change in changes:
            yield Question("POST", path, {**AGENT, **_FORM}, urlencode({**good, **change}))
        json_headers = {**AGENT, "Content-Type": "application/json"}
        for body in (json.dumps(good), "{", "[]", "", '{"grant_type": 1}'):
            yield Question("POST", path, json_headers, body)
        yield Question("POST", f"{path}?{urlencode(good)}", AGENT)
        basic = "Basic WW91ciBhcHBsaWNhdGlvbiB1aWQ6WW91ciBhcHBsaWNhdGlvbiBzZWNyZXQ="
        for text in (basic, "Basic bm90aGluZw==", "Basic ?"):
            headers = {**AGENT, **_FORM, "Authorization": text}
            yield Question("POST", path, headers, "grant_type=client_credentials")
        yield Question("POST", path, {**AGENT, **_FORM}, "grant_type=%FF")
        yield Question("GET", path, AGENT)
        yield Question("POST", f"{path}/", {**AGENT, **_FORM}, urlencode(good))
    info = "/oauth/token/info"
    yield Question("GET", info, HEADERS["intra42"])
    yield Question("GET", f"{info}?access_token=YOUR_ACCESS_TOKEN", AGENT)
    yield Question("GET", info, {**AGENT, "Authorization": "Bearer nobody"})
    yield Question("GET", info, AGENT)


def walks(api: str, ask: Ask) -> Iterator[Question]:
    """Yield the pages of a list by their links, one after the other."""
    target = {
        "intra42": "/v2/campus?page[size]=25&sort=name",
        "fabmanager": "/open_api/v1/availabilities?per_page=40&available_type=Machine",
        "xurrent": "/v1/holidays?per_page=12&sort=-name&fields=name",
    }[api]
    for relation in ("next", "next", "prev", "last", "first"):
        question = Question("GET", target, HEADERS[api])
        links = dict(ask(question).headers).get("Link", "")
        yield question
        urls = {name: url for url, name in re.findall(r'<([^>]+)>; rel="(\w+)"', links)}
        target = urls.get(relation, target).removeprefix("http://localhost")


def quirked(api: str) -> Iterator[Question]:
    """Yield the requests that each quirk of an API is asked by."""
    token = {"Authorization": "Token token=mytoken"} if api == "fabmanager" else {}
    headers = {**HEADERS[api], **token}
    for target in _QUIRKED[api]:
        yield Question("GET", target, headers)
    if api == "intra42":
        yield Question("GET", "/v2/slots?page[size]=1", {"Authorization": headers["Authorization"]})
        yield Question("GET", "/v2/slots", {**headers, "Authorization": "Bearer nobody"})
        yield next(tokens())
    if api == "fabmanager":
        path = "/open_api/v1/availabilities?per_page=2"
        yield Question("GET", path, {**headers, "Accept": "text/html"})
        yield Question("GET", path, {**headers, "Accept": "application/xml"})
        yield Question("GET", path, {**headers, "If-None-Match": "*"})
        yield Question("GET", path, {**headers, "Authorization": "Token nobody"})
    if api == "xurrent":
        yield from WRITES["create_calendar"][:2]
        basic = {**AGENT, "Authorization": "Basic YXBpLXRva2VuOng="}
        yield Question("GET", "/v1/calendars?per_page=1", basic)


FIRST_PATHS = {
    "intra42": "/v2/projects_users?page[size]=1",
    "fabmanager": "/open_api/v1/availabilities?per_page=1",
    "xurrent": "/v1/calendars?per_page=1",
}
