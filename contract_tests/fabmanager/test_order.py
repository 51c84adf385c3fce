"""The order of the list."""

from fake_server.verify import Target, behaviour, need

from .helpers import AVAILABILITIES


@behaviour("fabmanager.availabilities.order")
def test_newest_start_comes_first(fabmanager: Target) -> None:
    starts = [
        a["start_at"] for a in fabmanager.walk(AVAILABILITIES, {"per_page": 100}, whole=False)
    ]
    need(len(starts) > 1, "two availabilities")
    assert starts == sorted(starts, reverse=True)
