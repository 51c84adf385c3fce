"""Fixtures that run the command line."""

from tests.support.commands import run as run
from tests.support.commands import serve as serve
