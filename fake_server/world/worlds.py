"""All worlds of a process, by name."""

from collections.abc import Mapping
from itertools import count
from threading import RLock

from fake_server.world.dataset import Dataset
from fake_server.world.errors import NameTakenError, TooManyWorldsError, UnknownWorldError
from fake_server.world.images import Images
from fake_server.world.recipe import Recipe
from fake_server.world.world import Settings, World

DEFAULT = "default"
MOST_WORLDS = 10_000
"""How many worlds there may be at a time."""


class Worlds:
    """Makes and finds worlds. There is always one called `default`."""

    def __init__(self, recipes: Mapping[str, Recipe], dataset: Dataset, settings: Settings) -> None:
        self._recipes = recipes
        self._images = Images()
        self._lock = RLock()
        self._worlds: dict[str, World] = {}
        self._numbers = count(1)
        self.default = self.create(DEFAULT, dataset, settings)

    def create(
        self, name: str, dataset: Dataset | None = None, settings: Settings | None = None
    ) -> World:
        """Make a world; dataset and settings not given are those of the world `default`.

        One that has the name already is forgotten.
        """
        if dataset is None:
            dataset = self.default.dataset
        if settings is None:
            settings = self.default.settings
        world = World(name, dataset, settings, self._recipes, self._images)
        with self._lock:
            replaced = self._worlds.get(name)
            self._worlds[name] = world
        if replaced is not None:
            replaced.discard()
        return world

    def add(self, name: str | None, dataset: Dataset, settings: Settings) -> World:
        """Make a world beside those there are; without a name it gets a new one.

        The records that its dataset describes are made at once, so that a mistake shows here.
        Raises `UserError`: `NameTakenError`, `TooManyWorldsError`, `DatasetError` or another.
        """
        with self._lock:
            name = self._new_name() if name is None else name
            self._require_room(name)
        world = World(name, dataset, settings, self._recipes, self._images)
        for api in self._recipes:
            if api in dataset.sections:
                world.store(api)
        with self._lock:
            self._require_room(name)
            self._worlds[name] = world
        return world

    def _new_name(self) -> str:
        return next(name for n in self._numbers if (name := f"world-{n}") not in self._worlds)

    def _require_room(self, name: str) -> None:
        if name in self._worlds:
            raise NameTakenError(f"there is a world called {name!r} already")
        if len(self._worlds) >= MOST_WORLDS:
            raise TooManyWorldsError(f"there are {MOST_WORLDS} worlds: delete one first")

    def remove(self, name: str) -> None:
        """Forget a world; raises `UnknownWorldError`."""
        with self._lock:
            world = self.get(name)
            del self._worlds[name]
        world.discard()

    def all(self) -> list[World]:
        """Return all worlds, `default` first, then in the order in which they were made."""
        with self._lock:
            return list(self._worlds.values())

    def get(self, name: str) -> World:
        """Return the world called `name`; raises `UnknownWorldError`."""
        world = self._worlds.get(name)
        if world is None:
            raise UnknownWorldError(f"there is no world called {name!r} here")
        return world
