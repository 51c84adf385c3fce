from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import intra as intra_module
from logtime import by_day, by_month, main, of_service

PARIS = ZoneInfo("Europe/Paris")
MARCH = (date(2026, 3, 1), date(2026, 3, 31), PARIS)


def sit(world, begin, end):
    """Let norminet sit at a computer."""
    world.load(
        {
            "intra42": {
                "users": [{"id": 9000, "login": "norminet"}],
                "locations": [{"user_id": 9000, "campus_id": 1, "begin_at": begin, "end_at": end}],
            }
        }
    )


def test_the_service_says_the_same_of_everybody(fake_world, intra):
    now = fake_world.clock.now().replace(microsecond=0)
    fake_world.clock.freeze(now)
    span = (now.date() - timedelta(days=60), now.date(), PARIS)
    logins = {record["user"]["login"] for record in intra.get("locations")}
    assert len(logins) > 5
    for login in logins:
        days = by_day(intra, login, *span, now)
        assert days == of_service(intra, login, *span)
        assert sum(by_month(days).values(), timedelta()) > timedelta(hours=1)


def test_a_night_is_split_at_midnight_of_the_zone(fake_world, intra):
    sit(fake_world, "2026-03-10T21:30:00Z", "2026-03-11T02:00:00Z")
    nights = by_day(intra, "norminet", *MARCH, fake_world.clock.now())
    assert nights == {
        date(2026, 3, 10): timedelta(hours=1, minutes=30),
        date(2026, 3, 11): timedelta(hours=3),
    }
    assert of_service(intra, "norminet", *MARCH) == nights


def test_a_day_on_which_the_clocks_change_has_23_hours(fake_world, intra):
    sit(fake_world, "2026-03-27T12:00:00Z", "2026-03-31T12:00:00Z")
    days = by_day(intra, "norminet", *MARCH, fake_world.clock.now())
    assert days[date(2026, 3, 29)] == timedelta(hours=23)
    assert by_month(days) == {"2026-03": timedelta(hours=96)}
    assert of_service(intra, "norminet", *MARCH) == days


def test_who_sits_there_is_counted_until_now(fake_world, intra):
    sit(fake_world, "2026-03-10T08:00:00Z", None)
    fake_world.clock.freeze(datetime(2026, 3, 10, 11, tzinfo=UTC))
    counted = by_day(intra, "norminet", *MARCH, fake_world.clock.now())
    assert counted == {date(2026, 3, 10): timedelta(hours=3)}
    fake_world.clock.advance(hours=1)
    assert of_service(intra, "norminet", *MARCH) == {date(2026, 3, 10): timedelta(hours=4)}


def test_pages_are_read_no_faster_than_allowed(fake_world, intra, monkeypatch):
    waits = []

    def wait(seconds):
        waits.append(seconds)
        fake_world.clock.advance(seconds=seconds)

    monkeypatch.setattr(intra_module.time, "sleep", wait)
    fake_world.enforce_limits()
    records = list(intra.records("locations"))
    assert len(records) == len({record["id"] for record in records}) > 300
    assert waits


def test_the_program_prints_days_and_months(fake_world, intra, monkeypatch, capsys):
    sit(fake_world, "2026-03-10T08:00:00Z", "2026-03-10T19:30:00Z")
    monkeypatch.setenv("INTRA42_URL", fake_world.url)
    for name, value in fake_world.environ.items():
        monkeypatch.setenv(name, value)
    main("norminet", "2026-03-01", "2026-03-31", "Europe/Paris")
    assert capsys.readouterr().out == "2026-03-10  11:30  11:30\n2026-03  11:30\n"
