"""The work of the pytest plugin's fixtures, imported at the first use of one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from fake_server.errors import SettingError, UserError, expected_one_of
from fake_server.testing.dataset_files import is_file_name
from fake_server.testing.interception import intercept
from fake_server.testing.plugin_options import option_of
from fake_server.testing.running import RunningServer
from fake_server.testing.server_thread import FakeServer
from fake_server.testing.world import FakeWorld

_WORLD_ATTRIBUTES = (
    "auth",
    "data",
    "dataset",
    "faults",
    "frozen",
    "limits",
    "login",
    "now",
    "profile",
    "quirks",
    "records",
    "seed",
)
_LAST_REQUESTS = 20
_INTERCEPT_OPTIONS = ("allow", "fabmanager", "hosts")


AnyServer = FakeServer | RunningServer


def make(options: Mapping[str, Any]) -> AnyServer:
    """Return the server for the options of a run, not started; raises `UserError`."""
    server_options = dict(options)
    url, token = server_options.pop("url", None), server_options.pop("token", None)
    if not url:
        return FakeServer(**server_options)
    if "apis" in server_options:
        raise SettingError(f"apis: the server at {url} serves those that it was started with")
    return RunningServer(url, token, server_options)


def start_early(options: Mapping[str, Any], config: pytest.Config) -> AnyServer:
    """Return the server before any test runs; raises `pytest.UsageError` that names the option."""
    try:
        server = make(options)
    except UserError as error:
        name = option_of(error, options, config)
        raise pytest.UsageError(f"{name}: {error}" if name else str(error)) from None
    if isinstance(server, FakeServer):
        # A server that cannot listen is an error of each test that uses it.
        with suppress(OSError):
            config.add_cleanup(server.start().stop)
    return server


@contextmanager
def serving(started_early: AnyServer | None, options: Mapping[str, Any]) -> Iterator[AnyServer]:
    """Yield the server that is started, or one for the options of a run; stop it at the end."""
    with _one_line_failures():
        server = started_early or make(options)
    if not isinstance(server, FakeServer):
        yield server
        return
    if not server.is_started:
        server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def world_of(server: AnyServer, markers: Sequence[pytest.Mark], root: Path) -> Iterator[Any]:
    """Make a world with the attributes of a test's markers, yield it, and delete it.

    The closest marker has precedence.
    """
    with _one_line_failures():
        attributes = _merged(markers, _WORLD_ATTRIBUTES)
        if is_file_name(attributes.get("dataset")):
            attributes["dataset"] = root / attributes["dataset"]
        world = server.create_world(**attributes)
    with world:
        yield world


@contextmanager
def intercepting(world: FakeWorld, markers: Sequence[pytest.Mark]) -> Iterator[FakeWorld]:
    """Yield a world that answers for the real hosts."""
    with _one_line_failures():
        interception = intercept(world, **_merged(markers, _INTERCEPT_OPTIONS))
        intercepted_world = interception.__enter__()
    try:
        yield intercepted_world
    finally:
        interception.__exit__(None, None, None)


def _merged(markers: Sequence[pytest.Mark], names: Sequence[str]) -> dict[str, Any]:
    """Return the options of the markers; the first, which is the closest, has precedence."""
    options: dict[str, Any] = {}
    for marker in reversed(markers):
        if marker.args:
            raise SettingError(
                f"@pytest.mark.{marker.name}: {marker.args[0]!r} has no name;"
                f" expected {names[0]}=... and the like"
            )
        for name in marker.kwargs:
            if name not in names:
                raise SettingError(
                    f"@pytest.mark.{marker.name}: no {name!r}; {expected_one_of(name, names)}"
                )
        options.update(marker.kwargs)
    return options


@contextmanager
def _one_line_failures() -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def last_requests(world: FakeWorld) -> str:
    """Return the last requests to a world as lines to read, or the reason why there are none."""
    try:
        lines = world.requests.lines()
    except UserError as error:
        return str(error)
    return "\n".join(lines[-_LAST_REQUESTS:])
