from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from fake_server.world.seeded_random import SeededRandom


def test_values_are_the_same_on_every_machine_and_in_every_version() -> None:
    random = SeededRandom(42, "slots", 7)
    assert [random.bits() for _ in range(3)] == [
        301972080420462972,
        1585228666977963829,
        12603361548088683463,
    ]
    assert SeededRandom(42, "slots", 7).uuid() == "0430d201-d98c-417c-95ff-dd12defccf35"


@given(st.integers(), st.text(), st.integers() | st.text())
def test_the_same_identity_gives_the_same_values(seed: int, resource: str, key: int | str) -> None:
    first, second = SeededRandom(seed, resource, key), SeededRandom(seed, resource, key)
    assert [first.bits() for _ in range(20)] == [second.bits() for _ in range(20)]


def test_drawing_for_one_record_does_not_change_another() -> None:
    alone = SeededRandom(1, "users", 2)
    expected = [alone.bits() for _ in range(12)]
    first, second = SeededRandom(1, "users", 1), SeededRandom(1, "users", 2)
    mixed = []
    for _ in range(12):
        first.bits()
        mixed.append(second.bits())
    assert mixed == expected


def test_seed_resource_and_key_each_make_a_difference() -> None:
    identities = [
        (1, "users", 1),
        (2, "users", 1),
        (1, "slots", 1),
        (1, "users", 2),
        (1, "user", 11),
    ]
    assert len({SeededRandom(*identity).bits() for identity in identities}) == len(identities)


def test_integers_cover_their_range_evenly() -> None:
    counts = Counter(SeededRandom(3, "dice", key).integer(1, 6) for key in range(6000))
    assert set(counts) == {1, 2, 3, 4, 5, 6}
    assert all(850 < count < 1150 for count in counts.values())
    assert SeededRandom(3, "dice", 1).integer(5, 5) == 5


def test_choices_cover_all_options_evenly() -> None:
    counts = Counter(SeededRandom(4, "colour", key).choice("abc") for key in range(6000))
    assert all(1800 < counts[colour] < 2200 for colour in "abc")


def test_chance_is_the_probability() -> None:
    hits = sum(SeededRandom(5, "coin", key).chance(0.2) for key in range(5000))
    assert 900 < hits < 1100
    assert not any(SeededRandom(5, "coin", key).chance(0) for key in range(50))
    assert all(SeededRandom(5, "coin", key).chance(1) for key in range(50))


def test_weights_are_proportions() -> None:
    options = [("often", 3.0), ("seldom", 1.0), ("never", 0.0)]
    counts = Counter(SeededRandom(6, "weather", key).weighted(options) for key in range(4000))
    assert 2850 < counts["often"] < 3150
    assert counts["often"] + counts["seldom"] == 4000


@given(st.lists(st.integers(), unique=True, max_size=30), st.integers(0, 40))
def test_a_sample_is_of_different_options(options: list[int], size: int) -> None:
    sample = SeededRandom(7, "team", 1).sample(options, size)
    assert len(sample) == min(size, len(options))
    assert len(set(sample)) == len(sample)
    assert set(sample) <= set(options)


def test_hexadecimal_digits_and_uuids_are_well_formed() -> None:
    for length in (0, 1, 16, 17, 64):
        digits = SeededRandom(8, "token", length).hexadecimal(length)
        assert len(digits) == length
        assert set(digits) <= set("0123456789abcdef")
    uuid = UUID(SeededRandom(8, "repo", 1).uuid())
    assert uuid.version == 4
