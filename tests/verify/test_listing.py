"""Where the rows of a list stand in a body."""

from typing import Any

import pytest

from fake_server.verify.api_files.listing import listing


@pytest.mark.parametrize(
    ("items", "body", "member"),
    [
        ("*", {"spaces": []}, "spaces"),
        ("*", {"spaces": {"type": "array"}}, "spaces"),
        ("*", {}, None),
        ("*", {"status": "ok"}, "status"),
        ("*", {"total": 1, "spaces": []}, "spaces"),
        ("*", {"total": 1, "name": "x"}, None),
        ("*", {"loans": [], "spaces": []}, None),
        ("loans", {"spaces": []}, "loans"),
        (["loans", "spaces"], {"spaces": []}, "spaces"),
        (None, {"spaces": []}, None),
    ],
)
def test_the_member_that_holds_the_rows(
    items: str | list[str] | None, body: dict[str, Any], member: str | None
) -> None:
    assert listing({"items": items}).rows_member(body) == member
