"""Validation of datasets against the schemas; a mistake has its file and line."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file
from fake_server.errors import (
    DatasetError,
    Position,
    RecordError,
    expected_one_of,
)
from fake_server.errors.wording import shortened
from fake_server.world.datasets.dataset import Dataset, SectionFile
from fake_server.world.datasets.lines import line_of, repeated_keys
from fake_server.world.datasets.yaml_text import load_text
from fake_server.world.image_inputs import DatasetPath
from fake_server.world.instants import EARLIEST, LATEST, instant_of, milliseconds
from fake_server.world.json_schema import EXPECTED, LEAST, MOST, validator_class
from fake_server.world.json_values import as_json

_KINDS = {
    "instant": f"a time that exists, from {EARLIEST.year} to {LATEST.year - 1}",
    "day": "a day that exists",
}


def check(dataset: Dataset, api: str | None = None) -> None:
    """Raise `DatasetError` for the first mistake, with file, line, found and expected value.

    `api`: skip the section files of other APIs.
    """
    _check(dataset.text, str(dataset.path or dataset.name), whole=not dataset.files)
    for file in dataset.files:
        if api in (None, file.api):
            _check_section_file(file)


@lru_cache(maxsize=64)
def _check(text: str, name: str, *, whole: bool) -> None:
    """Check the dataset in `text`; unless `whole`, the text is a frame, without sections."""
    _require_single_keys(text, name)
    document = load_text(text) or {}
    apis = _apis() if whole else set()
    _check_against(text, name, document, (), _frame_schema(apis))
    for api in sorted(set(document) & apis):
        _check_against(text, name, document[api] or {}, (api,), _section_schema(api))


@lru_cache(maxsize=64)
def _check_section_file(file: SectionFile) -> None:
    name = str(file.path)
    _require_single_keys(file.text, name)
    section = load_text(file.text) or {}
    schema = _section_schema(file.api)
    _check_against(file.text, name, section, (), schema, section_of=file.api)


def _require_single_keys(text: str, name: str) -> None:
    for key, line, first in repeated_keys(text):
        raise DatasetError(
            f"{key}: stands here a second time, first on line {first}", Position(name, line)
        )


def _apis() -> set[str]:
    """Return the names of the APIs that have a section in datasets."""
    packages = registry.packages().values()
    return {package.name for package in packages if (package.schemas / "dataset.json").is_file()}


def _section_schema(api: str) -> dict[str, Any]:
    file = registry.package(api).schemas / "dataset.json"
    if not file.is_file():
        raise DatasetError(f"{file} is missing: it says what a dataset may hold of {api}")
    schema: dict[str, Any] = json_file(file)
    return schema


def _frame_schema(apis: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = json_file(data_files.schemas() / "dataset.json")
    for api in apis:
        schema["properties"][api] = {
            "type": ["object", "null"],
            "description": f"The records and settings of {api}.",
        }
    return schema


def _check_against(
    text: str,
    name: str,
    value: Any,
    base: DatasetPath,
    schema: dict[str, Any],
    section_of: str = "",
) -> None:
    """Raise `DatasetError` for a mistake in the value at the path `base` of a text.

    `section_of`: the API whose section the text is; the error then names it before the path.
    """
    mistake = _first_mistake(_validator(schema), as_json(value))
    if mistake is None:
        return
    inner, message = mistake
    path = (*base, *inner)
    where = ".".join(str(step) for step in ((section_of, *path) if section_of else path))
    raise DatasetError(f"{where or 'the dataset'}: {message}", Position(name, line_of(text, path)))


def check_section(api: str, section: Any) -> None:
    """Raise `RecordError` for the first mistake in a part of an API's section (JSON values)."""
    mistake = _first_mistake(_validator_of(registry.package(api).schemas), section)
    if mistake is not None:
        raise RecordError(*mistake)


@cache
def _validator_of(schemas: Path) -> Any:
    return _validator(json_file(schemas / "dataset.json"))


def _validator(schema: Mapping[str, Any]) -> Any:
    return _dialect()(schema, format_checker=_formats())


@cache
def _dialect() -> Any:
    """Return a validator of JSON Schema with two more keywords.

    - `x-unique`: keys, each of which has a different value in each item of a list. Without keys,
      the items themselves differ.
    - `x-ordered`: two keys of an object whose values are times, the second after the first.
    """
    from jsonschema import validators

    all_validators: Any = validators
    return all_validators.extend(validator_class(), {"x-unique": _unique, "x-ordered": _ordered})


def _unique(validator: Any, keys: list[str], items: Any, schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if not isinstance(items, list):
        return
    for path in ([key] for key in keys) if keys else [[]]:
        seen = set()
        for index, item in enumerate(items):
            value = _at(item, path)
            if not isinstance(value, str | int):
                continue
            if value in seen:
                yield ValidationError(f"{value!r} stands here twice", path=[index, *path])
            seen.add(value)


def _at(item: Any, path: list[str]) -> Any:
    for key in path:
        item = item.get(key) if isinstance(item, dict) else None
    return item


def _ordered(validator: Any, keys: list[str], value: Any, schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    first, second = (value.get(key) if isinstance(value, dict) else None for key in keys)
    try:
        in_order = first is None or second is None or instant_of(first) < instant_of(second)
    except ValueError:
        # The keyword `format` reports an invalid time.
        return
    if not in_order:
        yield ValidationError(f"{second} is not after {keys[0]}, {first}", path=[keys[1]])


def mistake_in(value: Any, schema: Mapping[str, Any]) -> tuple[DatasetPath, str] | None:
    """Return where the most telling mistake of a value stands, and what is wrong; None for none."""
    return _first_mistake(_validator(schema), as_json(value))


def _first_mistake(validator: Any, value: Any) -> tuple[DatasetPath, str] | None:
    """Return the path and the message of the most relevant mistake; None for a valid value."""
    from jsonschema.exceptions import best_match

    mistake = best_match(validator.iter_errors(value))
    if mistake is None:
        return None
    path: DatasetPath = tuple(mistake.absolute_path)
    if mistake.validator == "additionalProperties":
        key, keys = _unknown_key(mistake.instance, mistake.schema)
        return (*path, key), f"no such key; {expected_one_of(key, keys)}"
    if str(mistake.validator).startswith("x-"):
        return path, shortened(mistake.message)
    return path, shortened(_worded(mistake)) + _expected(mistake.schema)


@cache
def _formats() -> Any:
    """Return the formats of JSON Schema and two more: an existing `instant` and `day`."""
    from jsonschema import FormatChecker

    checker = FormatChecker()
    checker.checks("instant", (ValueError, OverflowError))(_is_instant)
    checker.checks("day", ValueError)(_is_day)
    return checker


def _worded(mistake: Any) -> str:
    if mistake.validator == "type" and not LEAST <= _number(mistake.instance) <= MOST:
        return f"{mistake.instance!r} is not {EXPECTED}"
    if mistake.validator not in ("format", "pattern"):
        return str(mistake.message)
    kind = _KINDS.get(mistake.schema.get("format"), "of the form expected")
    return f"{mistake.instance!r} is not {kind}"


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0


def _is_instant(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return milliseconds(EARLIEST) <= instant_of(value) < milliseconds(LATEST)


def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def _expected(schema: Any) -> str:
    description = schema.get("description") if isinstance(schema, dict) else None
    return f" (expected: {description})" if description else ""


def _unknown_key(instance: dict[str, Any], schema: dict[str, Any]) -> tuple[str, list[str]]:
    keys = sorted(schema.get("properties", {}))
    return next(key for key in instance if key not in keys), keys
