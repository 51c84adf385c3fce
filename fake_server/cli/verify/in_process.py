"""Controls the worlds of a fake in this process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import yaml
from flask import Flask

from fake_server.verify.marks import CAPABILITIES, Capability
from fake_server.verify.server.world_control import json_values
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import Dataset, load, parse
from fake_server.world.world import World
from fake_server.world.worlds import DEFAULT, Worlds


class InProcessControl:
    """The `WorldControl` of one world of an application."""

    capabilities: frozenset[Capability] = frozenset(CAPABILITIES)

    def __init__(self, app: Flask, name: str = DEFAULT) -> None:
        self._app = app
        self._worlds: Worlds = app.extensions["fake_server.worlds"]
        self._name = name
        self.prefix = "" if name == DEFAULT else f"/w/{name}"

    @property
    def _world(self) -> World:
        return self._worlds.get(self._name)

    def now(self) -> datetime:
        """Return the world's time, in UTC."""
        return self._world.clock.now()

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the world's clock, at `at` or where it is."""
        with self._changing() as world:
            world.clock.freeze(at)

    def set(self, at: datetime) -> None:
        """Set the world's clock to `at`."""
        with self._changing() as world:
            world.clock.set(at)

    def advance(self, by: timedelta) -> None:
        """Move the world's clock."""
        with self._changing() as world:
            world.clock.advance(by)

    def enforce_limits(self, on: bool) -> None:
        """Switch the documented rate limits on or off."""
        with self._changing() as world:
            world.enforce_limits = on

    def reset(self) -> None:
        """Reset the world to its first state."""
        self._world.reset()

    @contextmanager
    def fresh(
        self, api: str, section: Mapping[str, Any] | None, now: datetime | None
    ) -> Iterator["InProcessControl"]:
        """Create another world and discard it when the block ends."""
        world = self._world
        dataset = world.dataset if section is None else _dataset(api, section)
        settings = replace(world.settings, now=now or world.clock.now())
        name = next(f"contract-{n}" for n in count(1) if f"contract-{n}" != self._name)
        created_world = self._worlds.create(name, dataset, settings)
        try:
            yield InProcessControl(self._app, name)
        finally:
            created_world.discard()

    @contextmanager
    def _changing(self) -> Iterator[World]:
        world = self._world
        with world.changing():
            yield world


def _dataset(api: str, section: Mapping[str, Any]) -> Dataset:
    whole_section = {**load("empty", [api]).section(api), **section}
    text = yaml.safe_dump(
        {"seed": 1, api: json_values(whole_section)}, sort_keys=False, allow_unicode=True
    )
    dataset = parse(text, name="contract test")
    check(dataset)
    return dataset
