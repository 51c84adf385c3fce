"""A plain API whose lists, records and writes are the standard ones."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData

from fake_server import app as application
from fake_server import create_app
from fake_server.rest.api import Api
from fake_server.rest.resources.recipe import recipe_of
from fake_server.rest.resources.resource import Resource
from fake_server.rest.resources.routes import add_routes
from fake_server.rest.standard.queries import filter_plan
from fake_server.rest.standard.views import STANDARD
from tests.rest.api_folder import api_folder

OPENAPI = """
openapi: 3.1.0
info: {title: Library, version: '1'}
paths:
  /library/loans:
    get:
      operationId: list_loans
      x-resource: loans
      x-action: list
      parameters:
      - {name: page, in: query, schema: {type: integer, minimum: 1}}
      - {name: per_page, in: query, schema: {type: integer, default: 2, maximum: 5}}
      - {name: sort, in: query, schema: {type: string, enum: [due_on, -due_on, id]}}
      - {name: status, in: query, schema: {enum: [open, returned], type: string}}
      - {name: member_id, in: query, schema: {type: array, items: {type: integer}}}
      - {name: due_before, in: query, schema: {type: string, format: date}}
      - {name: created_after, in: query, schema: {type: string, format: date}}
      - {name: borrower, in: query, x-filter: member_id, schema: {type: integer}}
      - {name: verbose, in: query, x-filter: false, schema: {type: boolean}}
      responses: {'200': {description: ok}}
    post:
      operationId: create_loan
      x-resource: loans
      x-action: create
      requestBody: {content: {application/json: {schema: {$ref: loan_new.json}}}}
      responses: {'201': {description: ok}}
  /library/loans/{id}:
    get:
      operationId: show_loan
      x-resource: loans
      x-action: show
      responses: {'200': {description: ok}}
    patch:
      operationId: update_loan
      x-resource: loans
      x-action: update
      requestBody: {content: {application/json: {schema: {$ref: loan_new.json}}}}
      responses: {'200': {description: ok}}
    delete:
      operationId: delete_loan
      x-resource: loans
      x-action: delete
      responses: {'204': {description: ok}}
  /library/members/{id}/loans:
    get:
      operationId: list_loans_of_member
      x-resource: loans
      x-action: list
      x-parent: members
      responses: {'200': {description: ok}}
"""
LOAN = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "member_id": {"type": "integer", "x-reference": "members"},
        "status": {"type": "string"},
        "due_on": {"type": ["string", "null"], "format": "date"},
        "created_at": {"type": ["string", "null"], "format": "date-time"},
    },
}
MEMBER = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}
NEW = {
    "type": "object",
    "required": ["member_id"],
    "additionalProperties": False,
    "properties": {
        "member_id": {"type": "integer", "minimum": 1},
        "status": {"enum": ["open", "returned"], "type": "string", "default": "open"},
        "due_on": {"type": ["string", "null"], "format": "date"},
    },
}
LOANS = [
    {"id": 1, "member_id": 1, "status": "open", "due_on": "2026-03-01"},
    {"id": 2, "member_id": 2, "status": "open", "due_on": "2026-03-03"},
    {"id": 3, "member_id": 1, "status": "returned", "due_on": "2026-03-02"},
]


class _Tables(dict[str, Resource]):
    """Resources that are not imported."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values())


def _library(tables: MetaData) -> Api:
    resources: Any = _Tables()

    class LibraryResource(Resource):
        api = "library"

        def invented(self, number: int, tables: Any) -> dict[str, Any]:
            return {"id": number, "created_at": None} if self.name == "loans" else {"id": number}

    class Loans(LibraryResource):
        name = "loans"

    class Members(LibraryResource):
        name = "members"

    LibraryResource.tables = tables
    LibraryResource.resources = resources
    resources["members"], resources["loans"] = Members(), Loans()
    blueprint = Blueprint("library", __name__)
    add_routes(blueprint, "library", resources, STANDARD)
    return Api(
        name="library",
        blueprint=blueprint,
        recipe=recipe_of("library", resources),
        title="Library",
        base_path="/library",
        prefixes=("/library",),
    )


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    path: Path = tmp_path_factory.mktemp("schemas")
    with api_folder(path, "library", openapi=OPENAPI), pytest.MonkeyPatch.context() as patch:
        folder = path / "library"
        (folder / "resources").mkdir()
        for name, shape in (("loan", LOAN), ("member", MEMBER)):
            (folder / f"{name}.json").write_text(json.dumps(shape))
            (folder / "resources" / f"{name}s.yaml").write_text(f"shape: {name}.json\n")
        (folder / "loan_new.json").write_text(json.dumps(NEW))
        api = _library(MetaData())
        patch.setattr(application, "load_apis", lambda names: {"library": api})
        yield create_app("empty", now="2026-03-02T09:00:00Z", frozen=True)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    world = app.extensions["fake_server.worlds"].default
    with world.changing():
        api_recipe = world._recipes["library"]
        resources = {kind.name: kind for kind in api_recipe.kinds()}
        with world.store("library").writing() as connection:
            members = [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}]
            connection.execute(resources["members"].table.insert(), members)
            rows = [{"created_at": 1000 * row["id"], **row} for row in LOANS]
            connection.execute(resources["loans"].table.insert(), rows)
    yield app.test_client()
    world.reset()


def _ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in answer.json]


def test_a_page_has_its_total_and_links(client):
    first = client.get("/library/loans?verbose=true")
    assert _ids(first) == [1, 2]
    assert first.headers["X-Total-Count"] == "3"
    assert first.headers["Link"] == (
        '<http://localhost/library/loans?verbose=true&page=2>; rel="next", '
        '<http://localhost/library/loans?verbose=true&page=2>; rel="last"'
    )
    second = client.get("/library/loans?page=2")
    assert _ids(second) == [3]
    assert (
        'rel="first", <http://localhost/library/loans?page=1>; rel="prev"' in second.headers["Link"]
    )
    beyond = client.get("/library/loans?page=9")
    assert (_ids(beyond), beyond.headers["X-Total-Count"]) == ([], "3")
    assert "Link" not in client.get("/library/loans?per_page=5").headers


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("sort=-due_on", [2, 3, 1]),
        ("sort=due_on", [1, 3, 2]),
        ("status=returned", [3]),
        ("member_id=1", [1, 3]),
        ("member_id=1,2", [1, 2, 3]),
        ("member_id=1&member_id=2", [1, 2, 3]),
        ("borrower=2", [2]),
        ("due_before=2026-03-02", [1]),
        ("created_after=1970-01-01", [1, 2, 3]),
        ("created_after=1970-01-02", []),
        ("status=open&member_id=1", [1]),
        ("status=open&status=returned", [3]),
    ],
)
def test_a_list_is_sorted_and_filtered(client, query, ids):
    assert _ids(client.get(f"/library/loans?per_page=5&{query}")) == ids


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("page=0", "page must be at least 1"),
        ("per_page=6", "per_page must be at most 5"),
        ("page=x", "page must be a whole number"),
        ("sort=title", "sort must be one of due_on, id"),
        ("status=x", "status must be one of open, returned"),
        ("due_before=x", "due_before must be a date such as 2026-03-02"),
        ("page=x&status=x", "page must be a whole number; status must be one of open, returned"),
    ],
)
def test_parameters_that_do_not_fit_are_told_at_once(client, query, error):
    answer = client.get(f"/library/loans?{query}")
    assert (answer.status_code, answer.json) == (400, {"error": error})


def test_a_nested_list_has_the_records_of_its_parent(client):
    assert _ids(client.get("/library/members/1/loans")) == [1, 3]
    assert client.get("/library/members/9/loans").status_code == 404
    assert client.get("/library/members/x/loans").status_code == 404


def test_a_record_is_shown_or_not_found(client):
    assert client.get("/library/loans/2").json == {**LOANS[1], "created_at": "1970-01-01T00:00:02Z"}
    assert client.get("/library/loans/9").json == {"error": "Not Found"}


def test_a_record_is_created(client):
    created = client.post("/library/loans", json={"member_id": 2, "due_on": "2026-04-01"})
    assert created.status_code == 201
    assert created.json == {
        "id": 4,
        "member_id": 2,
        "status": "open",
        "due_on": "2026-04-01",
        "created_at": "2026-03-02T09:00:00Z",
    }


def test_all_mistakes_of_a_body_are_told(client):
    refused = client.post("/library/loans", json={"member_id": 9, "status": "x", "title": "y"})
    assert refused.status_code == 422
    assert refused.json == {
        "errors": [
            {"field": "status", "message": "must be one of open, returned"},
            {"field": "title", "message": "is not known"},
            {"field": "member_id", "message": "does not exist"},
        ]
    }
    assert client.post("/library/loans", data="[").status_code == 400


def test_a_record_is_changed_and_deleted(client):
    changed = client.patch("/library/loans/1", json={"status": "returned"})
    assert changed.json["status"] == "returned"
    assert client.patch("/library/loans/1", json={}).status_code == 200
    assert client.delete("/library/loans/1").status_code == 204
    assert client.get("/library/loans/1").status_code == 404


def test_the_journal_names_what_nobody_read(client):
    client.get("/library/loans?pgae=2&page=1")
    entry = client.get("/_fake/worlds/default/requests").json["requests"][-1]
    assert entry["unread"] == ["pgae"]
    client.post("/library/loans?x=1", json={"member_id": 1})
    entry = client.get("/_fake/worlds/default/requests").json["requests"][-1]
    assert entry["unread"] == ["x"]


def test_a_filter_that_is_no_column_is_said(app):
    world = app.extensions["fake_server.worlds"].default
    table = next(kind.table for kind in world._recipes["library"].kinds() if kind.name == "loans")
    with pytest.raises(ValueError, match="loans has no column 'color'; name one with x-filter"):
        filter_plan("color", {}, table)
