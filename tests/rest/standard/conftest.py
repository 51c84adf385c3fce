"""A small API that the standard views serve: members who lend books."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from sqlalchemy import MetaData

from fake_server import app as application
from fake_server import create_app
from fake_server.data_files.yaml_values import read_yaml
from fake_server.rest.context import world
from fake_server.rest.standard.record import record_answer
from fake_server.rest.standard.resource import StandardResource
from fake_server.rest.standard.standard_api import standard_api
from tests.rest.api_folder import api_folder
from tests.support.client import JsonClient

LOAN = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "member_id": {"type": "integer", "x-reference": "members"},
        "status": {"type": "string", "enum": ["open", "returned"]},
        "title": {"type": "string"},
        "pages": {"type": "integer"},
        "due_on": {"type": ["string", "null"], "format": "date"},
        "created_at": {"type": ["string", "null"], "format": "date-time"},
    },
}
MEMBER = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
NEW = {
    "type": "object",
    "required": ["member_id"],
    "additionalProperties": False,
    "properties": {
        "member_id": {"type": "integer", "minimum": 1},
        "status": {"enum": ["open", "returned"], "type": "string", "default": "open"},
        "title": {"type": "string"},
        "due_on": {"type": ["string", "null"], "format": "date"},
    },
}


def _loan(number: int, member: int, status: str, title: str, due: str) -> dict[str, Any]:
    return {
        "id": number,
        "member_id": member,
        "status": status,
        "title": title,
        "pages": 10 * number,
        "due_on": due,
    }


_ROWS: dict[str, list[dict[str, Any]]] = {
    "members": [{"id": 1, "name": "ada"}, {"id": 2, "name": "bob"}, {"id": 3, "name": "cy"}],
    "loans": [
        _loan(1, 1, "open", "Emma", "2026-03-01"),
        _loan(2, 2, "open", "Dune", "2026-03-03"),
        _loan(3, 1, "returned", "10%", "2026-03-02"),
    ],
}


class Resources(dict[str, StandardResource]):
    """Resources that are not imported."""

    package = __name__

    @property
    def names(self) -> list[str]:
        return [*self.keys()]

    def modules(self) -> set[str]:
        return set(self.keys())

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values())


def overdue(resource: StandardResource, value: bool) -> Any:
    """Return the condition of loans that are due before the world's day."""
    late = resource.table.c.due_on < world().clock.now().date().isoformat()
    return late if value else ~late


def touch(resource: StandardResource, call: Any) -> Any:
    """Answer an action of loans alone."""
    return record_answer(resource, call, resource.named(call))


def resources_of(tables: MetaData) -> Resources:
    """Return members and loans."""
    resources = Resources()

    class LibraryResource(StandardResource):
        api = "library"

    LibraryResource.tables = tables
    LibraryResource.resources = resources  # type: ignore[assignment]  # they are not imported

    class Members(LibraryResource):
        name = "members"

    class Loans(LibraryResource):
        name = "loans"
        conditions: ClassVar[Any] = {"overdue": overdue}
        views: ClassVar[Any] = {"touch": touch}

        def check_body(self, body: Any, row: Any) -> None:
            if body.value("title") == "Ulysses":
                body.refuse("title", "taken")

    resources["members"], resources["loans"] = Members(), Loans()
    return resources


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder of the API's data, which has no declaration of operations."""
    path: Path = tmp_path_factory.mktemp("schemas")
    document = read_yaml(Path(__file__).with_name("library.yaml").read_bytes())
    document["components"]["schemas"] = {"loan": LOAN, "loan_new": NEW, "member": MEMBER}
    with api_folder(path, "library", openapi=json.dumps(document)):
        own = path / "library"
        (own / "resources").mkdir()
        for name, shape in (("loan", LOAN), ("member", MEMBER)):
            (own / f"{name}.json").write_text(json.dumps(shape))
            (own / "resources" / f"{name}s.yaml").write_text(
                f"says: The {name}s.\nshape: {name}.json\n"
            )
        yield own


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Flask]:
    """Give an application that serves the API alone."""
    with pytest.MonkeyPatch.context() as patch:
        api = standard_api("library", resources_of(MetaData())).at(  # type: ignore[arg-type]  # they are not imported
            title="Library",
            base_path="/library",
            prefixes=("/library",),
            hosts=(),
            default_for=(),
            example="/library/loans",
        )
        patch.setattr(application, "load_apis", lambda names: {"library": api})
        yield create_app("empty", now="2026-03-02T09:00:00Z", frozen=True)


@pytest.fixture
def client(app: Flask) -> Iterator[JsonClient]:
    """Give a client of the application, with three members and three loans."""
    own = app.extensions["fake_server.worlds"].default
    with own.changing():
        tables = {kind.name: kind.table for kind in own.kinds("library")}
        with own.store("library").writing() as connection:
            for name, rows in _ROWS.items():
                stamps = {"created_at": 1000} if name == "loans" else {}
                connection.execute(tables[name].insert(), [{**stamps, **row} for row in rows])
    yield JsonClient(app, app.response_class)
    own.reset()
