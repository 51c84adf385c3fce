import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from fake_server.world.dataset import parse
from fake_server.world.errors import UnknownWorldError, UserError
from fake_server.world.limits import RateCounters
from fake_server.world.world import Settings, World
from fake_server.world.worlds import Worlds
from tests.world.shop import RECIPE, names, rename

TEXT = "seed: 5\nshop:\n  goods: {count: 3}\n"
NOON = datetime(2017, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("shop_schemas")


@pytest.fixture
def new_worlds() -> Callable[..., Worlds]:
    def make(text: str = TEXT, **settings: Any) -> Worlds:
        return Worlds({"shop": RECIPE}, parse(text, name="test"), Settings(**settings))

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
    one, two = worlds.create("one"), worlds.create("two")
    rename(one.store("shop"), 1, "mine")
    assert names(one.store("shop"))[0] == "mine"
    assert "mine" not in names(two.store("shop")) + names(worlds.default.store("shop"))


def test_making_a_world_again_forgets_the_one_before(new_worlds: Callable[..., Worlds]) -> None:
    worlds = new_worlds()
    first = worlds.create("mine")
    rename(first.store("shop"), 1, "mine")
    second = worlds.create("mine")
    assert worlds.get("mine") is second
    assert "mine" not in names(second.store("shop"))
    assert not first.store("shop").written


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
