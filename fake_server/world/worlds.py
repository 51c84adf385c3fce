"""The worlds of a server, by name."""

import time
from collections.abc import Callable, Mapping
from itertools import count
from math import inf
from threading import RLock

from fake_server.errors import TooManyWorldsError, UnknownWorldError, WorldExistsError
from fake_server.world.datasets.dataset import Dataset
from fake_server.world.image_inputs import Section
from fake_server.world.images import Images
from fake_server.world.records.definition import StoreDefinition
from fake_server.world.world import World
from fake_server.world.world_settings import Settings

DEFAULT = "default"
MOST_WORLDS = 10_000
"""The greatest number of worlds at a time, beside `default`."""


def _nothing(sections: Mapping[str, Section]) -> None:
    pass


class Worlds:
    """The worlds of a server. The world `default` always exists and never expires.

    `timer` returns real seconds, independent of the clocks of worlds. A world expires after
    `Settings.expires_after` seconds without use. Adding and listing worlds drops the expired ones.
    """

    def __init__(
        self,
        definitions: Mapping[str, StoreDefinition],
        dataset: Dataset,
        settings: Settings,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._definitions = definitions
        self._timer = timer
        self._next_end = inf
        self._images = Images()
        self._lock = RLock()
        self._worlds: dict[str, World] = {}
        self._numbers = count(1)
        self.default = self.create(DEFAULT, dataset, settings)

    def create(
        self, name: str, dataset: Dataset | None = None, settings: Settings | None = None
    ) -> World:
        """Make a world; a missing dataset or settings are those of the world `default`.

        The new world replaces a world of the same name.
        """
        if dataset is None:
            dataset = self.default.dataset
        if settings is None:
            settings = self.default.settings
        world = self._new(name, dataset, settings)
        with self._lock:
            replaced = self._worlds.get(name)
            self._worlds[name] = world
        if replaced is not None:
            replaced.discard()
        return world

    def add(
        self,
        name: str | None,
        dataset: Dataset,
        settings: Settings,
        check: Callable[[Mapping[str, Section]], None] = _nothing,
    ) -> World:
        """Make another world; without a name, the world gets a generated one.

        The records of its dataset are made at once, so that a mistake in the dataset raises here.
        `check` gets the sections, by API, that have no image yet; an exception of `check` prevents
        the world. Raises `UserError`: `WorldExistsError`, `TooManyWorldsError`, `DatasetError` or
        another.
        """
        self._drop_expired()
        with self._lock:
            name = self._new_name() if name is None else name
            self._require_room(name)
        world = self._new(name, dataset, settings)
        apis = [api for api in self._definitions if api in dataset.sections]
        check({api: dataset.section(api) for api in apis if not world.has_image(api)})
        for api in apis:
            world.store(api)
        with self._lock:
            self._require_room(name)
            self._worlds[name] = world
        return world

    def _new(self, name: str, dataset: Dataset, settings: Settings) -> World:
        world = World(name, dataset, settings, self._definitions, self._images)
        world.used_at = self._timer()
        self._next_end = min(self._next_end, _end_of(world))
        return world

    def _new_name(self) -> str:
        return next(name for n in self._numbers if (name := f"world-{n}") not in self._worlds)

    def _require_room(self, name: str) -> None:
        if name in self._worlds:
            raise WorldExistsError(f"there is a world called {name!r} already")
        if len(self._worlds) - 1 >= MOST_WORLDS:
            raise TooManyWorldsError(
                f"there are {MOST_WORLDS} worlds beside {DEFAULT!r}: delete one first, or let idle"
                " ones expire"
            )

    def remove(self, name: str) -> None:
        """Forget a world; raises `UnknownWorldError`."""
        with self._lock:
            world = self.get(name)
            del self._worlds[name]
        world.discard()

    def all(self) -> list[World]:
        """Return all worlds, `default` first, then in the order in which they were made."""
        self._drop_expired()
        with self._lock:
            return list(self._worlds.values())

    def __contains__(self, name: str) -> bool:
        return name in self._worlds

    def get(self, name: str) -> World:
        """Return a world by name and mark it as used now; raises `UnknownWorldError`."""
        world = self._worlds.get(name)
        if world is None:
            raise UnknownWorldError(f"there is no world called {name!r} here")
        now = self._timer()
        if _end_of(world) < now:
            raise UnknownWorldError(
                f"there is no world called {name!r} here any more: nobody used it for"
                f" {world.settings.expires_after:g} s"
            )
        world.used_at = now
        return world

    def _drop_expired(self) -> None:
        now = self._timer()
        if now <= self._next_end:
            return
        with self._lock:
            dropped = [world for world in self._worlds.values() if _end_of(world) < now]
            for world in dropped:
                del self._worlds[world.name]
            self._next_end = min(map(_end_of, self._worlds.values()))
        for world in dropped:
            world.discard()


def _end_of(world: World) -> float:
    """Return the time at which an unused world expires, in seconds of the timer."""
    lifetime = world.settings.expires_after
    return inf if lifetime is None or world.name == DEFAULT else world.used_at + lifetime
