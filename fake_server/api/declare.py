"""The names for the declaration of an API: its resources, its dialect, its document.

`standard_api` makes an API of its document and its resources; one with a dialect of its own makes
an `Api` itself. The names are part of surface 1 and stay as they are.
"""

from typing import TYPE_CHECKING, Any

from fake_server.api.homes import homes_of

if TYPE_CHECKING:
    from fake_server.data_files.registry import schemas_of
    from fake_server.rest.access.credentials import Credentials, DatasetCredentials, Key
    from fake_server.rest.access.forms import CredentialForm
    from fake_server.rest.api_definition import Api, Dialect
    from fake_server.rest.conventions import PLAIN, Conventions
    from fake_server.rest.documents.document_making import DocumentPart, Node, reference
    from fake_server.rest.rails import RAILS
    from fake_server.rest.resources.columns import ColumnPlan, Reference, column_plans
    from fake_server.rest.resources.declaration import Declaration, Field
    from fake_server.rest.resources.operation_index import Operation, declaration, index
    from fake_server.rest.resources.rendering import Json, Renderer, Writers
    from fake_server.rest.resources.resource import Resource, Values
    from fake_server.rest.resources.resource_registry import Resources
    from fake_server.rest.resources.resource_routes import Call, View, add_routes
    from fake_server.rest.resources.sightings import LearnedRecords, ListMembership, Sighting
    from fake_server.rest.resources.store_definition import store_definition
    from fake_server.rest.standard.document import describe
    from fake_server.rest.standard.documented_errors import documented_dialect, with_documented_type
    from fake_server.rest.standard.resource import ConditionMaker, StandardResource
    from fake_server.rest.standard.sketched import ActionGroup, SketchedResource
    from fake_server.rest.standard.standard_api import STANDARD_VIEWS, standard_api

__all__ = [
    "PLAIN",
    "RAILS",
    "STANDARD_VIEWS",
    "ActionGroup",
    "Api",
    "Call",
    "ColumnPlan",
    "ConditionMaker",
    "Conventions",
    "CredentialForm",
    "Credentials",
    "DatasetCredentials",
    "Declaration",
    "Dialect",
    "DocumentPart",
    "Field",
    "Json",
    "Key",
    "LearnedRecords",
    "ListMembership",
    "Node",
    "Operation",
    "Reference",
    "Renderer",
    "Resource",
    "Resources",
    "Sighting",
    "SketchedResource",
    "StandardResource",
    "Values",
    "View",
    "Writers",
    "add_routes",
    "column_plans",
    "declaration",
    "describe",
    "documented_dialect",
    "index",
    "reference",
    "schemas_of",
    "standard_api",
    "store_definition",
    "with_documented_type",
]

_HOMES = homes_of(
    {
        "data_files.registry": ["schemas_of"],
        "rest.api_definition": ["Api", "Dialect"],
        "rest.conventions": ["Conventions", "PLAIN"],
        "rest.access.forms": ["CredentialForm"],
        "rest.access.credentials": ["Credentials", "DatasetCredentials", "Key"],
        "rest.documents.document_making": ["Node", "DocumentPart", "reference"],
        "rest.rails": ["RAILS"],
        "rest.resources.columns": ["ColumnPlan", "Reference", "column_plans"],
        "rest.resources.declaration": ["Declaration", "Field"],
        "rest.resources.operation_index": ["Operation", "declaration", "index"],
        "rest.resources.store_definition": ["store_definition"],
        "rest.resources.resource_registry": ["Resources"],
        "rest.resources.rendering": ["Json", "Renderer", "Writers"],
        "rest.resources.resource": ["Resource", "Values"],
        "rest.resources.resource_routes": ["Call", "View", "add_routes"],
        "rest.resources.sightings": ["LearnedRecords", "ListMembership", "Sighting"],
        "rest.standard.document": ["describe"],
        "rest.standard.documented_errors": ["documented_dialect", "with_documented_type"],
        "rest.standard.resource": ["ConditionMaker", "StandardResource"],
        "rest.standard.standard_api": ["STANDARD_VIEWS", "standard_api"],
        "rest.standard.sketched": ["ActionGroup", "SketchedResource"],
    }
)


def __getattr__(name: str) -> Any:
    """Import a name at its first use: a start imports nothing that it does not need."""
    return _HOMES.get(__name__, name)
