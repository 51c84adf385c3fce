"""The specification and the server say the same."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.world.profile import all_quirks
from tests.fabmanager.conftest import Lab
from tests.support.client import CheckedClient

FOLDER = registry.package("fabmanager").schemas
SHAPES = sorted(FOLDER.glob("*.json"))


def parameters() -> dict[str, Any]:
    components = api_document("fabmanager")["components"]
    return {
        parameter["name"]: parameter["schema"] for parameter in components["parameters"].values()
    }


def accepted(name: str, value: str) -> bool:
    """Return whether a schema accepts a value as it stands in a query."""
    components = api_document("fabmanager")["components"]
    schema = {**parameters()[name], "components": components}
    readings: list[Any] = [value]
    if re.fullmatch(r"-?\d+", value, re.ASCII):
        readings.append(int(value))
    return any(Draft202012Validator(schema).is_valid(reading) for reading in readings)


VALUES = [
    "",
    "0",
    "1",
    "-1",
    "20",
    "999999999999999999",
    "9999999999999999999",
    "1.5",
    "abc",
    "[]",
    "[1,2]",
    "[1, -2]",
    "[1,]",
    "1,2",
    "Machine",
    "machine",
    "2016-02-29",
    "2016-02-30",
    "20160229T120000Z",
    "2016-02-29T12:00:00 01:00",
    "2016-02-29T24:00",
    "2016-02-29T24:01",
    " ",
    "2016-02-29 ",
]
NAMES = ["page", "per_page", "after", "before", "user_id", "id", "available_type", "available_id"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", VALUES)
def test_the_server_accepts_what_the_specification_accepts(lab: Lab, name: str, value: str) -> None:
    response = lab.client.get(
        "/open_api/v1/availabilities", query_string={name: value}, headers=lab.headers
    )
    assert response.status_code == (200 if accepted(name, value) else 400)


@pytest.mark.parametrize("file", SHAPES, ids=lambda file: file.stem)
def test_shapes_are_schemas_and_their_examples_fit(file: Any) -> None:
    shape = json.loads(file.read_bytes())
    Draft202012Validator.check_schema(shape)
    assert shape["title"]
    assert shape["description"]
    if file.name in {"dataset.json", "dataset.frame.json"}:
        return
    for example in shape["examples"]:
        document = api_document("fabmanager", "live")
        validator = Draft202012Validator(
            {
                "$ref": f"#/components/schemas/{file.stem}",
                "components": {"schemas": document["components"]["schemas"]},
            }
        )
        if file.stem in document["components"]["schemas"]:
            validator.validate(example)


def test_each_quirk_can_be_switched_singly(client_for: Callable[..., CheckedClient]) -> None:
    quirks = all_quirks("fabmanager")
    assert len(quirks) > 15
    for quirk in quirks:
        only = client_for(dataset="demo", auth="any", quirks=(f"fabmanager.{quirk}",))
        assert Lab(only).get("id=1").status_code == 200
        without = client_for(
            dataset="demo", auth="any", profile="live", quirks=(f"fabmanager.{quirk}=off",)
        )
        assert Lab(without).get("id=1").status_code == 200
        assert without.world.quirks.isdisjoint({f"fabmanager.{quirk}"})
