"""The overlay of the live profile that follows from a frame and declarations."""

from pathlib import Path

from fake_server.api.declare import DocumentPart
from fake_server.rest.documents.overlay import made_overlay

DOCUMENT = """
openapi: 3.1.0
info: {title: Lab, version: "1"}
components: {}
paths:
  /lab/machines:
    summary: Machines
    parameters: []
    get: {responses: {}}
    post: {responses: {}}
  /lab/machines/{id}:
    get: {responses: {}}
"""
OVERLAY = """
actions:
- {target: $.components, update: {x: 1}}
- target: $.paths.*.*.responses
  description: Any operation may fail.
  update: {'500': {description: A failure.}}
"""


def test_an_action_of_every_operation_becomes_one_of_each(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "frame.yaml").write_text(DOCUMENT)
    (tmp_path / "live.frame.yaml").write_text(OVERLAY)
    overlay = made_overlay(tmp_path, lambda resource, others: DocumentPart([], {}), ())
    assert overlay is not None
    first, *others = overlay["actions"]
    assert first == {"target": "$.components", "update": {"x": 1}}
    assert [action["target"] for action in others] == [
        "$.paths['/lab/machines'].get.responses",
        "$.paths['/lab/machines'].post.responses",
        "$.paths['/lab/machines/{id}'].get.responses",
    ]
    for action in others:
        assert action["description"] == "Any operation may fail."
        assert action["update"] == {"500": {"description": "A failure."}}
