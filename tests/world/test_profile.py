import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_server import data_files
from fake_server.errors import UserError
from fake_server.world import profile
from fake_server.world.profile import all_quirks, live_quirks, quirks_of
from tests.world.shop import API

LEDGER = [
    {"id": "shop.order", "says": "-", "live": {"quirk": "unordered"}},
    {"id": "shop.pages", "says": "-", "alternative": {"quirk": "no-pages"}},
    {"id": "shop.names", "says": "-"},
]


@pytest.fixture(autouse=True)
def _ledgers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "dataset.json").write_text("{}")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "behaviours.yaml").write_text(json.dumps(LEDGER))
    (tmp_path / "shop" / "api.yaml").write_text(API)
    monkeypatch.setattr(data_files, "schemas", lambda: tmp_path)
    profile.ledger.cache_clear()
    yield
    profile.ledger.cache_clear()


def test_the_live_profile_switches_the_live_quirks_on() -> None:
    assert quirks_of("live", (), ["shop"]) == {"shop.unordered"}
    assert quirks_of("documented", (), ["shop"]) == frozenset()


def test_quirks_are_switched_singly() -> None:
    assert quirks_of("documented", ("shop.no-pages",), ["shop"]) == {"shop.no-pages"}
    assert quirks_of("documented", ("shop.no-pages=on",), ["shop"]) == {"shop.no-pages"}
    assert quirks_of("live", ("shop.unordered=off",), ["shop"]) == frozenset()


def test_alternatives_belong_to_no_profile() -> None:
    assert live_quirks("shop") == {"unordered"}
    assert all_quirks("shop") == {"unordered", "no-pages"}


def test_an_api_without_a_ledger_has_no_quirks() -> None:
    assert all_quirks("absent") == set()


@pytest.mark.parametrize(
    ("switch", "message"),
    [
        ("shop.unorderd", "shop.unorderd: no such quirk; meant shop.unordered?"),
        (
            "shop.x",
            "shop.x: no such quirk; expected one of shop.no-pages, shop.unordered",
        ),
        ("shop.no-pages=maybe", "shop.no-pages=maybe: a quirk is switched with =on or =off"),
    ],
)
def test_a_wrong_switch_is_told_in_one_line(switch: str, message: str) -> None:
    with pytest.raises(UserError) as raised:
        quirks_of("documented", (switch,), ["shop"])
    assert str(raised.value) == message
