import errno
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fake_server import data_files
from fake_server.errors import DatasetError
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import bundled, find, load, parse


def _message(text: str) -> str:
    with pytest.raises(DatasetError) as raised:
        check(parse(text, name="test"))
    return str(raised.value)


@pytest.mark.parametrize("path", bundled(), ids=lambda path: path.stem)
def test_every_bundled_dataset_is_correct(path: Path) -> None:
    dataset = load(path.stem)
    check(dataset)
    assert dataset.description


def test_settings_have_defaults() -> None:
    dataset = parse("", name="nothing")
    assert (dataset.seed, dataset.start, dataset.frozen, dataset.on_disk) == (1, None, False, False)
    assert dataset.section("shop") == {}


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2017-11-22T14:00:00Z", datetime(2017, 11, 22, 14, tzinfo=UTC)),
        ("2017-11-22T14:00:00+01:00", datetime(2017, 11, 22, 13, tzinfo=UTC)),
        ("2017-11-22 14:00:00", datetime(2017, 11, 22, 14, tzinfo=UTC)),
        ("2017-11-22", datetime(2017, 11, 22, tzinfo=UTC)),
        ('"2017-11-22T14:00:00.500Z"', datetime(2017, 11, 22, 14, 0, 0, 500_000, tzinfo=UTC)),
        ("'2017-11-22T14:00:00+01:00'", datetime(2017, 11, 22, 13, tzinfo=UTC)),
        ("'2017-11-22'", datetime(2017, 11, 22, tzinfo=UTC)),
    ],
)
def test_the_start_is_in_utc(start: str, expected: datetime) -> None:
    assert parse(f"start: {start}", name="test").start == expected


def test_a_dataset_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    own = tmp_path / "mine.yml"
    own.write_text("\ufeffseed: 7", encoding="utf-8")
    assert find("empty").name == "empty.yaml"
    dataset = load(str(own))
    assert (dataset.name, dataset.seed, dataset.path) == ("mine", 7, own)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.yaml", "absent.yaml: no such dataset file"),
        ("emty", "emty: no such dataset; meant empty? (or give the path of a .yaml file)"),
    ],
)
def test_a_dataset_that_is_not_there_is_told(name: str, message: str) -> None:
    with pytest.raises(DatasetError) as raised:
        load(name)
    assert str(raised.value) == message


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match=r"bytes.yaml:1: expected text in UTF-8, found the"):
        load(str(path))
    path.write_bytes("description: good\nfabmanager: caf\xe9".encode("latin-1"))
    with pytest.raises(DatasetError, match=r"bytes.yaml:2: .* found the byte 0xe9"):
        load(str(path))


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "secret.yaml")

    path = tmp_path / "secret.yaml"
    path.write_text("seed: 1")
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(DatasetError, match=r"secret.yaml: cannot be read: Permission denied$"):
        load(str(path))


START = "expected a date and time such as 2026-11-21T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- 1", "test:1: a dataset is a mapping of keys, not a list"),
        ("seed: abc", "test:1: seed: expected a whole number of at most 64 bits, found 'abc'"),
        ("seed: true", "test:1: seed: expected a whole number of at most 64 bits, found True"),
        ("seed: 1.5", "test:1: seed: expected a whole number of at most 64 bits, found 1.5"),
        ("# why\n\nfrozen: 1", "test:3: frozen: expected true or false, found 1"),
        ("seed: 1\nstart: soon", f"test:2: start: {START}, found 'soon'"),
        ("start: 2016-01-01\nnow: soon", f"test:2: now: {START}, found 'soon'"),
        ("now: 3000-01-01", "test:1: now: expected a time from 1900 to 2999, found 3000-01-01"),
        ("start:", f"test:1: start: {START}, found nothing"),
        ("start: {at: 1}", f"test:1: start: {START}, found a mapping"),
        ("start: 0001-01-01", "test:1: start: expected a time from 1900 to 2999, found 0001-01-01"),
        ("storage: 3", "test:1: storage: expected text, found 3"),
        ("\ndescription: 3", "test:2: description: expected text, found 3"),
        ("x: 2017-13-45", "test:1: cannot be read: 2017-13-45: no such date or number"),
        ("x:\n  - !!int x", "test:2: cannot be read: x: no such date or number"),
        ("a: !shop 1", "test:1: not YAML: could not determine a constructor for the tag '!shop'"),
        (
            "a: 1\n---\nb: 2",
            "test:2: not YAML: expected a single document in the stream,"
            " but found another document",
        ),
        ("seed: 1\nshop: {}\nseed: 2", "test:3: seed: stands here a second time, first on line 1"),
        ("shop: &a [*a]", "test:1: an alias contains itself"),
        ("sead: 3", "test:1: sead: no such key; meant seed?"),
        (
            "zzz: 3",
            "test:1: zzz: no such key;"
            " expected one of description, frozen, now, seed, shop, start, storage",
        ),
        (
            "storage: tape",
            "test:1: storage: 'tape' is not one of ['memory', 'disk'] (expected: Where the records"
            " are kept: memory (the default), or disk for a dataset too large for it.)",
        ),
        (
            "seed: 1\nshop: 3",
            "test:2: shop: 3 is not of type 'object', 'null'"
            " (expected: The records and settings of shop.)",
        ),
        ("shop:\n  good:\n    count: 1", "test:2: shop.good: no such key; meant goods?"),
        (
            "shop:\n  goods:\n    count: -1",
            "test:3: shop.goods.count: -1 is less than the minimum of 0"
            " (expected: how many to make)",
        ),
        (
            "shop:\n  goods:\n    records:\n    - id: 1\n    - id: two",
            "test:5: shop.goods.records.1.id: 'two' is not of type 'integer'",
        ),
        (
            "shop:\n  goods:\n    records:\n    - id: 1\n    - name: x",
            "test:5: shop.goods.records.1: 'id' is a required property",
        ),
        (
            "shop: {goods: {records: [{id: 1}, {id: 2, nmae: x}]}}",
            "test:1: shop.goods.records.1.nmae: no such key; meant name?",
        ),
    ],
)
@pytest.mark.usefixtures("shop_schemas")
def test_each_mistake_is_told_in_one_line(text: str, message: str) -> None:
    assert _message(text) == message


def test_what_is_not_yaml_is_told() -> None:
    # PyYAML words it in C otherwise than in Python, and counts the line after the last one.
    assert re.fullmatch(r"test:[12]: not YAML: .*expected ',' or '\]'.*", _message("a: [1"))


@pytest.mark.usefixtures("shop_schemas")
def test_a_message_stays_one_line_of_a_readable_length() -> None:
    message = _message(f"shop:\n  goods:\n    records: {{x: '{'long ' * 500}'}}")
    assert message.startswith("test:3: shop.goods.records: {'x': 'long long")
    assert message.endswith("is not of type 'array'")
    assert len(message) < 300


@pytest.mark.usefixtures("shop_schemas")
@pytest.mark.parametrize(
    "text",
    ["shop:", "shop: {}", "shop: &a {goods: {count: 1}}", "x: &x {count: 1}\nshop: {goods: *x}"],
)
def test_correct_datasets_pass(text: str) -> None:
    if text.startswith("x"):
        assert "x: no such key" in _message(text)
    else:
        check(parse(text, name="test"))


@pytest.mark.usefixtures("shop_schemas")
def test_a_whole_number_is_one_however_it_is_written() -> None:
    dataset = parse("seed: 3.0\nshop: {goods: {count: 2.0}}", name="test")
    check(dataset)
    counts = [dataset.seed, dataset.section("shop")["goods"]["count"]]
    assert counts == [3, 2]
    assert [type(count) for count in counts] == [int, int]
    assert "1.5 is not of type" in _message("shop: {goods: {count: 1.5}}")


def test_aliases_stand_for_so_much_and_no_more() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert _message("\n".join(["l0: &l0 [1]", *levels])) == (
        "test:7: its aliases spell out more than 1000000 values"
    )


def test_aliases_lead_only_so_deep() -> None:
    levels = [f"l{n}: &l{n} [*l{n - 1}]" for n in range(1, 60)]
    assert _message("\n".join(["l0: &l0 [1]", *levels])) == (
        "test:50: nested too deeply: expected at most 50 lists and mappings within each other"
    )


def test_a_number_of_thousands_of_digits_is_told() -> None:
    assert _message(f"seed: {'9' * 5000}").startswith("test:1: cannot be read: 9999")


def test_a_character_that_yaml_does_not_allow_is_told() -> None:
    assert _message("b: é\na: \0") == "test:2: not YAML: the character U+0000 may not stand there"


def test_a_text_is_nested_only_so_deep() -> None:
    for text in ("[" * 40_000 + "]" * 40_000, "- " * 2_000 + "1", "{a: " * 1_000 + "}" * 1_000):
        assert _message(f"seed: 1\nx:\n  {text}") == (
            "test:3: nested too deeply: expected at most 50 lists and mappings within each other"
        )
    assert "nested" not in _message("x: " + "[" * 49 + "]" * 49)


@pytest.fixture
def split(shop_schemas: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let one dataset be bundled, with a file for the shop's section; return the frame's folder."""
    fixtures = shop_schemas.parent / "fixtures"
    (fixtures / "shop").mkdir(parents=True)
    (fixtures / "tidy.yaml").write_text("description: Tidy.\nseed: 3\n")
    (fixtures / "shop" / "tidy.yaml").write_text("# Goods.\ngoods: {count: 2}\n")
    monkeypatch.setattr(data_files, "fixtures", lambda: fixtures)
    return fixtures


def test_a_bundled_dataset_is_a_frame_and_a_file_for_each_section(split: Path) -> None:
    dataset = load("tidy")
    check(dataset)
    assert (dataset.seed, dataset.section("shop")) == (3, {"goods": {"count": 2}})
    assert str(dataset.position(("seed",))) == f"{split / 'tidy.yaml'}:2"
    assert str(dataset.position(("shop", "goods"))) == f"{split / 'shop' / 'tidy.yaml'}:2"
    assert load(str(split / "tidy.yaml")) == dataset


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("\ngood: {count: 2}\n", "2: shop.good: no such key; meant goods?"),
        ("goods: {}\ngoods: {}\n", "2: goods: stands here a second time, first on line 1"),
        ("goods:\n  count: x\n", "2: shop.goods.count: 'x' is not of type 'integer'"),
        ("goods: [\n", "2: not YAML: "),
        ("- goods\n", "1: a dataset is a mapping of keys, not a list"),
    ],
)
def test_a_mistake_in_a_section_names_its_own_file(split: Path, text: str, mistake: str) -> None:
    (split / "shop" / "tidy.yaml").write_text(text)
    with pytest.raises(DatasetError) as raised:
        check(load("tidy"))
    assert str(raised.value).startswith(f"{split / 'shop' / 'tidy.yaml'}:{mistake}")


def test_a_section_has_one_place(split: Path) -> None:
    (split / "tidy.yaml").write_text("shop: {goods: {count: 3}}\n")
    with pytest.raises(DatasetError, match=r"tidy\.yaml:1: shop: no such key"):
        check(load("tidy"))


def test_an_api_without_a_file_of_its_section_is_empty(split: Path) -> None:
    (split / "shop" / "tidy.yaml").unlink()
    dataset = load("tidy")
    check(dataset)
    assert dataset.section("shop") == {}


def test_an_empty_file_is_an_empty_section(split: Path) -> None:
    (split / "shop" / "tidy.yaml").write_text("# Nothing yet.\n")
    check(load("tidy"))
    assert load("tidy").section("shop") == {}


def test_a_users_own_file_has_no_section_but_its_own(split: Path, tmp_path: Path) -> None:
    own = tmp_path / "tidy.yaml"
    own.write_text("shop: {goods: {count: 9}}\n")
    check(load(str(own)))
    assert load(str(own)).section("shop") == {"goods": {"count": 9}}
