"""A world: the isolated state of all APIs for one user of the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from fake_server.errors import SettingError, expected_one_of
from fake_server.world.clock import Clock
from fake_server.world.datasets.dataset import Dataset
from fake_server.world.faults import Faults
from fake_server.world.image_inputs import ImageInputs, Section
from fake_server.world.images import Images
from fake_server.world.journal.journal import Journal
from fake_server.world.journal.secret_texts import SecretTexts
from fake_server.world.observations import Observations
from fake_server.world.profile import Profile, quirks_of
from fake_server.world.records.definition import StoreDefinition
from fake_server.world.world_settings import Auth, Settings, Storage

if TYPE_CHECKING:
    from fake_server.world.image_making import Image
    from fake_server.world.records.kinds import RecordKind
    from fake_server.world.storage.store import Store

_T = TypeVar("_T")

_VERSIONS = count(1)
"""Versions of worlds: no two states of worlds in a process have the same."""


class _InitialState(NamedTuple):
    """The state that a reset restores: the image and section of one API, for one start."""

    start: datetime
    image: Image
    section: Section


class World:
    """A world: a store per API, a clock, a profile, faults, a journal and the APIs' own state.

    A change that can change an answer raises `version`. A request holds `lock` from its beginning
    to its end.
    """

    def __init__(
        self,
        name: str,
        dataset: Dataset,
        settings: Settings,
        definitions: Mapping[str, StoreDefinition],
        images: Images,
    ) -> None:
        self.name = name
        self.dataset = dataset
        self.settings = settings
        self.lock = RLock()
        self.version = next(_VERSIONS)
        self.observed = Observations()
        self.used_at = 0.0
        self._quirks = quirks_of(settings.profile, settings.quirks, definitions)
        self.seed = dataset.seed if settings.seed is None else settings.seed
        self._definitions = definitions
        self._images = images
        self._made_with: dict[str, _InitialState] = {}
        self._secrets: tuple[int, SecretTexts] | None = None
        self.journal = Journal(hidden=self.secrets)
        self._begin()

    def _begin(self) -> None:
        self.auth: Auth = self.settings.auth
        self.enforce_limits = self.settings.enforce_limits
        self.profile: Profile = self.settings.profile
        self.quirks = self._quirks
        at = self.settings.now or self.dataset.now or self.dataset.start
        frozen = self.dataset.frozen if self.settings.frozen is None else self.settings.frozen
        self.clock = Clock(at, frozen=frozen, observed=self.observed, changed=self.changed)
        midnight = self.clock.peek().replace(hour=0, minute=0, second=0, microsecond=0)
        self.start = self.dataset.start or midnight
        self.faults = Faults(self.seed, self.settings.check_fault, self.settings.faults)
        self._stores: dict[str, Store] = {}
        self._sections: dict[str, Section] = {}
        self._parts: dict[type[Any], Any] = {}
        self.journal.clear()
        for api in self.settings.records:
            self._begin_with_records(api)
        login = self.settings.login
        if isinstance(login, str):
            if not self.login_apis:
                raise SettingError("login: no API that is served has people who log in")
            login = dict.fromkeys(self.login_apis, login)
        for api, value in login.items():
            self.log_in(api, value)

    def _begin_with_records(self, api: str) -> None:
        """Add the records of `Settings.records`, or restore the image that has them."""
        from fake_server.world.image_making import Image
        from fake_server.world.records.data import add_all

        initial = self._made_with.get(api)
        if initial is None or initial.start != self.start:
            add_all(self, {api: self.settings.records[api]})
            image = Image.of(self.store(api))
            self._made_with[api] = _InitialState(self.start, image, self.section(api))
            return
        self._stores[api] = initial.image.store()
        self._sections[api] = initial.section

    def behave(self, profile: Profile, quirks: Iterable[str] = ()) -> None:
        """Set the profile and the quirks that are switched beside it; raises `UserError`."""
        self.quirks = quirks_of(profile, quirks, self._definitions)
        self.profile = profile

    def has_quirk(self, name: str) -> bool:
        """Return whether a quirk, as `api.quirk`, is on."""
        return name in self.quirks

    def section(self, api: str) -> Section:
        """Return the current section of an API: the dataset's, or its replacement."""
        own = self._sections.get(api)
        return self.dataset.section(api) if own is None else own

    def replace_section(self, api: str, section: Section) -> None:
        """Replace the section of an API, for other credentials or accounts."""
        self._sections[api] = section

    @property
    def login_apis(self) -> list[str]:
        """The names of the APIs whose people log in."""
        return [name for name, definition in self._definitions.items() if definition.logins]

    @property
    def logins(self) -> dict[str, Any]:
        """Who logs in without a page, by API: a login, or `{"deny": True}`."""
        values = {name: self.section(name).get("login") for name in self.login_apis}
        return {name: value for name, value in values.items() if value is not None}

    def log_in(self, api: str, value: object) -> None:
        """Set who logs in to an API without a page; None: a page asks.

        Raises `UserError` for a login that nobody has.
        """
        definition = self._definitions.get(api)
        if definition is None or definition.logins is None:
            raise SettingError(
                f"login: nobody logs in to {api!r}; {expected_one_of(api, self.login_apis)}"
            )
        if isinstance(value, str):
            names = definition.logins(self)
            if value not in names:
                raise SettingError(
                    f"login: nobody is called {value!r}; {expected_one_of(value, names)}"
                )
        section = {name: kept for name, kept in self.section(api).items() if name != "login"}
        self.replace_section(api, section if value is None else {**section, "login": value})

    @property
    def apis(self) -> list[str]:
        """The names of the APIs."""
        return list(self._definitions)

    def kinds(self, api: str) -> Sequence[RecordKind]:
        """Return the kinds of an API's records; a kind precedes the kinds that refer to it."""
        return self._definitions[api].kinds()

    def store(self, api: str) -> Store:
        """Return the store of an API; the first call makes its image."""
        store = self._stores.get(api)
        if store is None:
            with self.lock:
                store = self._stores.setdefault(api, self._new_store(api))
        return store

    def _new_store(self, api: str) -> Store:
        return self._image_by(self._images.get, api).store()

    def has_image(self, api: str) -> bool:
        """Return whether the records that an API starts with need not be made."""
        return self._image_by(self._images.has, api)

    def is_at_hand(self, api: str) -> bool:
        """Return whether the store of an API is there, or is had without waiting."""
        return api in self._stores or self._image_by(self._images.is_at_hand, api)

    def make_image(self, api: str) -> None:
        """Make the image that an API starts with, without holding the lock of the world.

        Raises `UserError` as `store` does.
        """
        self._image_by(self._images.get, api)

    def _image_by(self, method: Callable[..., _T], api: str) -> _T:
        return method(self._definitions[api], self.dataset, self._inputs(api), on_disk=self.on_disk)

    def _inputs(self, api: str) -> ImageInputs:
        return ImageInputs(self.dataset.section(api), self.seed, self.start, self.settings.progress)

    @property
    def on_disk(self) -> bool:
        """Whether the records are kept on disk, not in memory."""
        own: Storage = "disk" if self.dataset.on_disk else "memory"
        return (self.settings.storage or own) == "disk"

    def part(self, kind: type[_T]) -> _T:
        """Return the world's single instance of a class; the first call makes it by `kind()`.

        An API keeps its state outside of records in such parts: issued tokens, counters. A class
        whose attribute `versioned` is true calls `changed` with each change: answers that depend
        on it may be remembered.
        """
        if not getattr(kind, "versioned", False):
            self.observed.volatile = True
        part = self._parts.get(kind)
        if part is None:
            part = self._parts[kind] = kind()
        return cast(_T, part)

    def secrets(self) -> SecretTexts:
        """Return the current tokens and client secrets of all APIs."""
        with self.lock:
            if self._secrets is None or self._secrets[0] != self.version:
                texts = (
                    text
                    for definition in self._definitions.values()
                    for text in definition.secrets(self)
                )
                self._secrets = (self.version, SecretTexts(texts))
            return self._secrets[1]

    def changed(self) -> None:
        """Take a new version: answers may differ from now on."""
        self.version = next(_VERSIONS)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock during a block that changes the world, then raise the version."""
        with self.lock:
            yield
            self.changed()

    def reset(self) -> None:
        """Restore the initial records, clock, faults, tokens and counters; clear the journal."""
        with self.lock:
            self.discard()
            self._begin()
            self.changed()

    def discard(self) -> None:
        """Drop the world's own copies of its records; other worlds keep theirs."""
        with self.lock:
            for store in self._stores.values():
                store.discard()
