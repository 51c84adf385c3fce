"""Creation of a world from the attributes of a request."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from fake_server.control.problem_error import ProblemError
from fake_server.control.time_text import moment_of
from fake_server.errors import (
    SENT_DATASET,
    DataError,
    DatasetError,
    Position,
    UnknownRecordError,
    UserError,
    expected_one_of,
)
from fake_server.world.datasets.dataset import Dataset, bundled, load, parse
from fake_server.world.faults import faults_of
from fake_server.world.image_inputs import Section, silent
from fake_server.world.world import World
from fake_server.world.world_settings import Settings
from fake_server.world.worlds import Worlds

_MOST_RECORDS = 20_000


def make_world(worlds: Worlds, attributes: Mapping[str, Any]) -> World:
    """Add a world with the attributes of `schemas/control/world_new.json`, and return it.

    An attribute that is left out has the value of the default world. Raises `ProblemError` and
    `UserError`.
    """
    try:
        return worlds.add(
            attributes.get("name"),
            _dataset(worlds, attributes),
            _settings(worlds.default.settings, attributes),
            _require_few_records,
        )
    except (DataError, UnknownRecordError) as error:
        raise DataError(f"{_records_name(attributes)}.{error}") from None
    except UserError as error:
        position = error.position
        is_json = isinstance(attributes.get("dataset"), dict)
        if is_json and position is not None and position.file == SENT_DATASET:
            # The line is one of a text that the client never saw.
            raise error.at(Position(SENT_DATASET)) from None
        raise


def _records_name(attributes: Mapping[str, Any]) -> str:
    """Return the name that a request uses for the records to add."""
    return "data" if "data" in attributes else "records"


def _dataset(worlds: Worlds, attributes: Mapping[str, Any]) -> Dataset:
    dataset = attributes.get("dataset")
    if isinstance(dataset, str):
        return _dataset_named(dataset, worlds)
    if dataset is not None:
        return _inline(_as_yaml(dataset))
    if "dataset_yaml" in attributes:
        return _inline(attributes["dataset_yaml"])
    return worlds.default.dataset


def _dataset_named(name: str, worlds: Worlds) -> Dataset:
    """Return a dataset by name, never by path: a request reads no files of this machine."""
    default = worlds.default.dataset
    if name == default.name:
        return default
    bundled_names = [path.stem for path in bundled()]
    if name not in bundled_names:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            DatasetError(
                f"dataset: there is none called {name[:60]!a};"
                f" {expected_one_of(name, sorted({*bundled_names, default.name}))}"
            ),
        )
    return load(name, worlds.default.apis)


def _inline(text: str) -> Dataset:
    from fake_server.world.datasets.check import check

    dataset = parse(text, name=SENT_DATASET)
    check(dataset)
    return dataset


def _require_few_records(sections: Mapping[str, Section]) -> None:
    """Raise `ProblemError` for sections with too many records to invent during a request."""
    count = sum(
        _invented_count(kind)
        for section in sections.values()
        for kind in (section or {}).values()
        if isinstance(kind, Mapping)
    )
    if count > _MOST_RECORDS:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            DatasetError(
                f"dataset: expected at most {_MOST_RECORDS} records to invent for a request, found"
                f" {count}; for more: fake-server serve --dataset NAME|FILE"
            ),
        )


def _invented_count(kind: Mapping[str, Any]) -> int:
    """Return the number of records of a kind to invent: its count and the counts of its days."""
    days = [day for day in kind.values() if isinstance(day, Mapping)]
    counts = [kind.get("count"), *(count for day in days for count in day.values())]
    return sum(count for count in counts if isinstance(count, int))


def _as_yaml(document: Mapping[str, Any]) -> str:
    import yaml

    from fake_server.yaml_classes import Dumper

    for name in ("start", "now"):
        if isinstance(document.get(name), str):
            document = {**document, name: _yaml_time(document[name])}
    return str(yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True))


def _yaml_time(text: str) -> datetime | str:
    """Return a time as YAML has it: JSON has times as text only."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _settings(default: Settings, attributes: Mapping[str, Any]) -> Settings:
    names = ("seed", "frozen", "profile", "auth", "expires_after")
    changes = {name: attributes[name] for name in names if name in attributes}
    if "now" in attributes:
        changes["now"] = moment_of("now", attributes["now"])
    if "quirks" in attributes:
        changes["quirks"] = tuple(attributes["quirks"])
    if _records_name(attributes) in attributes:
        changes["records"] = attributes[_records_name(attributes)]
    if "login" in attributes:
        changes["login"] = attributes["login"]
    elif {"dataset", "dataset_yaml"} & set(attributes):
        # The people of another dataset are others.
        changes["login"] = {}
    if "limits" in attributes:
        changes["enforce_limits"] = attributes["limits"]
    if "faults" in attributes:
        changes["faults"] = faults_of(attributes["faults"])
    return replace(default, progress=silent, **changes)
