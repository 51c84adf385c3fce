"""The pytest plugin, an entry point. A run without its fixtures imports no server."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

import pytest

from fake_server.testing.plugin_options import add_options, read_options

if TYPE_CHECKING:
    from fake_server.testing.servers import AnyServer
    from fake_server.testing.world import FakeWorld

_OPTIONS = pytest.StashKey[Mapping[str, Any]]()
_SERVER = pytest.StashKey["AnyServer"]()
_WORLD = pytest.StashKey["FakeWorld"]()
_MARKERS = (
    "fake_world(dataset, now, frozen, seed, profile, quirks, auth, limits, login, faults, data):"
    " what the test's fake_world is made with",
    "fake_intercept(hosts, fabmanager, allow): the hosts of APIs that fake_intercept answers for,"
    " the lab among them, and URLs that it lets out",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Read the options: a mistake stops the run before any test."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    config.stash[_OPTIONS] = read_options(config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the server if a test uses it: a mistake in its options stops the run.

    It starts before any test, because a plugin such as pytest-socket takes sockets from the tests.
    A process of a parallel run leaves a mistake to the first use: it cannot stop the others.
    """
    config = session.config
    is_used = any("fake_server" in getattr(item, "fixturenames", ()) for item in session.items)
    if is_used and not config.option.collectonly:
        from fake_server.testing.servers import start_early

        with suppress(pytest.UsageError) if hasattr(config, "workerinput") else nullcontext():
            config.stash[_SERVER] = start_early(config.stash[_OPTIONS], config)


@pytest.fixture(scope="session")
def fake_server(pytestconfig: pytest.Config) -> "Iterator[AnyServer]":
    """One server for all tests: in this process, or the running server of the option `url`."""
    from fake_server.testing.servers import serving

    started_early = pytestconfig.stash.get(_SERVER, None)
    with serving(started_early, pytestconfig.stash[_OPTIONS]) as server:
        yield server


@pytest.fixture
def fake_world(request: pytest.FixtureRequest, fake_server: "AnyServer") -> "Iterator[FakeWorld]":
    """Make a world for the test, deleted after it. `@pytest.mark.fake_world` has its attributes."""
    from fake_server.testing.servers import world_of

    markers = list(request.node.iter_markers("fake_world"))
    with world_of(fake_server, markers, request.config.rootpath) as world:
        request.node.stash[_WORLD] = world
        yield world
        del request.node.stash[_WORLD]


@pytest.fixture
def fake_intercept(
    request: pytest.FixtureRequest, fake_world: "FakeWorld"
) -> "Iterator[FakeWorld]":
    """Let the test's world answer for the real hosts, without a socket; see `intercept`."""
    from fake_server.testing.servers import intercepting

    markers = list(request.node.iter_markers("fake_intercept"))
    with intercepting(fake_world, markers) as world:
        yield world


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Add the last requests to the world of a failed test to its report."""
    report = yield
    world = item.stash.get(_WORLD, None)
    if report.failed and world is not None:
        from fake_server.testing.servers import last_requests

        report.sections.append(("fake_world: last requests", last_requests(world)))
    return report
