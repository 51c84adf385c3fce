"""The contract harness: what contract tests import.

>>> from fake_server.verify import Target, behaviour, need
"""

from fake_server.verify.checks import (
    expect,
    expect_distinct,
    expect_ordered,
    expect_same_members,
    expect_that,
)
from fake_server.verify.errors import BrokenError, NotShownError, need
from fake_server.verify.marks import behaviour
from fake_server.verify.server.messages import Answer
from fake_server.verify.server.walks import Walk
from fake_server.verify.target.target import Target
from fake_server.verify.target.under_test import OperationUnderTest

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
