"""The views of a world's faults: `/_fake/worlds/<name>/faults`."""

from typing import Any

from flask import Blueprint, Response

from fake_server.control.body_validation import attributes
from fake_server.control.render import location
from fake_server.control.server_worlds import named_world
from fake_server.rest.answers import answer, json_answer
from fake_server.world.fault import Fault
from fake_server.world.faults import ActiveFault


def add_faults(blueprint: Blueprint) -> None:
    """Add the views."""
    faults_path, fault_path = "/worlds/<name>/faults", "/worlds/<name>/faults/<fault>"
    blueprint.add_url_rule(faults_path, view_func=list_faults)
    blueprint.add_url_rule(faults_path, view_func=create_fault, methods=["POST"])
    blueprint.add_url_rule(faults_path, view_func=delete_faults, methods=["DELETE"])
    blueprint.add_url_rule(fault_path, view_func=get_fault)
    blueprint.add_url_rule(fault_path, view_func=delete_fault, methods=["DELETE"])


def list_faults(name: str) -> Response:
    """`GET /_fake/worlds/<name>/faults`: the faults, in the order of their creation."""
    world = named_world(name)
    with world.lock:
        return json_answer({"faults": [_render(fault) for fault in world.faults.active]})


def create_fault(name: str) -> Response:
    """`POST /_fake/worlds/<name>/faults`."""
    world, fault = named_world(name), Fault.of(attributes("fault_new"))
    with world.changing():
        active = world.faults.add(fault)
    headers = {"Location": f"{location(world)}/faults/{active.id}"}
    return json_answer(_render(active), 201, headers)


def get_fault(name: str, fault: str) -> Response:
    """`GET /_fake/worlds/<name>/faults/<id>`."""
    world = named_world(name)
    with world.lock:
        return json_answer(_render(world.faults.get(fault)))


def delete_fault(name: str, fault: str) -> Response:
    """`DELETE /_fake/worlds/<name>/faults/<id>`."""
    world = named_world(name)
    with world.changing():
        world.faults.remove(fault)
    return answer(204, None)


def delete_faults(name: str) -> Response:
    """`DELETE /_fake/worlds/<name>/faults`: remove all faults."""
    world = named_world(name)
    with world.changing():
        world.faults.clear()
    return answer(204, None)


def _render(fault: ActiveFault) -> dict[str, Any]:
    return {
        "id": fault.id,
        **fault.fault.attributes(),
        "matched": fault.matched,
        "fired": fault.fired,
    }
