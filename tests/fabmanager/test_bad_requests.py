"""Parameters of the wrong kind, queries that cannot be read."""

from collections.abc import Callable

import pytest

from tests.fabmanager.conftest import LIST, Lab

BAD_DATES = [
    "abc",
    "2016",
    "2016-05",
    "2016-13-45",
    "2016-02-30",
    "1900-02-29",
    "2023-02-29",
    "2016-04-31",
    "2016-00-10",
    "2016-05-00",
    "0999-01-01",
    "18/05/2016",
    "10:00",
    "may",
    "%20",
    "2016-05-18T25:00:00",
    "2016-05-18T24:00:01",
    "2016-05-18T12:60:00",
    "2016-05-18T12:00:60",
    "2016-05-18T12:00:00%2B24:00",
    "2016-05-18T1200",
    "20160518T12:00",
    "2016-05-18T",
    "2016-05-18%0A",
    "1463587228",
    "\N{ARABIC-INDIC DIGIT TWO}016-05-18",
    "2016-05-18%00",
    "null",
]


@pytest.mark.behaviour(
    "fabmanager.dates.kind", "fabmanager.dates.out_of_range", "fabmanager.errors.bad_request"
)
@pytest.mark.parametrize("text", BAD_DATES)
@pytest.mark.parametrize("name", ["after", "before"])
def test_dates_of_the_wrong_kind(lab: Lab, name: str, text: str) -> None:
    message = lab.refusal(f"{name}={text}")
    assert message.startswith(f"Invalid parameter '{name}' value ")
    assert message.endswith(": Must be a DateTime")


@pytest.mark.behaviour("fabmanager.dates.kind")
@pytest.mark.parametrize("text", ["2016-02-29", "2000-02-29", "20240229", "2016-12-31T24:00"])
def test_dates_that_exist(lab: Lab, text: str) -> None:
    assert lab.get(f"after={text}").status_code == 200


@pytest.mark.behaviour("fabmanager.lists.comma", "fabmanager.errors.bad_request")
@pytest.mark.parametrize("name", ["user_id", "id", "available_id"])
@pytest.mark.parametrize(
    "value",
    ["1,2", "abc", "1.0", "[1", "[1,]", "[a]", "[[1]]", "%201", "[1;2]", "null", "²", "%00"],
)
def test_lists_of_the_wrong_kind(lab: Lab, name: str, value: str) -> None:
    message = lab.refusal(f"{name}={value}&available_type=Machine")
    assert message.startswith(f"Invalid parameter '{name}' value ")
    assert message.endswith("Must be one of: Integer, Array")


@pytest.mark.behaviour("fabmanager.lists.comma")
def test_live_counts_the_first_number(lab_with: Callable[..., Lab]) -> None:
    live = lab_with("validation-off")
    for value in ("3,4", "3abc", "3.9", "%203", "0003"):
        assert live.ids(f"id={value}") == [3]
    assert live.ids("id=[[3],4]") == [4, 3]
    assert live.ids("id[][]=3") == [3]
    assert live.ids("id[][]=3&id[][]=4") == []
    assert live.ids("id=1_0") == [10]
    for value in ("abc", "[1", "[a]", "%00"):
        assert live.ids(f"id={value}") == []
    assert live.ids("id[]=") == []


@pytest.mark.behaviour("fabmanager.availabilities.available_type.kind")
@pytest.mark.parametrize("value", ["machine", "machines", "Foo", "Machine,Event", "%20", "%00"])
def test_types_of_the_wrong_kind(lab: Lab, value: str) -> None:
    message = lab.refusal(f"available_type={value}")
    assert message.endswith("Must be one of: Event, Machine, Space, Training")


@pytest.mark.behaviour("fabmanager.availabilities.available_type.kind")
def test_live_types_match_records_without_one(lab_with: Callable[..., Lab]) -> None:
    live = lab_with("validation-off")
    for value in ("=machine", "=Foo", "[]=Machine", "[a]=Machine"):
        assert live.ids(f"available_type{value}") == []
    assert live.ids("available_type=%20") == live.ids()
    assert (
        live.server_error("available_type=Foo&available_id=1")
        == "no implicit conversion of nil into String"
    )
    assert live.ids("available_type=Foo&available_id=[]") == []
    untyped = lab_with("validation-off", "damaged-records").get("available_type=Foo")
    assert untyped.status_code == 500
    assert untyped.headers["Total"] == "1"


@pytest.mark.behaviour("fabmanager.errors.wrong_shape")
@pytest.mark.parametrize(
    "query",
    [
        "page[]=1",
        "page[a]=1",
        "per_page[]=1",
        "after[]=2026-11-01",
        "before[a]=1",
        "available_type[]=Machine",
        "id[a]=1",
        "id[][a]=1",
        "user_id[a][b]=1",
        "user_id[]=a",
        "id[]=",
        "available_id[a]=1&available_type=Machine",
    ],
)
def test_values_of_the_wrong_shape(lab: Lab, query: str) -> None:
    assert lab.refusal(query).startswith("Invalid parameter '")


@pytest.mark.behaviour("fabmanager.errors.wrong_shape")
@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "id[a]=1",
            "undefined method `chars' for "
            '#<ActionController::Parameters {"a"=>"1"} permitted: false>',
        ),
        ("page[]", "undefined method `to_i' for []:Array"),
        ("after[]=1", "no implicit conversion of Array into String"),
        ("before[a]=1", "no implicit conversion of ActionController::Parameters into String"),
        ('page[]="%0A%00', 'undefined method `to_i\' for ["\\"\\n\\u0000"]:Array'),
        (
            "per_page[a][b]=1",
            "undefined method `to_i' for "
            '#<ActionController::Parameters {"a"=>{"b"=>"1"}} permitted: false>',
        ),
    ],
)
def test_live_fails_with_the_text_of_ruby(live: Lab, query: str, message: str) -> None:
    assert live.server_error(query) == message
    response = live.get(query, headers={"Accept": None})
    assert response.status_code == 500
    assert response.mimetype == "application/json"
    assert "Total" not in response.headers


@pytest.mark.behaviour("fabmanager.errors.bad_request")
def test_the_first_wrong_parameter_is_named(lab: Lab, live: Lab) -> None:
    names = ["after", "before", "user_id", "id", "available_type", "available_id", "page"]
    for index, name in enumerate(names):
        wrong = "&".join(f"{each}=x y" for each in reversed([*names[index:], "per_page"]))
        assert f"'{name}'" in lab.refusal(wrong)
    assert live.get("page=x&available_type=y&id=z").status_code == 200


@pytest.mark.behaviour("fabmanager.errors.bad_request", "fabmanager.errors.wrong_shape")
def test_dates_are_validated_until_they_are_read_leniently(lab_with: Callable[..., Lab]) -> None:
    unvalidated = lab_with("validation-off")
    both = lab_with("validation-off", "lenient-dates")
    assert unvalidated.get("page=x&available_type=y&id=z&user_id=z").status_code == 200
    for name in ("after", "before"):
        assert unvalidated.refusal(f"{name}=abc").endswith("Must be a DateTime")
        assert unvalidated.refusal(f"{name}[]=x").endswith("Must be a DateTime")
        assert both.ids(f"{name}=abc") == []
        assert both.server_error(f"{name}[]=x") == "no implicit conversion of Array into String"


@pytest.mark.behaviour("fabmanager.errors.bad_request")
def test_a_refusal_carries_the_headers_of_the_endpoint(lab: Lab) -> None:
    response = lab.get("page=x")
    assert response.data == (
        b'{"errors":["Bad request","Invalid parameter \'page\' value \\"x\\": Must be a Integer"]}'
    )
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "ETag" not in response.headers


@pytest.mark.behaviour("fabmanager.errors.bad_request")
def test_values_are_shown_escaped(lab: Lab) -> None:
    response = lab.get("after=%3Cb%3E%26")
    assert b"\\u003cb\\u003e\\u0026" in response.data
    assert "<b>&" in response.json["errors"][1]


UNREADABLE = ["id=%ff", "id=%zz", "id=1&id[]=2", "page=1&page[a]=2", "x=%", "%ff=1", "a[b]=1&a[]=2"]


@pytest.mark.behaviour("fabmanager.errors.unreadable")
@pytest.mark.parametrize("query", UNREADABLE)
def test_queries_that_cannot_be_read(lab: Lab, lab_with: Callable[..., Lab], query: str) -> None:
    assert lab.refusal(query)
    framework = lab_with("framework-error-pages")
    for headers in ({}, {"Authorization": None}):
        response = framework.get(query, headers=headers)
        assert response.status_code == 400
        assert response.data == b'{"status":400,"error":"Bad Request"}'
        assert response.content_type == "application/json; charset=UTF-8"
        assert "X-Frame-Options" not in response.headers
    html = framework.get(query, headers={"Accept": "text/html"})
    assert (html.data, html.mimetype) == (b"", "text/html")


@pytest.mark.behaviour("fabmanager.errors.doubled")
def test_the_last_of_a_doubled_parameter_counts(lab: Lab, live: Lab) -> None:
    for client in (lab, live):
        assert client.ids("id=1&id=3") == [3]
        assert client.get("per_page=x&per_page=7").headers["Per-Page"] == "7"


@pytest.mark.behaviour("fabmanager.errors.too_large")
def test_a_body_that_is_too_large(lab: Lab) -> None:
    body = b"x" * (1024 * 1024 + 1)
    response = lab.get(data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert response.json == {"status": 413, "error": "Payload Too Large"}


@pytest.mark.behaviour("fabmanager.errors.unreadable")
def test_a_body_that_cannot_be_read(lab: Lab) -> None:
    response = lab.get(data=b"{", content_type="application/json")
    assert response.status_code == 400
    assert response.json["errors"][0] == "Bad request"


def test_bodies_are_parameters_too(lab: Lab) -> None:
    assert [
        availability["id"]
        for availability in lab.get(json={"id": [1, 3], "per_page": 5, "after": None}).json[
            "availabilities"
        ]
    ] == [3, 1]
    for wrong in ({"id": [True]}, {"id": {}, "page": True}, {"page": 1.5}, {"after": 5}):
        assert lab.get(json=wrong).status_code == 400


@pytest.mark.behaviour("fabmanager.errors.wrong_shape")
def test_live_shows_values_of_a_body_as_ruby_does(live: Lab) -> None:
    for value, shown in (
        (1, "1:Integer"),
        (0, "0:Integer"),
        (1.5, "1.5:Float"),
        (True, "true:TrueClass"),
        (
            {"a": 1, "b": None},
            '#<ActionController::Parameters {"a"=>1, "b"=>nil} permitted: false>',
        ),
    ):
        response = live.get(json={"id": value})
        assert response.json["error"][1] == f"undefined method `chars' for {shown}"
    assert live.get(json={"per_page": False}).headers["Per-Page"] == "20"


@pytest.mark.parametrize("size", [100, 10_000, 60_000])
def test_long_values_are_refused_briefly(lab: Lab, size: int) -> None:
    response = lab.get(f"available_type={'x' * size}")
    assert response.status_code == 400
    assert len(response.data) < 1000


def test_odd_paths_are_not_found(lab: Lab) -> None:
    for path in (f"{LIST}/%ff", f"{LIST}/%00", f"{LIST}.", f"{LIST};x", "/open_api/%zz"):
        assert lab.get(path=path).status_code in {404, 200}
