"""One world, for tests: in this process or on a running server, with the same methods."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

from fake_server.errors import UnknownWorldError, UserError, expected_one_of
from fake_server.testing.clock import FakeClock, text_of
from fake_server.testing.dataset_files import in_file, is_file_name, text_of_file
from fake_server.testing.faults import FakeFault, FakeFaults, attributes_of
from fake_server.testing.planes import Plane
from fake_server.testing.records import Data, FakeRecords, Record, json_values
from fake_server.testing.requests import FakeRequests
from fake_server.testing.world_api import FakeApi
from fake_server.world.fault import Fault


class FakeWorld:
    """A world that is a test's own: `world.xurrent.base_url`, `world.clock.advance(hours=2)`.

    - `name`, `url`: the name of the world, and its base URL.
    - `apis`: a `FakeApi` by the name of each API; each is also an attribute of the world.
    - `environ`: base URLs and credentials as environment variables, as `fake-server env` has them.
    - `clock`: a `FakeClock`. `records`: a `FakeRecords`; `data` is another name of it.
    - `requests`: what clients asked, a `FakeRequests`. `faults`: a `FakeFaults`.

    A fixture, `FakeServer.create_world` or `RunningServer.create_world` makes a world. Mistakes
    raise `UserError`, one line with the expected value.
    """

    def __init__(self, plane: Plane, described: Mapping[str, Any]) -> None:
        self.plane = plane
        self.name: str = described["name"]
        self.url: str = described["url"]
        self._path = f"/worlds/{self.name}"
        self.apis: Mapping[str, FakeApi] = MappingProxyType(
            {name: self._api(name, access) for name, access in described["apis"].items()}
        )
        self.environ: Mapping[str, str] = described["environment"]
        self._base_paths = {
            name: api.base_url.removeprefix(self.url) for name, api in self.apis.items()
        }
        self.clock = FakeClock(plane, self._path)
        self.requests = FakeRequests(plane, self._path)
        self.records = self.data = FakeRecords(plane, self._path)
        self.faults = FakeFaults(plane, self._path)

    @classmethod
    def create(cls, plane: Plane, **attributes: Any) -> Self:
        """Make a world; `attributes` are those of `schemas/control/world_new.json`.

        The defaults are those of the server. `now` may be a datetime, and `dataset` the path of a
        .yaml file. Raises `UserError`.
        """
        if "now" in attributes:
            attributes["now"] = text_of(attributes["now"])
        for name in {"data", "records"} & attributes.keys():
            attributes[name] = json_values(attributes[name])
        if "faults" in attributes:
            attributes["faults"] = [attributes_of(fault) for fault in attributes["faults"]]
        if not is_file_name(attributes.get("dataset")):
            return cls(plane, plane.ask("POST", "/worlds", attributes))
        file = Path(attributes.pop("dataset"))
        sent = {**attributes, "dataset_yaml": text_of_file(file)}
        try:
            return cls(plane, plane.ask("POST", "/worlds", sent))
        except UserError as error:
            raise in_file(error, file) from None

    def __getattr__(self, name: str) -> FakeApi:
        apis: Mapping[str, FakeApi] = self.__dict__.get("apis", {})
        if name in apis:
            return apis[name]
        raise AttributeError(f"a world has no {name!r}; {expected_one_of(name, sorted(apis))}")

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self.apis]

    def __enter__(self) -> Self:
        """Return the world."""
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Delete the world."""
        self.delete()

    def __repr__(self) -> str:
        return f"<FakeWorld {self.name} at {self.url}>"

    def at(self, origins: Mapping[str, str]) -> "FakeWorld":
        """Return the same world with other base URLs; `origins`: the URL of each API's host."""
        world = copy(self)
        urls = {
            api.base_url: origins[name] + self._base_paths[name] for name, api in self.apis.items()
        }
        world.apis = MappingProxyType(
            {name: replace(api, base_url=urls[api.base_url]) for name, api in self.apis.items()}
        )
        world.environ = {name: urls.get(value, value) for name, value in self.environ.items()}
        return world

    def fail(self, pattern: str | Fault, /, **attributes: Any) -> FakeFault:
        """Add a fault; another name of `world.faults.add`."""
        return self.faults.add(pattern, **attributes)

    def load(self, data: Data) -> dict[str, dict[str, Sequence[Record]]]:
        """Add records: `world.load({"xurrent": {"calendars": [{"name": "Office hours"}]}})`.

        The world adds all records or none. Return the records with all their attributes, ids among
        them. `world.records` reads, changes and removes single records. Raises `UserError`.
        """
        return self.records.load(data)

    def export(self) -> str:
        """Return the world as the text of a dataset file; raises `UserError`."""
        from fake_server.world.export import dataset_text

        return dataset_text(self.plane.ask("GET", f"{self._path}/export"))

    def describe(self) -> dict[str, Any]:
        """Return the state of the world, as `schemas/control/world.json` has it."""
        state: dict[str, Any] = self.plane.ask("GET", self._path)
        return state

    def _api(self, name: str, access: Mapping[str, Any]) -> FakeApi:
        def set_login(value: object) -> None:
            self.plane.ask("PATCH", self._path, {"login": {name: value}})

        return FakeApi(
            name,
            access["base_url"],
            access["credentials"],
            access["token"] or "",
            access["headers"],
            set_login,
            access.get("query", {}),
        )

    def enforce_limits(self, on: bool = True) -> None:
        """Switch the documented rate limits on or off."""
        self.plane.ask("PATCH", self._path, {"limits": on})

    def reset(self) -> None:
        """Restore the initial state of the world: records, clock, tokens, counters."""
        self.plane.ask("POST", f"{self._path}/reset")

    def delete(self) -> None:
        """Delete the world with all its records; a second call does nothing."""
        with suppress(UnknownWorldError):
            self.plane.ask("DELETE", self._path)
