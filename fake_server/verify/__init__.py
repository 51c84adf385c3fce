"""The contract harness: the names that contract tests import.

>>> from fake_server.verify import Target, behaviour, need
"""

from fake_server.verify.assertions import (
    expect,
    expect_distinct,
    expect_ordered,
    expect_same_members,
    expect_that,
)
from fake_server.verify.marks import behaviour
from fake_server.verify.outcome_errors import BrokenError, NotShownError, need
from fake_server.verify.server.page_reader import PagedList
from fake_server.verify.server.raw_messages import Answer
from fake_server.verify.target.operation_under_test import OperationUnderTest
from fake_server.verify.target.target import Target

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
