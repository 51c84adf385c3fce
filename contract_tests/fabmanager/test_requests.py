"""Paths, methods, formats."""

from urllib.parse import urlsplit

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import AVAILABILITIES, FAR_FUTURE, listed, newest, page, starts

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
AXIOS = "application/json, text/plain, */*"
JSON = (
    *("application/json", "application/json;q=0.5", "application/json; charset=utf-8"),
    *("text/html, application/json", "text/html, application/json;q=0.9", "application/*"),
)
NOT_FOUND = {"status": 404, "error": "Not Found"}
NOT_ALLOWED = {"status": 405, "error": "Method Not Allowed"}
UNROUTED = (f"{AVAILABILITIES}/1", "/open_api/v2/availabilities", "/open_api/v1/nothing")


@behaviour("fabmanager.availabilities.route")
def test_the_list_is_served(fabmanager: Target) -> None:
    records = newest(fabmanager)
    need(records, "an availability")
    for record in records:
        expect_that(
            "the slots of an availability", isinstance(record["slots"], list), "a list", record
        )
    expect_that(
        "slots", any(record["slots"] for record in records), "some", "none in the whole list"
    )


@behaviour("fabmanager.availabilities.head")
def test_head_is_get_without_a_body(fabmanager: Target) -> None:
    need(len(newest(fabmanager)) > 4, "five availabilities")
    for params in ({"per_page": 2}, {"per_page": 2, "page": 2}, {"after": FAR_FUTURE}):
        whole = page(fabmanager, params)
        head = fabmanager.head(AVAILABILITIES, params=params).expect_status(200)
        expect("the body of HEAD", b"", head.body)
        for name in ("Total", "Per-Page", "Link", "Content-Type", "ETag", "Cache-Control", "Vary"):
            head.expect_header(name, whole.headers.get(name))


@behaviour("fabmanager.availabilities.path_spellings")
def test_slash_and_suffix_are_understood(fabmanager: Target) -> None:
    need(len(newest(fabmanager)) > 1, "two availabilities")
    plain = fabmanager.records(page(fabmanager, {"per_page": 1}))
    for spelling, linked in (
        (f"{AVAILABILITIES}/", AVAILABILITIES),
        (f"{AVAILABILITIES}.json", f"{AVAILABILITIES}.json"),
    ):
        answer = fabmanager.get(spelling, params={"per_page": 1}).expect_status(200)
        expect(f"what {spelling} lists", starts(plain), starts(fabmanager.records(answer)))
        path = urlsplit(answer.links.get("next", "")).path
        expect_that("the path of its next link", path.endswith(linked), linked, path)
        params = {"per_page": 1, "page": 2}
        second = fabmanager.records(fabmanager.get(spelling, params=params).expect_status(200))
        expect(f"the second page of {spelling}", listed(fabmanager, params), second)
        need(second != plain, "two availabilities that are unlike each other")
        nothing = fabmanager.get(spelling, params={"after": FAR_FUTURE}).expect_status(200)
        expect(f"what {spelling} lists after {FAR_FUTURE}", [], fabmanager.records(nothing))


@behaviour("fabmanager.routing.not_found")
def test_other_paths_are_not_found(fabmanager: Target) -> None:
    for path in UNROUTED:
        for accepted in ("application/json", "text/html"):
            answer = fabmanager.get(path, headers={"Accept": accepted}, auth=False)
            answer.expect_status(404).expect_json(NOT_FOUND)


@behaviour("fabmanager.routing.not_found", needs=("writes",))
def test_other_methods_are_not_found(fabmanager: Target) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = fabmanager.request(method, AVAILABILITIES, auth=False)
        answer.expect_status(404).expect_json(NOT_FOUND)


@behaviour("fabmanager.routing.not_found", live=True)
def test_other_paths_are_not_found_in_the_format_asked_for(fabmanager: Target) -> None:
    for path in UNROUTED:
        fabmanager.get(path, auth=False).expect_status(404).expect_json(NOT_FOUND)
        page_ = fabmanager.get(path, headers={"Accept": "text/html"}, auth=False).expect_status(404)
        kind = page_.headers.get("Content-Type", "")
        expect_that("the Content-Type", kind.startswith("text/html"), "text/html", kind)


@behaviour("fabmanager.routing.unknown_method", needs=("writes",))
def test_what_is_no_method_is_not_allowed(fabmanager: Target) -> None:
    for method in ("LIST", "QUERY"):
        for path in (AVAILABILITIES, *UNROUTED):
            answer = fabmanager.request(method, path, auth=False)
            answer.expect_status(405).expect_json(NOT_ALLOWED)


@behaviour("fabmanager.routing.format")
def test_other_suffixes_are_not_found_and_format_is_ignored(fabmanager: Target) -> None:
    fabmanager.get(f"{AVAILABILITIES}.xml").expect_status(404)
    pages = [starts(listed(fabmanager, {"per_page": 3, "page": number})) for number in (1, 2)]
    need(pages[0] != pages[1], "two pages that are unlike each other")
    for number, expected in enumerate(pages, 1):
        seen = listed(fabmanager, {"per_page": 3, "page": number, "format": "xml"})
        expect("the list with format=xml", expected, starts(seen))


@behaviour("fabmanager.routing.format", live=True)
def test_suffix_and_format_name_the_format(fabmanager: Target) -> None:
    fabmanager.get(f"{AVAILABILITIES}.xml").expect_status(406)
    fabmanager.get(AVAILABILITIES, params={"format": "xml"}).expect_status(406)
    page(fabmanager, {"format": "json", "per_page": 1}, headers={"Accept": "text/html"})


@behaviour("fabmanager.accept.any")
def test_accept_makes_no_difference(fabmanager: Target) -> None:
    for accepted in (None, "text/html", BROWSER, AXIOS, "*/*", *JSON):
        answer = page(fabmanager, {"per_page": 1}, headers={"Accept": accepted})
        answer.expect_header("Content-Type", "application/json; charset=utf-8")


@behaviour("fabmanager.accept.any", live=True)
def test_json_must_be_accepted(fabmanager: Target) -> None:
    for accepted in (None, "text/html", BROWSER, AXIOS):
        answer = fabmanager.get(AVAILABILITIES, headers={"Accept": accepted}).expect_status(406)
        expect("the body of the 406", b"", answer.body)
    for accepted in ("*/*", *JSON[:2]):
        page(fabmanager, {"per_page": 1}, headers={"Accept": accepted})


@behaviour("fabmanager.accept.any", live=True, invalid=True)
def test_what_is_no_media_type_is_refused_first(fabmanager: Target) -> None:
    for accepted in ("nonsense", "application/json, nonsense"):
        fabmanager.get(AVAILABILITIES, headers={"Accept": accepted}, auth="invalid").expect_status(
            406
        )


@behaviour("fabmanager.accept.vary")
def test_vary_is_sent_where_accept_decides(fabmanager: Target) -> None:
    page(fabmanager, {"per_page": 1}).expect_header("Vary", "Accept")
    fabmanager.get(f"{AVAILABILITIES}.json").expect_status(200).expect_header("Vary", None)
    for accepted in (None, AXIOS):
        fabmanager.get(AVAILABILITIES, headers={"Accept": accepted}).expect_header("Vary", None)


@behaviour("fabmanager.cors.none")
def test_no_header_of_cors(fabmanager: Target) -> None:
    answer = page(fabmanager, {"per_page": 1}, headers={"Origin": "https://example.org"})
    named = [name for name, _ in answer.headers if name.lower().startswith("access-control-")]
    expect("the headers of CORS", [], named)
