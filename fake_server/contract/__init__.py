"""The surface for contract tests: the only names of `fake_server` that those of an API import.

>>> from fake_server.contract import Target, behaviour, need

`fake_server.contract.mutants` is the surface for mutants. The names are part of surface 1 and stay
as they are.
"""

from fake_server.verify import (
    Answer,
    BrokenError,
    NotShownError,
    OperationUnderTest,
    PagedList,
    Target,
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
    "PagedList",
    "Target",
    "behaviour",
    "expect",
    "expect_distinct",
    "expect_ordered",
    "expect_same_members",
    "expect_that",
    "need",
]
