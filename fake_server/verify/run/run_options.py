"""A run and its options: the server, what to test of it, and how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from fake_server.verify.server.client import Rules
from fake_server.verify.server.transport import Transport
from fake_server.verify.server.world_control import WorldControl


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an API's suite: its target, its credentials and its rules.

    - `control`: controls the world of a fake; None for any other server.
    - `clock`: returns the target's time if there is no control; None: its `Date` does.
    - `max_requests`: how many requests it sends at most; `planned`: as many as its plan needs, and
      some more; None is no limit.
    - `rate`: requests a second, 0 is no limit; None: no pace and no wait for a Retry-After (a fake
      in this process).
    """

    api: str
    transport: Transport
    credentials: Mapping[str, str]
    rules: Rules
    control: WorldControl | None = None
    clock: Callable[[], datetime] | None = None
    max_requests: int | Literal["planned"] | None = "planned"
    rate: float | None = None


Documents = Mapping[str, Mapping[str, Any]]
"""The OpenAPI document of an API by profile: `documented` and `live`."""


class RunProgress(Protocol):
    """Receives the progress of a run: the steps done of a layer, their number, the next one."""

    def __call__(self, layer: str, done: int, total: int, step: str) -> None:
        """Handle the progress."""


def no_progress(layer: str, done: int, total: int, step: str) -> None:
    """Ignore the progress."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run tests, and how.

    - `only`: globs of behaviours; with any, the schema layer does not run.
    - `suite`: a folder with a folder of contract tests for each API, instead of the API's own.
    - `documents`: the OpenAPI documents of an API by profile; None: the schema layer does not run.
    - `thorough`: more invented requests; each operation and field of a live service.
    - `seed`: the seed of the rotation, if not `thorough`.
    - `in_turns`: one operation and field of each resource of a fake, too, if not `thorough`.
    - `part`: the number of a part of the suite, from 0, and how many parts there are.
    - `cache`: a folder for tables that are costly to make; it holds no data of a target.
    - `announce`: receives how many requests the run sends, before its first test.
    """

    only: tuple[str, ...] = ()
    stop_at_failure: bool = False
    suite: Path | None = None
    documents: Callable[[str], Documents] | None = None
    thorough: bool = False
    seed: int = 0
    in_turns: bool = False
    part: tuple[int, int] = (0, 1)
    cache: Path | None = None
    progress: RunProgress = no_progress
    announce: Callable[[str], None] = lambda text: None
