"""Where the rows of a list stand in a body."""

import pytest

from fake_server.verify.api.listing import listing


@pytest.mark.parametrize(
    ("items", "body", "member"),
    [
        ("*", ["spaces"], "spaces"),
        ("*", [], None),
        ("*", ["total", "spaces"], None),
        ("loans", ["spaces"], "loans"),
        (["loans", "spaces"], ["spaces"], "spaces"),
        (None, ["spaces"], None),
    ],
)
def test_the_member_that_holds_the_rows(
    items: str | list[str] | None, body: list[str], member: str | None
) -> None:
    assert listing({"items": items}).member_of(body) == member
