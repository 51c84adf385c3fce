"""What applications write of who sits at which computer."""

import pytest

from tests.intra42.writers import NOW, Writer

SEAT = {"user_id": 1, "campus_id": 1, "host": "c1r2s3"}


@pytest.mark.behaviour("intra42.locations.create")
def test_a_user_sits_down(writer: Writer) -> None:
    record = writer.made("locations", location=SEAT)
    assert (record["begin_at"], record["end_at"]) == (NOW.replace("Z", ".000Z"), None)
    assert (record["primary"], record["host"], record["campus_id"]) == (True, "c1r2s3", 1)
    assert record["user"]["location"] == "c1r2s3"
    assert writer.json("/v2/users/ada/locations?filter[active]=true") == [record]
    assert writer.json("/v2/users/ada")["location"] == "c1r2s3"


@pytest.mark.behaviour("intra42.locations.create")
@pytest.mark.parametrize("more", [{"end_at": NOW}, {"primary": False}])
def test_a_profile_shows_primary_computers_in_use_alone(
    writer: Writer, more: dict[str, object]
) -> None:
    times = {"begin_at": "2026-05-01T08:00:00Z"}
    record = writer.made("locations", location={**SEAT, **times, **more})
    assert record["begin_at"] == "2026-05-01T08:00:00.000Z"
    assert record["user"]["location"] != "c1r2s3"


@pytest.mark.behaviour("intra42.locations.refused")
def test_locations_that_are_refused(writer: Writer) -> None:
    writer.made("locations", location=SEAT)
    again = {**SEAT, "user_id": 2}
    refused = writer.refusal("POST", "locations", "staff", json={"location": again})
    assert refused == {"host": ["has already been taken"]}
    writer.made("locations", location={**again, "campus_id": 2})
    writer.made("locations", location={**again, "end_at": "2026-05-03T08:00:00Z"})
    wrong = {"user_id": 99, "campus_id": 99}
    assert writer.refusal("POST", "locations", "staff", json={"location": wrong}) == {
        "user_id": ["must exist"],
        "host": ["can't be blank"],
        "campus_id": ["must exist"],
    }
    early = {**SEAT, "host": "x", "end_at": "2026-05-01T08:00:00Z"}
    late = writer.refusal("POST", "locations", "staff", json={"location": early})
    assert late == {"end_at": ["must be after begin_at"]}
    for token in ("ada", "app"):
        assert writer.ask("POST", "locations", token, json={"location": SEAT}).status_code == 403


@pytest.mark.behaviour("intra42.locations.end_all")
def test_all_leave_a_campus(writer: Writer) -> None:
    writer.made("locations", location=SEAT)
    second = {**SEAT, "host": "second", "primary": False}
    for more in (second, {**SEAT, "user_id": 2, "campus_id": 2}):
        writer.made("locations", location=more)
    assert writer.ask("DELETE", "campus/1/locations/end_all", "ada").status_code == 403
    assert writer.ask("DELETE", "campus/9/locations/end_all", "staff").status_code == 404
    for _ in range(2):
        writer.change("DELETE", "campus/1/locations/end_all")
    assert writer.ids("/v2/locations?filter[active]=true") == [3]
    assert writer.ids(f"/v2/locations?filter[end_at]={NOW}&sort=id") == [1, 2]
    shown = [writer.json(f"/v2/users/{login}")["location"] for login in ("ada", "bob")]
    assert shown == [None, "c1r2s3"]
