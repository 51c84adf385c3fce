"""Paths, parameters, bodies and methods of requests."""

import json
from typing import Any
from urllib.parse import urlencode

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import CAMPUS, SLOTS, WORK, a_user, first_ones, ids, known_ids, page, total, window

NOT_FOUND = {"status": 404, "error": "Not Found"}
BAD_REQUEST = {"status": 400, "error": "Bad Request"}
TOO_LARGE = {"status": 413, "error": "Payload Too Large"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
UNROUTED = (
    *("/v2/nothing", "/v2/slots/1/nothing", "/v2/slots/graph/by/day", "/oauth/nothing"),
    *("/v2/slots/graph/on/begin_at/by/day/more", "/v2/users/1/projects_users/graph/on"),
)
MOST_VALUES = 2000
MEGABYTE = 1024 * 1024


@behaviour("intra42.request.body")
def test_parameters_in_a_json_body(intra42: Target) -> None:
    params, records = window(intra42, WORK, 6)
    body: dict[str, Any] = {
        "page": {"number": 2, "size": 3},
        "range": {"id": params["range[id]"]},
        "sort": "-id",
    }
    answer = page(intra42, WORK, json=body)
    expected = sorted(ids(records), reverse=True)[3:6]
    expect("the second page of three", expected, ids(intra42.records(answer)))
    answer.expect_header("X-Total", str(len(records))).expect_header("X-Page", "2")
    filtered = page(intra42, WORK, json={"filter": {"id": records[0]["id"]}})
    expect("the one asked for", [records[0]["id"]], ids(intra42.records(filtered)))


@behaviour("intra42.request.body")
def test_parameters_in_a_form_body(intra42: Target) -> None:
    params, records = window(intra42, SLOTS, 4)
    form = {"range[id]": params["range[id]"], "sort": "id", "per_page": "3"}
    answer = page(intra42, SLOTS, headers=FORM, body=urlencode(form).encode())
    expect("the first three", ids(records)[:3], ids(intra42.records(answer)))
    answer.expect_header("X-Total", str(len(records)))


@behaviour("intra42.request.paths")
def test_spellings_of_a_path(intra42: Target) -> None:
    params, records = window(intra42, SLOTS, 2)
    for spelling in ("/v2//slots", "//v2/slots", "/v2/slots/", "/v2/slots.json"):
        seen = intra42.records(page(intra42, spelling, params))
        expect(f"the slots at {spelling}", known_ids(records), known_ids(seen))
    nested = f"/v2/users/{a_user(intra42)['id']}/projects_users"
    plain_rows = intra42.records(page(intra42, nested))
    need(len(plain_rows) > 1, f"two rows in {nested}")
    for spelling in (f"{nested}/", f"{nested}.json", nested.replace("/users", "//users")):
        seen = intra42.records(page(intra42, spelling, {"per_page": 1, "page": 2}))
        expect(f"the second of {spelling}", plain_rows[1:2], seen)
    days = "/graph/on/begin_at/by/day"
    plain = page(intra42, f"{SLOTS}{days}").text
    for spelling in (f"{SLOTS}/{days}/", f"{SLOTS}{days}.json"):
        expect(f"the graph at {spelling}", plain, page(intra42, spelling).text)


@behaviour("intra42.request.unknown_parameter")
def test_unknown_parameters_are_ignored(intra42: Target) -> None:
    plain = page(intra42, SLOTS)
    need(intra42.records(plain), "a slot")
    need(total(intra42, SLOTS, {"filter[id]": 0}) == 0, "a parameter that leaves something out")
    meaningless = ("unknown=1", "nonsense[id]=2", "order=-id", "campus_id=1", "limit=1", "id=1")
    for query in (*meaningless, "user_id", "sort", "filter", "range", "page"):
        answer = page(intra42, SLOTS, query)
        expect(f"the list with {query}", plain.text, answer.text)
        answer.expect_header("X-Total", plain.headers.get("X-Total"))


@behaviour("intra42.request.malformed", invalid=True)
def test_queries_that_cannot_be_read(intra42: Target) -> None:
    for path in (SLOTS, WORK, f"{SLOTS}/graph", CAMPUS):
        for query in ("filter=1", "filter[id]=%ZZ", "filter[id]=%FF", "filter[]=1", "range=1,2"):
            intra42.get(f"{path}?{query}").expect_status(400).expect_json(BAD_REQUEST)
    intra42.get("/oauth/token/info?a=%ZZ").expect_status(400).expect_json(BAD_REQUEST)
    for query in ("sort[]=id", "filter[id]=1&filter=2&filter[id]=3"):
        intra42.get(f"{SLOTS}?{query}").expect_status(400).expect_json(BAD_REQUEST)


@behaviour("intra42.request.malformed", invalid=True)
def test_bodies_that_cannot_be_read(intra42: Target) -> None:
    for headers, body in (
        (JSON, b'{"page": '),
        (JSON, b'{"page": NaN}'),
        (JSON, b"\xff"),
        (JSON, b"[1, 2]"),
        (FORM, b"filter[id]=%FF"),
        (FORM, b"filter=1"),
    ):
        answer = intra42.get(SLOTS, headers=headers, body=body)
        answer.expect_status(400).expect_json(BAD_REQUEST)


@behaviour("intra42.request.too_large", invalid=True)
def test_filters_of_too_many_values(intra42: Target) -> None:
    values = [str(number) for number in range(1, MOST_VALUES + 2)]
    page(intra42, SLOTS, {"filter[id]": ",".join([*values[:MOST_VALUES], "1"]), "per_page": 1})
    for path in (SLOTS, f"{SLOTS}/graph"):
        answer = intra42.get(path, params={"filter[id]": ",".join(values)})
        answer.expect_status(413).expect_json(TOO_LARGE)


@behaviour("intra42.request.too_large", invalid=True, needs=("data",))
def test_bodies_that_are_too_large(intra42: Target) -> None:
    body = json.dumps({"filler": "x" * MEGABYTE}).encode()
    answer = intra42.get(SLOTS, headers=JSON, body=body)
    answer.expect_status(413).expect_json(TOO_LARGE)


@behaviour("intra42.request.not_routed")
def test_other_paths_are_not_found(intra42: Target) -> None:
    for path in UNROUTED:
        intra42.get(path, auth=False).expect_status(404).expect_json(NOT_FOUND)
    for auth in (True, "invalid"):
        intra42.get(UNROUTED[0], auth=auth).expect_status(404).expect_json(NOT_FOUND)


@behaviour("intra42.request.not_routed", needs=("writes",))
def test_other_methods_are_not_found(intra42: Target) -> None:
    for method, path in (("POST", CAMPUS), ("PUT", CAMPUS), ("DELETE", WORK), ("PATCH", CAMPUS)):
        answer = intra42.request(method, path, auth=False)
        answer.expect_status(404).expect_json(NOT_FOUND)


@behaviour("intra42.request.not_routed", live=True)
def test_other_paths_are_a_page(intra42: Target) -> None:
    for path in UNROUTED:
        answer = intra42.get(path, auth=False).expect_status(404)
        kind = answer.headers.get("Content-Type", "")
        expect_that("the Content-Type", kind.startswith("text/html"), "text/html", kind)
        right = "<html" in answer.text.lower()
        expect_that("the body", right, "an HTML page", answer.text[:80])


@behaviour("intra42.request.user_agent")
def test_no_user_agent_is_needed(intra42: Target) -> None:
    named = page(intra42, SLOTS, {"per_page": 1})
    for path in (SLOTS, f"{SLOTS}/graph/on/begin_at/by/day", "/oauth/token/info"):
        page(intra42, path, {"per_page": 1}, headers={"User-Agent": None})
    nameless = page(intra42, SLOTS, {"per_page": 1}, headers={"User-Agent": None})
    expect("the list", named.text, nameless.text)


@behaviour("intra42.request.user_agent", live=True)
def test_a_user_agent_is_needed(intra42: Target) -> None:
    for path in (SLOTS, f"{SLOTS}/graph/on/begin_at/by/day"):
        answer = intra42.get(path, headers={"User-Agent": None}).expect_status(403)
        expect("the body of the 403", b"", answer.body)
        intra42.get(path).expect_status(200)


@behaviour("intra42.request.head")
def test_head_is_get_without_a_body(intra42: Target) -> None:
    need(first_ones(intra42, SLOTS), "a slot")
    second = f"{WORK}?per_page=2&page=2"
    for path in (f"{SLOTS}?per_page=2", second, f"{SLOTS}/graph/on/begin_at/by/day", CAMPUS):
        whole = page(intra42, path)
        head = intra42.head(path).expect_status(200)
        expect("the body of HEAD", b"", head.body)
        names = ("X-Total", "X-Per-Page", "X-Page", "X-Application-Id", "Cache-Control")
        for name in (*names, "Link", "Content-Type", "ETag"):
            head.expect_header(name, whole.headers.get(name))
    intra42.head(SLOTS, auth=False).expect_status(401)
