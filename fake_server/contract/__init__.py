"""The surface for contract tests: what those of an API import, and nothing else.

>>> from fake_server.contract import Target, behaviour, need

`fake_server.contract.mutants` is that for mutants. All names are provisional: they may change until
surface 1 is called final, which the changelog will say.
"""

from fake_server.verify import (
    Answer,
    BrokenError,
    NotShownError,
    OperationUnderTest,
    Target,
    Walk,
    behaviour,
    expect,
    expect_distinct,
    expect_ordered,
    expect_same_members,
    expect_that,
    need,
)

__all__ = [
    "Answer",
    "BrokenError",
    "NotShownError",
    "OperationUnderTest",
    "Target",
    "Walk",
    "behaviour",
    "expect",
    "expect_distinct",
    "expect_ordered",
    "expect_same_members",
    "expect_that",
    "need",
]
