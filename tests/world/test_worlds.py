import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from fake_server.errors import TooManyWorldsError, UnknownWorldError, UserError
from fake_server.world import worlds as worlds_module
from fake_server.world.datasets.dataset import parse
from fake_server.world.fault import Fault
from fake_server.world.rate_counters import RateCounters
from fake_server.world.world import World
from fake_server.world.world_settings import Settings
from fake_server.world.worlds import Worlds
from tests.world.shop import DEFINITION, names, rename

TEXT = "seed: 5\nshop:\n  goods: {count: 3}\n"
NOON = datetime(2017, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("shop_schemas")


@pytest.fixture
def new_worlds() -> Callable[..., Worlds]:
    def make(text: str = TEXT, **settings: Any) -> Worlds:
        return Worlds({"shop": DEFINITION}, parse(text, name="test"), Settings(**settings))

    return make


@pytest.fixture
def world(new_worlds: Callable[..., Worlds]) -> World:
    return new_worlds().default


def test_there_is_always_a_world_called_default(new_worlds: Callable[..., Worlds]) -> None:
    worlds = new_worlds()
    assert worlds.get("default") is worlds.default
    assert worlds.default.seed == 5


def test_a_world_that_does_not_exist_is_unknown(new_worlds: Callable[..., Worlds]) -> None:
    with pytest.raises(UnknownWorldError, match="there is no world called 'absent' here"):
        new_worlds().get("absent")


def test_a_new_world_is_made_like_the_default_one(new_worlds: Callable[..., Worlds]) -> None:
    worlds = new_worlds(now=NOON, frozen=True, auth="any", enforce_limits=True)
    made = worlds.create("mine")
    assert worlds.get("mine") is made
    assert (made.clock.now(), made.auth, made.enforce_limits) == (NOON, "any", True)
    assert names(made.store("shop")) == names(worlds.default.store("shop"))


def test_a_new_world_may_have_a_dataset_and_settings_of_its_own(
    new_worlds: Callable[..., Worlds],
) -> None:
    worlds = new_worlds()
    other = parse("shop:\n  goods: {count: 1}\n", name="other")
    made = worlds.create("mine", other, Settings(seed=9))
    assert len(names(made.store("shop"))) == 1
    assert (made.seed, made.dataset.name) == (9, "other")


def test_worlds_do_not_see_each_others_writes(new_worlds: Callable[..., Worlds]) -> None:
    worlds = new_worlds()
    first, second = worlds.create("one"), worlds.create("two")
    rename(first.store("shop"), 1, "mine")
    assert names(first.store("shop"))[0] == "mine"
    assert "mine" not in names(second.store("shop")) + names(worlds.default.store("shop"))


def test_making_a_world_again_forgets_the_one_before(new_worlds: Callable[..., Worlds]) -> None:
    worlds = new_worlds()
    first = worlds.create("mine")
    rename(first.store("shop"), 1, "mine")
    second = worlds.create("mine")
    assert worlds.get("mine") is second
    assert "mine" not in names(second.store("shop"))
    assert not first.store("shop").written


class Timer:
    """Real seconds, as a test wants them."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_world_that_nobody_uses_expires() -> None:
    timer = Timer()
    dataset = parse(TEXT, name="test")
    worlds = Worlds({"shop": DEFINITION}, dataset, Settings(expires_after=60), timer)
    idle = worlds.add("idle", dataset, worlds.default.settings)
    rename(idle.store("shop"), 1, "Other")
    worlds.add("used", dataset, worlds.default.settings)
    worlds.add("kept", dataset, Settings())
    timer.now += 50
    worlds.get("used").store("shop")
    timer.now += 11
    with pytest.raises(UnknownWorldError, match=r"'idle' here any more: nobody used it for 60 s"):
        worlds.get("idle")
    assert [world.name for world in worlds.all()] == ["default", "used", "kept"]
    assert not idle.store("shop").written
    with pytest.raises(UnknownWorldError, match=r"there is no world called 'idle' here$"):
        worlds.get("idle")
    timer.now += 10_000
    assert worlds.get("default") is worlds.default
    assert [world.name for world in worlds.all()] == ["default", "kept"]


def test_the_name_and_the_room_of_an_expired_world_are_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worlds_module, "MOST_WORLDS", 1)
    timer = Timer()
    dataset = parse(TEXT, name="test")
    worlds = Worlds({"shop": DEFINITION}, dataset, Settings(expires_after=60), timer)
    for name in ("mine", "mine", "yours"):
        made = worlds.add(name, dataset, worlds.default.settings)
        assert worlds.get(name) is made
        with pytest.raises(TooManyWorldsError, match="1 worlds beside 'default'"):
            worlds.add(None, dataset, worlds.default.settings)
        timer.now += 60.5


def test_the_clocks_of_worlds_do_not_make_them_expire(new_worlds: Callable[..., Worlds]) -> None:
    worlds = new_worlds(expires_after=3600)
    made = worlds.add("mine", worlds.default.dataset, worlds.default.settings)
    made.clock.advance(timedelta(days=1))
    with freeze_time("2001-01-01"):
        assert worlds.get("mine") is made
    with freeze_time("2101-01-01"):
        assert worlds.get("mine") is made


def test_a_reset_brings_back_all_a_world_was_made_with(
    new_worlds: Callable[..., Worlds],
) -> None:
    world = new_worlds(now=NOON, frozen=True).default
    before = names(world.store("shop"))
    version = world.version
    rename(world.store("shop"), 1, "mine")
    world.clock.advance(timedelta(days=1))
    world.clock.run()
    world.auth, world.enforce_limits = "off", True
    world.quirks = frozenset({"shop.any"})
    world.part(RateCounters).count("app", 1, timedelta(hours=1), NOON)
    world.reset()
    assert names(world.store("shop")) == before
    assert world.clock.now() == NOON
    assert (world.auth, world.enforce_limits, world.quirks) == ("dataset", False, frozenset())
    assert world.part(RateCounters).peek("app", 1, timedelta(hours=1), NOON).used == 0
    assert world.version > version


def test_a_part_is_one_object_for_each_world(new_worlds: Callable[..., Worlds]) -> None:
    worlds = new_worlds()
    counters = worlds.default.part(RateCounters)
    assert worlds.default.part(RateCounters) is counters
    assert worlds.create("mine").part(RateCounters) is not counters


def test_a_change_raises_the_version(world: World) -> None:
    version = world.version
    world.changed()
    assert world.version == version + 1


def test_the_start_is_the_datasets_or_the_midnight_before_now(
    new_worlds: Callable[..., Worlds],
) -> None:
    with freeze_time(NOON + timedelta(minutes=7)):
        assert new_worlds().default.start == NOON.replace(hour=0)
        assert new_worlds(now=NOON + timedelta(days=3)).default.start.day == 25
        pinned = new_worlds(f"start: 2016-01-01\n{TEXT}").default
        assert pinned.start == datetime(2016, 1, 1, tzinfo=UTC)
        assert pinned.clock.now() == pinned.start
        assert new_worlds().default.clock.now() == NOON + timedelta(minutes=7)


def test_the_settings_overrule_the_dataset(new_worlds: Callable[..., Worlds]) -> None:
    frozen = new_worlds(f"frozen: true\nstart: 2016-01-01\n{TEXT}", now=NOON, frozen=False).default
    assert not frozen.clock.frozen
    assert abs(frozen.clock.now() - NOON) < timedelta(minutes=1)
    assert new_worlds(seed=77).default.seed == 77
    assert new_worlds(seed=0).default.seed == 0


def test_records_may_be_kept_on_disk(new_worlds: Callable[..., Worlds]) -> None:
    on_disk = new_worlds(storage="disk").default.store("shop")
    asked = new_worlds(f"storage: disk\n{TEXT}").default.store("shop")
    assert names(on_disk) == names(new_worlds().default.store("shop"))
    assert len(names(asked)) == 3


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"profile": "real"}, "profile: expected one of documented, live, found 'real'"),
        ({"auth": "none"}, "auth: expected one of dataset, any, off, found 'none'"),
        ({"storage": "tape"}, "store: expected one of memory, disk, found 'tape'"),
        (
            {"now": datetime(2020, 1, 1)},  # noqa: DTZ001  # the mistake under test
            "now: expected a time with its zone, found 2020-01-01T00:00:00",
        ),
        (
            {"now": datetime(9999, 1, 1, tzinfo=UTC)},
            "now: expected a time from 1900 to 2999, found 9999-01-01T00:00:00+00:00",
        ),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as raised:
        Settings(**settings)
    assert str(raised.value) == message


def test_threads_use_and_reset_worlds_of_one_image_without_harm(
    new_worlds: Callable[..., Worlds],
) -> None:
    worlds = new_worlds()
    shared = worlds.default
    barrier = threading.Barrier(5)

    def request(world: World, text: str) -> None:
        with world.lock:
            goods = world.store("shop")
            rename(goods, 2, text)
            assert names(goods)[1] == text
            world.changed()

    def work(number: int) -> None:
        own = worlds.create(f"world-{number}")
        barrier.wait()
        for turn in range(50):
            request(shared, f"{number}-{turn}")
            request(own, f"{number}-{turn}")
            if turn % 3 == 0:
                own.reset()
            if turn % 10 == number:
                shared.reset()

    with ThreadPoolExecutor(5) as threads:
        list(threads.map(work, range(5)))
    shared.reset()
    assert names(shared.store("shop")) == names(worlds.create("fresh").store("shop"))


def test_a_reset_sets_the_faults_that_the_world_was_made_with(
    new_worlds: Callable[..., Worlds],
) -> None:
    own = Fault("shop.list_goods", status=503, times=1)
    world = new_worlds(faults=(own,)).default
    assert world.faults.strike(lambda fault: True)
    world.faults.add(Fault("*", latency=1))
    world.reset()
    assert [(fault.id, fault.fault, fault.matched) for fault in world.faults.active] == [
        ("fault-1", own, 0)
    ]
    world.faults.clear()
    world.reset()
    assert world.faults.strike(lambda fault: True)


def test_a_world_with_an_impossible_fault_is_not_made(new_worlds: Callable[..., Worlds]) -> None:
    def check(fault: Fault) -> None:
        raise UserError(f"pattern: nothing is called {fault.pattern}")

    with pytest.raises(UserError, match=r"^faults\.0: pattern: nothing is called x\.y$"):
        new_worlds(faults=(Fault("x.y", status=500),), check_fault=check)


def test_the_clock_starts_where_the_dataset_says_and_records_lie_around_its_start(
    new_worlds: Callable[..., Worlds],
) -> None:
    world = new_worlds(
        f"frozen: true\nstart: 2016-01-01\nnow: 2016-02-01T10:00:00Z\n{TEXT}"
    ).default
    assert world.start == datetime(2016, 1, 1, tzinfo=UTC)
    assert world.clock.now() == datetime(2016, 2, 1, 10, tzinfo=UTC)
    world.clock.advance(timedelta(days=1))
    world.reset()
    assert world.clock.now() == datetime(2016, 2, 1, 10, tzinfo=UTC)
