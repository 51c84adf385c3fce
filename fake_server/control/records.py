"""The views of a world's records and of its export, imported at the first request for them."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Response, request

from fake_server.control.body_validation import attributes, body
from fake_server.control.query_parameters import other_queries, query_number, query_text
from fake_server.control.server_worlds import named_world
from fake_server.rest.answers import answer, json_answer
from fake_server.rest.urls import url_of
from fake_server.world.export import dataset_text, exported
from fake_server.world.records import data

_YAML = "application/yaml"
_JSON = "application/json"


def count_records(name: str) -> Response:
    """`GET …/records`: the number of records by API and kind."""
    return json_answer({"counts": data.counts(named_world(name))})


def load_records(name: str) -> Response:
    """`POST …/records`: add records by API and kind, all or none."""
    world, records = named_world(name), attributes("data_by_kind")
    return json_answer(data.load_all(world, records), HTTPStatus.CREATED)


def list_records(name: str, api: str, kind: str) -> Response:
    """`GET …/records/<api>/<kind>`: a page of records, in the order of their keys."""
    records, next_key = data.page(
        named_world(name), api, kind, query_number("limit"), query_text("after"), other_queries()
    )
    return json_answer({"records": records, "after": next_key})


def add_records(name: str, api: str, kind: str) -> Response:
    """`POST …/records/<api>/<kind>`: add one record, or a list of them."""
    world, content = named_world(name), body("data_new")
    if isinstance(content, list):
        return json_answer({"records": data.add(world, api, kind, content)}, HTTPStatus.CREATED)
    (added,) = data.add(world, api, kind, [content], single=True)
    key = quote(str(added[data.kind_of(world, api, kind).key]), safe="")
    location = url_of(f"{request.path}/{key}")
    return json_answer(added, HTTPStatus.CREATED, {"Location": location})


def get_record(name: str, api: str, kind: str, key: str) -> Response:
    """`GET …/records/<api>/<kind>/<key>`."""
    return json_answer(data.get(named_world(name), api, kind, key))


def change_record(name: str, api: str, kind: str, key: str) -> Response:
    """`PATCH …/records/<api>/<kind>/<key>`: change attributes of a record."""
    world, changes = named_world(name), attributes("data_changes")
    return json_answer(data.change(world, api, kind, key, changes))


def remove_record(name: str, api: str, kind: str, key: str) -> Response:
    """`DELETE …/records/<api>/<kind>/<key>`: remove a record and its dependent records."""
    data.remove(named_world(name), api, kind, key)
    return answer(HTTPStatus.NO_CONTENT, None)


def export_world(name: str) -> Response:
    """`GET …/export`: the world as a dataset, in JSON if `Accept` prefers it, else in YAML."""
    world = named_world(name)
    mimetype: Any = request.accept_mimetypes.best_match([_YAML, _JSON], default=_YAML)
    if mimetype == _JSON:
        return json_answer(exported(world))
    return Response(dataset_text(exported(world)), content_type=_YAML)
