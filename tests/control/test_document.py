"""schemas/control/: a valid document that declares every route of the control plane."""

import json
import re
from pathlib import Path

from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename

from fake_server import FakeServer, create_app, data_files
from fake_server.cli.dataset_keys import dataset_keys
from fake_server.control.aliases import declared_rule
from fake_server.data_files.api_document import api_document
from fake_server.rest.schema.spec import spec
from fake_server.verify.api_files.api_under_test import apis
from tests.support.client import CheckedClient
from tests.support.schemathesis_runs import expect_no_failure

FILE = data_files.schemas() / "control" / "openapi.yaml"
# No schema can say which datasets, quirks and operations there are, which attributes go together or
# belong to a kind of records, which days a month has, or how far the calendar's end lies. A world
# may be full of faults (507), and deleting all of a collection leaves the collection.
SETTINGS = """
generation = { deterministic = true, database = "none" }
[[operations]]
include-operation-id = [
    "create_world", "update_world", "create_fault", "freeze_clock", "set_clock", "advance_clock",
    "list_requests", "verify_requests",
    "list_records", "load_records", "add_records", "change_record",
]
checks.positive_data_acceptance.expected-statuses = ["2xx", "404", "409", "422", "507"]
[[operations]]
include-operation-id = ["create_fault"]
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", "507"]
[[operations]]
include-operation-id = ["list_faults", "list_requests", "clear_requests", "delete_faults"]
checks.use_after_free.enabled = false
"""


def test_the_document_is_valid_and_stands_alone() -> None:
    document, _ = read_from_filename(str(FILE))
    validate(document)
    assert document == api_document("control")
    references = re.findall(r'"\$ref": "([^"]*)"', json.dumps(document))
    assert len(references) > 50
    assert [each for each in references if not each.startswith("#/components/")] == []


def test_the_document_is_served(client: CheckedClient) -> None:
    document = client.get("/_fake/openapi.json").json
    assert document["servers"][0]["url"] == "http://localhost"
    assert {**document, "servers": []} == {**api_document("control"), "servers": []}


def test_every_route_is_declared_and_every_operation_routed() -> None:
    routed = {
        (method, re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule.rule))
        for rule in create_app("empty").url_map.iter_rules()
        if rule.rule.startswith("/_fake/") and declared_rule(rule.rule) == rule.rule
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    declared = {(each.method, each.path) for each in spec("control").operations.values()}
    assert routed == declared


def test_the_control_plane_is_not_taken_for_an_api() -> None:
    assert "control" not in apis()
    assert "control" not in dataset_keys()


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    with FakeServer(dataset="empty") as server:
        expect_no_failure(settings, FILE, server.url, 2)
