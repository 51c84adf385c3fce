"""All worlds of a process, by name."""

from collections.abc import Mapping
from threading import RLock

from fake_server.world.dataset import Dataset
from fake_server.world.errors import UnknownWorldError
from fake_server.world.images import Images
from fake_server.world.recipe import Recipe
from fake_server.world.world import Settings, World

DEFAULT = "default"


class Worlds:
    """Makes and finds worlds. There is always one called `default`."""

    def __init__(self, recipes: Mapping[str, Recipe], dataset: Dataset, settings: Settings) -> None:
        self._recipes = recipes
        self._images = Images()
        self._lock = RLock()
        self._worlds: dict[str, World] = {}
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

    def get(self, name: str) -> World:
        """Return the world called `name`; raises `UnknownWorldError`."""
        world = self._worlds.get(name)
        if world is None:
            raise UnknownWorldError(f"there is no world called {name!r} here")
        return world
