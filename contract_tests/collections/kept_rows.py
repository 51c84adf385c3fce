"""What a condition keeps of the rows of a list."""

from fake_server.verify import expect, expect_that
from fake_server.verify.target.operation_under_test import Sample, keys_of


def expect_kept(
    what: str, sample: Sample, kept: Sample, should_stay: list[bool], satisfy: list[bool]
) -> None:
    """Assert that a condition keeps rows that satisfy it, and those of the sample that do."""
    odd = [row for row, is_right in zip(kept.rows, satisfy, strict=True) if not is_right]
    expect(f"the rows that {what} keeps though they do not satisfy it", [], odd)
    expected = [row for row, stays in zip(sample.rows, should_stay, strict=True) if stays]
    if kept.complete:
        lost = set(map(repr, keys_of(expected))) - set(map(repr, keys_of(kept.rows)))
        expect(f"the rows that {what} loses", [], sorted(lost))
    elif not kept.rows:
        expect_that(f"the rows with {what}", kept.rows, "some", "none")
