"""A distribution that brings an API of two routes, below the same segment as another API's."""

import textwrap
from pathlib import Path

TOKEN = "key-of-the-toys"

_FILES = {
    "data/api.yaml": """
        name: toy
        title: Toys
        surface: 1
        server: toy_api.server:api
        base_path: /v2
        prefixes: [/v2]
        hosts: []
        example: /v2/toys
    """,
    "data/schemas/openapi.yaml": """
        openapi: 3.1.0
        info: {title: Toys, version: '1'}
        security: [{key: []}]
        paths:
          /v2/toys:
            get:
              operationId: list_toys
              responses:
                '200':
                  description: The toys.
                  content:
                    application/json:
                      schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}
                '401': {$ref: '#/components/responses/Error'}
          /v2/toys/{id}:
            get:
              operationId: get_toy
              parameters:
              - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
              responses:
                '200':
                  description: The toy.
                  content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}
                '401': {$ref: '#/components/responses/Error'}
                '404': {$ref: '#/components/responses/Error'}
        components:
          securitySchemes:
            key: {type: apiKey, in: header, name: X-Api-Key}
          responses:
            Error:
              description: What is wrong.
              content:
                application/json:
                  schema:
                    type: object
                    required: [error]
                    properties: {error: {type: string}}
          schemas:
            Toy:
              type: object
              additionalProperties: false
              required: [id, name]
              properties: {id: {type: integer}, name: {type: string}}
    """,
    "data/schemas/dataset.json": """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "credentials": {
              "type": "object",
              "description": "Who may ask.",
              "properties": {
                "keys": {
                    "type": "array",
                    "description": "Keys.",
                    "items": {"type": "string"},
                    "x-unique": []
                }
              }
            },
            "toys": {"type": "array", "description": "Names.", "items": {"type": "string"}}
          }
        }
    """,
    "data/schemas/behaviours.yaml": """
        - id: toy.list
          says: GET /v2/toys lists the toys in the order of their ids.
          evidence: documented
          source: the toys themselves
    """,
    "data/schemas/target.yaml": """
        title: Toys
        probe: /v2/toys
        hosts: []
        rate: 5
        credentials:
        - name: key
          fields: [token]
          headers: {X-Api-Key: '{token}'}
          fake: {token: key-of-the-toys}
          wrong: {token: nobody-knows-this-key}
        list: {items: null, total: X-Total}
        schema:
          disabled:
          - {check: unsupported_method, evidence: A method that there is not is a 404.}
          - {check: allow_header_conformance, evidence: There is no 405.}
    """,
    "data/fixtures/demo.yaml": """
        credentials: {keys: [key-of-the-toys]}
        toys: [Bear, Ball, Kite]
    """,
    "data/contract_tests/__init__.py": "",
    "data/contract_tests/test_toys.py": """
        from fake_server.verify import Target, behaviour, expect_ordered

        from .helpers import TOYS


        @behaviour("toy.list")
        def test_toys_come_in_order(toy: Target) -> None:
            listed = toy.get(TOYS).expect_status(200).json
            expect_ordered("the toys", listed, lambda one: one["id"])
    """,
    "data/contract_tests/helpers.py": 'TOYS = "/v2/toys"\n',
    "data/mutants/__init__.py": """
        from fake_server.mutation.mutant import ApiMutants

        _TOYS = ApiMutants("toy", "toy_api")

        MUTANTS = (
            _TOYS.mutant(
                "backwards",
                "The last toy comes first.",
                _TOYS.edit("server:list_toys", "toys.c.id", "toys.c.id.desc()"),
                "list",
            ),
        )
    """,
    "__init__.py": "",
    "server.py": """
        from flask import Blueprint, abort
        from sqlalchemy import Column, Integer, MetaData, Table, Text, select

        from fake_server.rest.answers import json_answer
        from fake_server.rest.api_definition import Api
        from fake_server.rest.context import store
        from fake_server.rest.access.credentials import DatasetCredentials
        from fake_server.world.records.definition import StoreDefinition

        tables = MetaData()
        toys = Table("toys", tables, Column("id", Integer, primary_key=True), Column("name", Text))
        blueprint = Blueprint("toy", __name__)


        @blueprint.get("/v2/toys")
        def list_toys():
            rows = store().rows(select(toys).order_by(toys.c.id))
            return json_answer([{"id": row.id, "name": row.name} for row in rows])


        @blueprint.get("/v2/toys/<int:toy>")
        def get_toy(toy):
            rows = store().rows(select(toys).where(toys.c.id == toy))
            if not rows:
                abort(404)
            return json_answer({"id": rows[0].id, "name": rows[0].name})


        def populate(connection, inputs):
            for name in inputs.section.get("toys", ()):
                connection.execute(toys.insert().values(name=name))


        api = Api(
            name="toy",
            blueprint=blueprint,
            definition=StoreDefinition("toy", lambda: tables, populate),
            credentials=DatasetCredentials("toy", ("credentials", "keys")),
        )
    """,
}


def install_toy(site: Path) -> Path:
    """Write the distribution into a folder that is to be in `sys.path`; return its package."""
    package = site / "toy_api"
    for name, text in _FILES.items():
        file = package / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))
    info = site / "toy_api-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-api\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[understudy.apis]\ntoy = toy_api.data\n")
    return package
