"""Requests at the edges: instants that are a bound, tokens that ended, several things at once.

Each world is a dataset of its own. What no other request would tell apart, these do; the mutants
of `mutants/` say what that is.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.frozen import desk
from tests.frozen.answers import Question
from tests.frozen.besides import tokens
from tests.frozen.queries import AGENT, HEADERS, Ask

_RECORDED = Path(__file__).parents[1] / "fabmanager" / "recorded" / "answers.jsonl"
_APPLICATIONS = [
    {"uid": "staff", "secret": "s", "scopes": ["public", "projects"], "roles": ["Basic staff"]},
    {"uid": "ended", "secret": "s", "secret_valid_until": "2023-01-01T00:00:00Z"},
    {"uid": "Your application uid", "secret": "Your application secret", "scopes": ["forum"]},
]
_TOKENS: list[dict[str, Any]] = [
    {"token": "staff", "application": "staff", "scopes": ["public", "projects"]},
    {"token": "expired", "application": "staff", "expires_in": -5},
    {"token": "revoked", "application": "staff", "revoked": True},
    {
        "token": "soon",
        "application": "staff",
        "created_at": "2023-07-13T11:55:00Z",
        "expires_in": 600,
        "issued": True,
    },
    {"token": "closed", "application": "staff", "scopes": ["forum"]},
]
_INTRA42: Mapping[str, Any] = {
    "credentials": {"applications": _APPLICATIONS, "tokens": _TOKENS},
    "campus": {"count": 3},
    "cursus": {"count": 3},
    "projects": {"count": 3},
    "users": {"count": 6},
    "slots": {"count": 12},
    "projects_users": {"count": 12},
}
_STARTS: tuple[str, ...] = ("2022-10-30T00:30:00Z", "2022-10-30T01:30:00Z", "2023-03-26T00:30:00Z")
_STARTS += ("2023-03-26T01:30:00Z", "2023-07-13T12:00:00.250Z", "2023-07-13T13:30:00Z")
_LAB: Mapping[str, Any] = {
    "time_zone": "Europe/Paris",
    "credentials": {"tokens": ["7Yq3hKc9WnB5tRf2XvM8sZdE"]},
    "availabilities": {
        "records": [
            {
                "id": number,
                "start_at": start,
                "end_at": f"{start[:14]}59:00Z",
                "created_at": start,
                "available_type": "Machine",
                "available_ids": [number, 9],
                "slots": [],
            }
            for number, start in enumerate(_STARTS, 1)
        ]
    },
}
_FRAME = {"seed": 7, "start": "2023-07-13T12:00:00Z", "frozen": True}
_LISTS = ("/open_api/v1/availabilities", "/v2/slots", "/v1/calendars")

WORLDS: Mapping[str, list[tuple[str, dict[str, Any]]]] = {
    "intra42": [("tokens", {"dataset": {**_FRAME, "intra42": _INTRA42}})],
    "fabmanager": [
        ("paris", {"dataset": {**_FRAME, "fabmanager": _LAB}}),
        ("utc", {"dataset": {**_FRAME, "fabmanager": {**_LAB, "time_zone": "UTC"}}}),
        ("live", {"dataset": {**_FRAME, "fabmanager": _LAB}, "profile": "live"}),
    ],
    "xurrent": [
        ("desk", {"dataset": {**_FRAME, "xurrent": desk.DESK}}),
        ("live", {"dataset": {**_FRAME, "xurrent": desk.DESK}, "profile": "live"}),
        (
            "limited",
            {"dataset": {**_FRAME, "xurrent": {**desk.DESK, "rate_limit": 3}}, "limits": True},
        ),
    ],
}
"""By API: what a world is called, and what it is made with."""

_DATES = (
    "2023-07-13T14:00:00.250%2B02:00 2023-07-13T14:00:00.251 2023-07-13T14:00:00.25"
    " 2023-07-13T12:00:00Z 2023-07-13"
    " 2023-07-13T17:00:00%2B03:30 2023-07-13T15:30 2023-07-13T15:30:59 2023-07-13T08:30:00-05:00"
    " 2023-07-13T15:30:00+00:00 2022-10-30T02:30 2022-10-30T02:30:59 2022-10-30T02:30:59%2B01:00"
    " 2023-03-26T02:30 2023-03-26T01:30:59 2023-03-26T02:30:59 2023-02-30 2023-13-01 tomorrow"
)
_PAIRS = (
    "per_page=0&after=x page=x&per_page=0 id=x&user_id=y available_type=x&page=y before=x&after=y"
    " per_page=1,2 per_page=x&page=2 page=2,3&per_page=1 per_page=-3 per_page=%2B2 per_page=2x"
    " id=1,2 id[]=1&id[]=3 id=[] available_type=Machine&available_id=[9,1]&per_page=3 id=9%20"
    " format=json format=xml page=1&page=2&per_page=1 available_type=machines available_id=1"
)


def pointed(api: str) -> Iterator[Question]:
    """Yield the requests for the worlds of an API."""
    if api == "intra42":
        yield from _tokens()
    if api == "fabmanager":
        yield from _dates()
    if api == "xurrent":
        yield from desk.questions()
    path = next(path for path in _LISTS if path.startswith(_PREFIXES[api]))
    for headers in (
        {"X-Request-Id": "mine-1"},
        {"X-Request-Id": "not;odd é"},
        {"If-None-Match": 'W/"0"'},
    ):
        yield Question("GET", path, {**HEADERS[api], **headers})


_PREFIXES = {"intra42": "/v2/", "fabmanager": "/open_api/", "xurrent": "/v1/"}


def _tokens() -> Iterator[Question]:
    for token in (*(token["token"] for token in _TOKENS), "nobody"):
        headers = {**AGENT, "Authorization": f"Bearer {token}"}
        for target in ("/oauth/token/info", "/v2/slots?page[size]=3", "/v2/nothing", "/v2/campus"):
            yield Question("GET", target, headers)
        for name in ("access_token", "bearer_token"):
            yield Question("GET", f"/v2/cursus?{name}={token}", AGENT)
        form = {**AGENT, "Content-Type": "application/x-www-form-urlencoded"}
        yield Question("GET", "/v2/cursus", form, f"access_token={token}")
    form = {**AGENT, "Content-Type": "application/x-www-form-urlencoded"}
    for uid in ("staff", "ended", "nobody"):
        for scope in ("", "public projects", "projects public", "public", "forum"):
            body = f"grant_type=client_credentials&client_id={uid}&client_secret=s&scope={scope}"
            yield Question("POST", "/oauth/token", form, body)
    half = {**form, "Authorization": "Basic c3RhZmY6"}
    for body in (
        "grant_type=client_credentials&client_id=staff&client_secret=s",
        "grant_type=refresh_token&client_id=staff&client_secret=s",
        "grant_type=refresh_token&client_id=staff&client_secret=s&refresh_token=a",
        "grant_type=authorization_code&client_id=staff&client_secret=s",
        "grant_type=authorization_code&client_id=staff&client_secret=x&redirect_uri=a",
    ):
        yield Question("POST", "/oauth/token", form, body)
        yield Question("POST", "/oauth/token", half, body)
    yield from list(tokens())[:6]


def _dates() -> Iterator[Question]:
    path = "/open_api/v1/availabilities"
    for name in ("after", "before"):
        for text in _DATES.split(" "):
            yield Question("GET", f"{path}?{name}={text}", HEADERS["fabmanager"])
    for query in _PAIRS.split():
        yield Question("GET", f"{path}?{query}", HEADERS["fabmanager"])
    for token in ("7yq3hkc9wnb5trf2xvm8szde", "7Yq3hKc9WnB5tRf2XvM8sZdE, a=1", "nobody"):
        headers = {**AGENT, "Authorization": f"Token token={token}"}
        yield Question("GET", f"{path}?per_page=0&after=x", headers)
        yield Question("GET", path, headers)


def recorded(profile: str) -> Iterator[Question]:
    """Yield the requests that were recorded of the real code, every third for `documented`."""
    lines = _RECORDED.read_text().splitlines()
    for text in lines[:: 1 if profile == "live" else 3]:
        line = json.loads(text)
        headers = {**AGENT, "Accept": "*/*", "Authorization": "Token token=mytoken"}
        yield Question(line["method"], line["url"], {**headers, **line["headers"]})


def graphs(ask: Ask) -> tuple[dict[str, Any], list[Question]]:
    """Return a world whose time is that at which a slot begins, and requests to it."""
    first = json.loads(ask(Question("GET", "/v2/slots?page[size]=1", HEADERS["intra42"])).body)[0]
    world = {"dataset": "documented", "now": first["begin_at"]}
    targets = (
        "/v2/slots?filter[future]=true",
        "/v2/slots?filter[future]=false&page[size]=2",
        "/v2/slots/graph?filter[future]=true",
        "/v2/slots/graph/on/begin_at/by/day?field=created_at&interval=week",
        f"/v2/slots?filter[id]={first['id']}&filter[end]=false",
        f"/v2/slots?filter[end]=false&filter[id]={first['id']}",
        f"/v2/slots?filter[id]={first['id']}&range[begin_at]=2016-01-01,2016-01-02",
        f"/v2/slots?range[begin_at]={first['begin_at']},{first['begin_at']}&page[size]=3",
        "/v2/projects_users?filter[marked]=true&filter[final_mark]=0,100&page[size]=2",
        "/v2/projects_users?range[final_mark]=1,50&range[id]=1,5",
    )
    return world, [Question("GET", target, HEADERS["intra42"]) for target in targets]
