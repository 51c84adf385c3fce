"""A small API in a distribution of its own, in a temporary folder, to make mistakes in."""

import json
import subprocess
from pathlib import Path

from tests.support.commands import environment
from tests.support.forking import fork_server

_FILES = {
    "shelf_api-1.dist-info/entry_points.txt": "[understudy.apis]\nshelf = shelf_api\n",
    "shelf_api/__init__.py": "",
    "shelf_api/api.yaml": """\
name: shelf
title: Shelf
surface: 1
server: shelf_api.server:api
document: fake_server.api.declare:describe
base_path: /shelf
prefixes: [/shelf]
example: /shelf/books
""",
    "shelf_api/server.py": """\
from fake_server.api.declare import standard_api
from shelf_api.resources import RESOURCES

api = standard_api("shelf", RESOURCES)
""",
    "shelf_api/resources/__init__.py": """\
from fake_server.api.declare import Resources

RESOURCES = Resources(__name__, ("books",))
""",
    "shelf_api/resources/base.py": """\
from sqlalchemy import MetaData

from fake_server.api.declare import StandardResource
from shelf_api.resources import RESOURCES


class ShelfResource(StandardResource):
    api = "shelf"
    tables = MetaData()
    resources = RESOURCES
""",
    "shelf_api/resources/books.py": """\
from shelf_api.resources.base import ShelfResource


class _Books(ShelfResource):
    name = "books"

    def invented(self, number, tables):
        return {"id": number, "title": f"Book {number}"}


resource = _Books()
""",
    "shelf_api/schemas/frame.yaml": """\
openapi: 3.1.0
info: {title: Shelf, version: '1'}
x-resources: [books]
paths: {}
components:
  schemas: {}
""",
    "shelf_api/schemas/book.json": json.dumps(
        {
            "title": "Book",
            "type": "object",
            "properties": {"id": {"type": "integer"}, "title": {"type": "string"}},
        }
    ),
    "shelf_api/schemas/resources/books.yaml": """\
says: What stands on the shelf.
singular: book
shape: book.json
order: [id]
sort: [id, title]
filter: {title: Text}
quirks:
  newest-first:
    order: [-id]
paths:
  /shelf/books:
    get:
      operationId: list_books
      x-action: list
      parameters:
      - {name: title, in: query, schema: {type: string}}
      responses:
        '200':
          description: Books.
          content: {application/json: {schema: {type: array, items: {$ref: book.json}}}}
""",
    "shelf_api/schemas/dataset.frame.json": json.dumps(
        {"type": "object", "additionalProperties": False, "properties": {}}, indent=2
    ),
    "shelf_api/fixtures/demo.yaml": "books: {count: 2}\n",
}

_LOAD = """\
import logging, sys
from fake_server import create_app
from fake_server.errors import UserError
names = sys.argv[1:] or None
try:
    app = create_app("demo", apis=names)
except UserError as mistake:
    print(mistake)
else:
    served = app.extensions["fake_server.apis"]
    print("serves", *served)
    for path in ("/shelf/books",):
        if "shelf" in served:
            print(app.test_client().get(path).status_code)
"""


class Shelf:
    """The API's distribution; `folder` is what stands on sys.path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in _FILES.items():
            self.write(name, text)
        command = self.run("openapi", "shelf", "--write")
        assert command.returncode == 0, command.stderr

    def path(self, name: str) -> Path:
        """Return a file of the package."""
        return self.folder / "shelf_api" / name

    def write(self, name: str, text: str) -> None:
        """Write a file; `name` is relative to the folder."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Put one text for another in a file of the package."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, text
        self.path(name).write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `fake-server` with the distribution installed."""
        return self.python("-m", "fake_server", *arguments)

    def mistake_made(self) -> str:
        """Return the standard error of `fake-server openapi shelf --write`."""
        ran = self.run("openapi", "shelf", "--write")
        assert ran.returncode == 2, ran.stderr
        return ran.stderr

    def loaded(self, *names: str) -> tuple[str, str]:
        """Return the output and the log of a program that serves some APIs, or all."""
        ran = self.python("-c", _LOAD, *names)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout, ran.stderr

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the distribution installed."""
        return fork_server().run(*arguments, env=environment(PYTHONPATH=str(self.folder)))
