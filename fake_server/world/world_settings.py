"""The settings of a world beside its dataset."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any, Literal

from fake_server.errors import SettingError
from fake_server.world.fault import Fault
from fake_server.world.faults import any_fault
from fake_server.world.image_inputs import ImageProgress, silent
from fake_server.world.instants import EARLIEST, LATEST
from fake_server.world.json_schema import EXPECTED, is_whole
from fake_server.world.option_checks import require_kind, require_one_of
from fake_server.world.profile import PROFILES, Profile

Auth = Literal["dataset", "any", "off"]
AUTHS: tuple[Auth, ...] = ("dataset", "any", "off")
Storage = Literal["memory", "disk"]
STORAGES: tuple[Storage, ...] = ("memory", "disk")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a world beside its dataset. A value of None is the dataset's.

    - `expires_after`: the real seconds without use after which the world expires; None: never.
    - `login`: who logs in without a page, by API: a login, or `{"deny": True}`; or the login that
      holds for every API whose people log in.
    - `records`: records to add to those of the dataset, by API and kind.
    - `check_fault`: raises `UserError` for a fault that applies to no request.
    """

    seed: int | None = None
    now: datetime | None = None
    frozen: bool | None = None
    profile: Profile = "documented"
    quirks: tuple[str, ...] = ()
    auth: Auth = "dataset"
    enforce_limits: bool = False
    storage: Storage | None = None
    expires_after: float | None = None
    login: str | Mapping[str, Any] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, Sequence[Any]]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    check_fault: Callable[[Fault], None] = field(default=any_fault, compare=False)
    progress: ImageProgress = field(default=silent, compare=False)

    def __post_init__(self) -> None:
        require_kind("seed", self.seed, int, EXPECTED)
        if self.seed is not None and not is_whole(self.seed):
            raise SettingError(f"seed: expected {EXPECTED}, found {self.seed}")
        require_kind("now", self.now, datetime, "a time")
        require_kind("frozen", self.frozen, bool, "true or false")
        require_kind("limits", self.enforce_limits, bool, "true or false")
        require_one_of("profile", self.profile, PROFILES)
        require_one_of("auth", self.auth, AUTHS)
        if self.storage is not None:
            require_one_of("store", self.storage, STORAGES)
        if self.expires_after is not None and not 0 < self.expires_after < inf:
            raise SettingError(f"expires_after: expected seconds, found {self.expires_after:g}")
        if self.now is not None and self.now.tzinfo is None:
            raise SettingError(f"now: expected a time with its zone, found {self.now.isoformat()}")
        if self.now is not None and not EARLIEST <= self.now < LATEST:
            raise SettingError(
                f"now: expected a time from {EARLIEST.year} to {LATEST.year - 1},"
                f" found {self.now.isoformat()}"
            )
