"""What applications write of who sits at which computer."""

from fake_server.contract import Target, behaviour, expect

from .helpers import listed, page, school
from .writers import AT, CREDENTIALS, expect_refused, write

SEAT = {"user_id": 1, "campus_id": 1, "host": "c1r2s3"}


@behaviour("intra42.locations.create", needs=("data", "clock"))
def test_a_user_sits_down(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        record = write(own, "POST", "locations", location=SEAT).json
        shown = [record["end_at"], record["primary"], record["host"], record["campus_id"]]
        expect("the record", [None, True, "c1r2s3", 1], shown)
        expect("the day it begins", AT[:10], record["begin_at"][:10])
        expect("who sits there", [record], listed(own, "/v2/campus/1/locations"))
        expect("the profile", "c1r2s3", page(own, "/v2/users/ada").json["location"])


@behaviour("intra42.locations.end_all", needs=("data", "clock"))
def test_everybody_at_a_campus_leaves(intra42: Target) -> None:
    path = "campus/1/locations/end_all"
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        elsewhere = {**SEAT, "user_id": 2, "campus_id": 2}
        to_come = {**SEAT, "host": "c1r2s4", "begin_at": "2026-05-03T12:00:00Z", "primary": False}
        for seat in (SEAT, elsewhere, to_come):
            write(own, "POST", "locations", location=seat)
        write(own, "DELETE", path, "app", 403)
        write(own, "DELETE", path)
        seats = {item["id"]: item["end_at"] for item in listed(own, "/v2/locations")}
        ended = [number for number, end in seats.items() if end is not None]
        expect("who left", [1], ended)
        expect("the day", AT[:10], str(seats[1])[:10])
        shown = [page(own, f"/v2/users/{login}").json["location"] for login in ("ada", "bob")]
        expect("the profiles", [None, "c1r2s3"], shown)


@behaviour("intra42.locations.refused", needs=("data", "clock"))
def test_a_computer_has_one_open_location(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        write(own, "POST", "locations", location=SEAT)
        errors = expect_refused(own, "POST", "locations", location={**SEAT, "user_id": 2})
        expect("what is taken", ["host"], list(errors))
        unknown = {**SEAT, "host": "c1r2s4", "user_id": 99, "campus_id": 99}
        errors = expect_refused(own, "POST", "locations", location=unknown)
        expect("what does not exist", ["campus_id", "user_id"], sorted(errors))
        write(own, "POST", "locations", location={**SEAT, "user_id": 2, "campus_id": 2})
