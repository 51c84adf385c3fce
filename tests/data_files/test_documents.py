"""Texts of YAML that are kept as what they say."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_server.data_files.yaml_cache import document_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAKE_SERVER_CACHE", str(tmp_path))
    return tmp_path


class Reader:
    """Reads YAML, and counts how often."""

    def __init__(self) -> None:
        self.uses = 0

    def __call__(self, text: str) -> Any:
        self.uses += 1
        return yaml.safe_load(text)


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("a: [1, 1.0, true, null, '1']", {"a": [1, 1.0, True, None, "1"]}),
        ("now: 2026-03-02T10:00:00Z", {"now": datetime(2026, 3, 2, 10, tzinfo=UTC)}),
        ("now: 2026-03-02 10:00:00.5", {"now": datetime.fromisoformat("2026-03-02T10:00:00.5")}),
        ("day: 2026-03-02", {"day": date(2026, 3, 2)}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("", None),
    ],
)
def test_a_kept_text_says_what_it_said(text: str, document: Any) -> None:
    read = Reader()
    first, second = document_of(text, read), document_of(text, read)
    assert first == second == document
    assert repr(first) == repr(second)
    assert read.uses == 1


@pytest.mark.parametrize(
    "text",
    [
        "1: a number as a key",
        "a: .nan",
        "a: {$time: not a time}",
        "a: {$day: 2026-03-02}",
        "a: !!binary aGk=",
        "a: !!set {b}",
        "a: &x [*x]",
    ],
)
def test_what_would_come_back_otherwise_is_not_kept(text: str, folder: Path) -> None:
    read = Reader()
    document_of(text, read)
    document_of(text, read)
    assert read.uses == 2
    assert list(folder.iterdir()) == []


def test_another_text_is_another_document() -> None:
    read = Reader()
    assert [document_of(text, read) for text in ("a: 1", "a: 2")] == [{"a": 1}, {"a": 2}]


def test_another_reader_makes_another_document() -> None:
    def shout(text: str) -> str:
        return text.upper()

    def whisper(text: str) -> str:
        return text.lower()

    assert [document_of("Text", read) for read in (shout, whisper)] == ["TEXT", "text"]


def test_a_mistake_is_raised_each_time() -> None:
    for _ in range(2):
        with pytest.raises(yaml.YAMLError):
            document_of("a: [", Reader())
