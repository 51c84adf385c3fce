"""Checks a dataset against the schemas, and says where in the file a mistake stands."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import yaml

from fake_server import resources
from fake_server.world.dataset import Dataset
from fake_server.world.errors import DatasetError


def check(dataset: Dataset) -> None:
    """Raise `DatasetError` for the first mistake: file, line, what was found, what expected."""
    document = yaml.load(dataset.text, Loader=yaml.CSafeLoader) or {}
    _check_against(dataset, document, (), _frame_schema())
    for api, section in dataset.sections.items():
        schema = json.loads((resources.schemas() / api / "dataset.json").read_bytes())
        _check_against(dataset, section, (api,), schema)


def _frame_schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((resources.schemas() / "dataset.json").read_bytes())
    for folder in sorted(resources.schemas().iterdir()):
        if (folder / "dataset.json").is_file():
            schema["properties"][folder.name] = {"type": "object"}
    return schema


def _check_against(
    dataset: Dataset, value: Any, place: tuple[str | int, ...], schema: dict[str, Any]
) -> None:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import best_match

    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    mistake = best_match(validator.iter_errors(_as_json(value)))
    if mistake is None:
        return
    path = (*place, *mistake.absolute_path)
    where = ".".join(str(step) for step in path) or "the dataset"
    line = _line(dataset.text, path)
    expected = mistake.schema.get("description") if isinstance(mistake.schema, dict) else None
    hint = (
        f" (expected: {expected})"
        if expected and mistake.validator != "additionalProperties"
        else ""
    )
    raise DatasetError(
        f"{dataset.path or dataset.name}:{line}: {where}: {_one_line(mistake.message)}{hint}"
    )


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _line(text: str, path: Iterable[str | int]) -> int:
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = node.start_mark.line + 1 if node else 1
    for step in path:
        child = _child(node, step)
        if child is None:
            break
        line, node = child
    return line


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        value = node.value[step]
        return value.start_mark.line + 1, value
    return None


def _one_line(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= 200 else f"{line[:197]}..."
