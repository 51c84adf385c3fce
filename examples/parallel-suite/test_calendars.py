import pytest

NAME = "Ours"


@pytest.mark.parametrize("number", range(40))
def test_nobody_sees_what_another_test_does(fake_world, number):
    session = fake_world.xurrent.session()
    fake_world.clock.freeze(f"20{10 + number}-01-01T00:00:00Z")
    assert NAME not in [
        calendar["name"] for calendar in session.get("/calendars?per_page=100").json()
    ]
    session.post("/calendars", json={"name": NAME}).raise_for_status()
    with fake_world.faults.add("xurrent.list_calendars", status=503):
        assert session.get("/calendars").status_code == 503
    (ours,) = [
        calendar
        for calendar in session.get("/calendars?per_page=100").json()
        if calendar["name"] == NAME
    ]
    assert ours["created_at"].startswith(f"20{10 + number}-01-01")
