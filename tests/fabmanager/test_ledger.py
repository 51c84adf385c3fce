"""The ledger and the tests name the same behaviours."""

import re
from pathlib import Path

from fake_server.world.profile import ledger

_ID = re.compile(r'"(fabmanager\.[a-z0-9_.]+)"')


def test_every_behaviour_has_a_test_and_every_mark_a_behaviour() -> None:
    marked: set[str] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for call in re.findall(r"mark\.behaviour\(([^)]*)\)", file.read_text()):
            marked |= {*_ID.findall(call)}
    ids = [entry["id"] for entry in ledger("fabmanager")]
    assert len(ids) == len({*ids})
    assert marked == {*ids}
