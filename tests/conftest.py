"""What all tests share: applications, and a client that holds every answer to the specification."""

import gc
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings

from fake_server import create_app
from tests.support.client import CheckedClient

pytest_plugins = ("pytester",)

# How long an example takes is the machine's affair: a busy one would fail tests at random.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A suite that a script starts in the background has to ignore Ctrl-C, and so would be the
# commands that its tests start and interrupt. nohup does the same to SIGHUP.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

_cache = tempfile.TemporaryDirectory(prefix="understudy-tests-")
os.environ.setdefault("FAKE_SERVER_CACHE", _cache.name)
os.environ.setdefault("FAKE_SERVER_CHECK_ANSWERS", "1")


@pytest.fixture(scope="module", autouse=True)
def _frozen_garbage() -> None:
    """Spare the collector what earlier modules keep.

    The contract tests that tests run collect garbage several times each. A collection would walk
    the applications and documents of all modules before.
    """
    gc.collect()
    gc.freeze()


@lru_cache(maxsize=16)
def _app(options: tuple[tuple[str, Any], ...]) -> Flask:
    return create_app(**dict(options))


@pytest.fixture
def client_for() -> Iterator[Callable[..., CheckedClient]]:
    """Make clients of applications: `client_for(dataset="documented", quirks=("a.b",))`.

    Applications are kept between tests; their worlds are reset after each.
    """
    used: list[Flask] = []

    def make(**options: Any) -> CheckedClient:
        app = _app(tuple(sorted(options.items())))
        used.append(app)
        return CheckedClient(app)

    yield make
    for app in used:
        app.extensions["fake_server.worlds"].default.reset()
