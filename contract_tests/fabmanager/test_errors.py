"""Bad requests."""

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import AVAILABILITIES, listed, newest, page

FRAMEWORK = {"status": 400, "error": "Bad Request"}
NAMES = ("after", "before", "user_id", "id", "available_type", "available_id", "page", "per_page")


def expect_bad_request(answer: Answer) -> str:
    """Assert that an answer is the API's 400; return what it says was wrong."""
    errors = answer.expect_status(400).json.get("errors")
    right = isinstance(errors, list) and len(errors) == 2 and errors[0] == "Bad request"
    expect_that("the body", right, '{"errors": ["Bad request", …]}', answer.text)
    return str(errors[1])


@behaviour("fabmanager.errors.bad_request", invalid=True)
def test_the_first_wrong_parameter_is_named(fabmanager: Target) -> None:
    for index, name in enumerate(NAMES):
        params = [(wrong, "nonsense") for wrong in reversed(NAMES[index:])]
        if name == "available_id":
            params = [("available_type", "Machine"), *params]
        message = expect_bad_request(fabmanager.get(AVAILABILITIES, params=params))
        expect_that("what it names", f"'{name}'" in message, f"'{name}'", message)


@behaviour("fabmanager.errors.bad_request", live=True, invalid=True)
def test_nothing_is_validated(fabmanager: Target) -> None:
    for name in ("page", "per_page", "user_id", "id", "available_type", "available_id"):
        page(fabmanager, {name: "nonsense"})


@behaviour("fabmanager.errors.wrong_shape", invalid=True)
def test_hashes_and_lists_are_refused(fabmanager: Target) -> None:
    for query in (
        "after[]=2016-01-01",
        "before[a]=1",
        "page[]=1",
        "per_page[a]=1",
        "id[a]=1",
        "user_id[a]=1",
        "available_type[]=Machine",
    ):
        expect_bad_request(fabmanager.get(f"{AVAILABILITIES}?{query}"))


@behaviour("fabmanager.errors.wrong_shape", live=True, invalid=True)
def test_hashes_and_lists_are_exceptions(fabmanager: Target) -> None:
    for query, words in (
        ("id[a]=1", "undefined method `chars' for"),
        ("after[]=2016-01-01", "no implicit conversion of Array into String"),
    ):
        answer = fabmanager.get(f"{AVAILABILITIES}?{query}").expect_status(500)
        kind, message = answer.json["error"]
        expect("the kind of error", "Server error", kind)
        expect_that("its message", message.startswith(words), words, message)


@behaviour("fabmanager.errors.unreadable", invalid=True)
def test_unreadable_queries_are_refused(fabmanager: Target) -> None:
    for query in ("after=%ff", "unknown=%ff", "page=1&page[]=2", "id[]=1&id[a]=2"):
        expect_bad_request(fabmanager.get(f"{AVAILABILITIES}?{query}"))


@behaviour("fabmanager.errors.unreadable", live=True, invalid=True)
def test_unreadable_queries_are_refused_by_the_framework(fabmanager: Target) -> None:
    answer = fabmanager.get(f"{AVAILABILITIES}?after=%ff", auth=False)
    answer.expect_status(400).expect_json(FRAMEWORK)


@behaviour("fabmanager.errors.doubled")
def test_of_doubled_parameters_the_last_counts(fabmanager: Target) -> None:
    need(len(newest(fabmanager)) > 2, "three availabilities")
    for sizes in ((1, 3), (3, 1)):
        answer = page(fabmanager, [("per_page", size) for size in sizes])
        expect("how many are on the page", sizes[-1], len(fabmanager.records(answer)))
        answer.expect_header("Per-Page", str(sizes[-1]))
    plain = {number: listed(fabmanager, {"per_page": 1, "page": number}) for number in (1, 2)}
    need(plain[1] != plain[2], "two pages that are unlike each other")
    for numbers in ((1, 2), (2, 1)):
        params = [("per_page", 1), *(("page", number) for number in numbers)]
        expect(f"page {numbers}", plain[numbers[-1]], listed(fabmanager, params))


@behaviour("fabmanager.errors.too_large", invalid=True)
def test_large_bodies_are_refused(fabmanager: Target) -> None:
    answer = fabmanager.get(AVAILABILITIES, body=b"x" * (1024 * 1024 + 1))
    answer.expect_status(413).expect_json({"status": 413, "error": "Payload Too Large"})
