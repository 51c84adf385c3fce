"""Which fields filter and range take, and how their values are spelled."""

from collections.abc import Callable

import pytest

from tests.intra42.conftest import Intra
from tests.intra42.tables import campus_users, slots


@pytest.mark.parametrize(
    "url",
    [
        "/v2/slots?filter[future]=maybe",
        "/v2/slots?filter[end]=1",
        "/v2/slots/graph?filter[end]=",
        "/v2/projects_users?filter[marked]=TRUE",
        "/v2/projects_users?filter[retriable]=,true",
        "/v2/projects_users?filter[cursus]=01",
        "/v2/projects_users?filter[campus]=",
    ],
)
@pytest.mark.behaviour("intra42.filter.list.outside")
def test_values_outside_a_fixed_list(intra: Intra, url: str) -> None:
    response = intra.get(url)
    assert response.status_code == 400
    assert response.json["error"] == "Filter Error"


@pytest.mark.behaviour("intra42.filter.unknown", "intra42.filter.slots.campus_id")
def test_a_field_that_cannot_be_filtered_by(intra: Intra) -> None:
    response = intra.get("/v2/slots?filter[campus_id]=1")
    assert response.status_code == 400
    assert response.json == {
        "error": "Filter Error",
        "message": "Attributes campus_id doesn't exists."
        " You can only filter on: [id, begin_at, end_at, created_at, future, end]",
    }


@pytest.mark.behaviour("intra42.filter.slots.campus_id")
def test_the_quirk_filters_slots_by_campus(intra_with: Callable[..., Intra]) -> None:
    live = intra_with("slots-campus-filter")
    members = {row.user_id for row in live.rows(campus_users) if row.campus_id == 99}
    expected = {row.id for row in live.rows(slots) if row.user_id in members}
    assert {*live.ids("/v2/slots?filter[campus_id]=99")} == expected
    assert live.get("/v2/slots?filter[campus_id]=3").status_code == 400


@pytest.mark.behaviour("intra42.range.unknown")
def test_a_field_that_cannot_be_ranged_over(intra: Intra) -> None:
    response = intra.get("/v2/slots/graph?range[future]=1,2")
    assert response.status_code == 400
    assert response.json == {
        "error": "Range Error",
        "message": "Attributes future doesn't exists."
        " You can only range on: [id, begin_at, end_at, created_at]",
    }


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2020-02-29T00:00:00+00:00", "2020-02-29T00:00:00Z"),
        ("2020-02-29T00:00:00+02:00", "2020-02-29T00:00:00Z"),
        ("2020-02-29T00:00+0200", "2020-02-29T00:00Z"),
        ("2020-02-29+00:00:00.000+02:00", "2020-02-29T00:00:00Z"),
        ("2020-02-29+00:00", "2020-02-29T00:00:00Z"),
        ("2020-02-29T00:00:00%2B02:00", "2020-02-28T22:00:00Z"),
    ],
)
@pytest.mark.behaviour("intra42.filter.lost_plus")
def test_an_offset_that_lost_its_sign(intra: Intra, text: str, meant: str) -> None:
    for query in ("filter[begin_at]={}", "range[begin_at]={},", "range[begin_at]={0},{0}"):
        kept = intra.ids(f"/v2/slots?{query.format(text)}")
        assert kept == intra.ids(f"/v2/slots?{query.format(meant)}")
    assert intra.ids(f"/v2/slots?range[begin_at]={text},")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2020-3-1", "2020-03-01"),
        ("2020-2-29", "2020-02-29"),
        ("2020-1-1T00:00:00.000Z", "2020-01-01T00:00:00Z"),
        ("2020-3-01+8:15", "2020-03-01T08:15Z"),
        ("2020-03-01+12:30:00+UTC", "2020-03-01T12:30:00Z"),
        ("2020-03-01T12:30:00.001GMT", "2020-03-01T12:30:00.001Z"),
        ("2020-03-01+12:30:00+%2B0000", "2020-03-01T12:30:00Z"),
        ("2020-03-01+14:30:00+%2B0200", "2020-03-01T12:30:00Z"),
        ("2020-03-01+07:00:00+-05:30", "2020-03-01T12:30:00Z"),
        ("2020-03-01T14:30:00%2B02", "2020-03-01T12:30:00Z"),
        ("2020-03-01+12:30:00++0200", "2020-03-01T12:30:00Z"),
    ],
)
@pytest.mark.behaviour("intra42.filter.spelling")
def test_spellings_of_an_instant(intra: Intra, text: str, meant: str) -> None:
    for query in ("filter[begin_at]={}", "range[begin_at]={},", "range[begin_at]=,{}"):
        kept = intra.ids(f"/v2/slots?{query.format(text)}")
        assert kept == intra.ids(f"/v2/slots?{query.format(meant)}")
    assert intra.ids(f"/v2/slots?range[begin_at]={text},")
    assert intra.ids(f"/v2/slots?range[begin_at]=,{text}")


@pytest.mark.parametrize(
    ("resource", "field", "value"),
    [
        ("slots", "end_at", "nil"),
        ("slots", "begin_at", "2023-2-29"),
        ("slots", "begin_at", "2023-00-1"),
        ("slots", "begin_at", "2023-1-0"),
        ("slots", "begin_at", "2023-4-31"),
        ("slots", "begin_at", "2023-01-01+UTC"),
        ("slots", "begin_at", "2023-02-29"),
        ("slots", "begin_at", "2023-13-01"),
        ("slots", "begin_at", "2023-01-01T24:00:00Z"),
        ("slots", "begin_at", "2023-01-01+01:00:00+1"),
        ("slots", "begin_at", ""),
        ("slots", "id", "one"),
        ("slots", "id", ",1"),
        ("slots", "id", "1,,2"),
        ("slots", "id", ","),
        ("slots", "id", "1.5"),
        ("slots", "id", "9" * 30),
        ("slots", "id", "%00"),
        ("slots", "id", "٣"),
        ("projects_users", "status", "a%00b"),
        ("projects_users", "status", ""),
        ("projects_users", "final_mark", "null"),
    ],
)
@pytest.mark.behaviour("intra42.filter.value")
def test_a_filter_s_value_of_the_wrong_kind(
    intra: Intra, resource: str, field: str, value: str
) -> None:
    for suffix in ("", "/graph"):
        response = intra.get(f"/v2/{resource}{suffix}?filter[{field}]={value}")
        assert response.status_code == 422
        assert response.json["error"] == "Filter Error"
        assert f"for the field {field}" in response.json["message"]


@pytest.mark.parametrize(
    ("resource", "field", "value"),
    [
        ("slots", "id", "5"),
        ("slots", "id", ","),
        ("slots", "id", "1,2,3"),
        ("slots", "id", "a,b"),
        ("slots", "begin_at", "2020-02-30,"),
        ("slots", "begin_at", "tomorrow,"),
        ("projects_users", "status", "a"),
        ("projects_users", "final_mark", "0,49.5"),
    ],
)
@pytest.mark.behaviour("intra42.range.value")
def test_a_range_of_the_wrong_kind(intra: Intra, resource: str, field: str, value: str) -> None:
    response = intra.get(f"/v2/{resource}?range[{field}]={value}")
    assert response.status_code == 422
    assert response.json["error"] == "Range Error"


@pytest.mark.behaviour("intra42.filter.value")
def test_a_filter_given_as_a_list(intra: Intra) -> None:
    assert intra.get("/v2/slots?filter[id][]=1").status_code == 422
    assert intra.get("/v2/slots?filter[id][a]=1").status_code == 422


@pytest.mark.parametrize("parameter", ["filter", "range"])
@pytest.mark.behaviour("intra42.request.malformed")
def test_a_filter_that_is_no_hash(intra: Intra, parameter: str) -> None:
    response = intra.get(f"/v2/slots?{parameter}=5")
    assert response.status_code == 400
    assert response.json == {"status": 400, "error": "Bad Request"}
    assert intra.get(f"/v2/slots?{parameter}=").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "slots?filter[user_id]=1",
        "users/1/slots?filter[id]=1,2,3",
        "projects_users?filter[status]=finished",
        "projects_users?filter[marked]=true",
        "projects_users?filter[campus]=1",
        "projects_users?filter[created_at]=2017-11-22T13:41:00.750Z",
        "campus?filter[name]=Paris",
        "campus?filter[public]=true",
        "cursus_users?filter[has_coalition]=false",
        "projects?filter[exam]=true,false",
        "slots?range[id]=1,3",
        "slots?range[id]=100,",
        "users?range[login]=,m",
        "cursus_users?range[level]=1.5,4",
        "scale_teams?range[begin_at]=2026-01-01,now",
        "slots/graph/on/begin_at?range[id]=1,30",
        "slots/graph/on/begin_at?filter[id]=1,2,3",
    ],
)
@pytest.mark.behaviour("intra42.filter.trailing_comma")
def test_commas_at_the_end_count_for_nothing(intra: Intra, query: str) -> None:
    plain = intra.get(f"/v2/{query}")
    for end in (",", ",,"):
        response = intra.get(f"/v2/{query}{end}")
        assert (response.status_code, response.json) == (plain.status_code, plain.json)


@pytest.mark.behaviour("intra42.range.now")
def test_now_is_a_bound_by_the_clock(intra: Intra) -> None:
    present = intra.world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    for path in ("/v2/slots", "/v2/slots/graph/on/begin_at"):
        begun = intra.get(f"{path}?range[begin_at]=,now")
        assert begun.json == intra.get(f"{path}?range[begin_at]=,{present}").json
        later = intra.get(f"{path}?range[begin_at]=now,")
        assert later.json == intra.get(f"{path}?range[begin_at]={present},").json
        assert begun.json != later.json
    for query in ("range[id]=1,now", "range[begin_at]=now", "filter[begin_at]=now"):
        assert intra.get(f"/v2/slots?{query}").status_code == 422


@pytest.mark.behaviour("intra42.pages.number_with_per_page")
def test_a_page_number_in_brackets_goes_with_per_page(intra: Intra) -> None:
    plain = intra.get("/v2/campus?page=2&per_page=3")
    for query in ("page[number]=2&per_page=3", "page[number]=2&page[size]=3&per_page=5"):
        response = intra.get(f"/v2/campus?{query}")
        assert response.json == plain.json
        assert response.headers["X-Per-Page"] == "3"
