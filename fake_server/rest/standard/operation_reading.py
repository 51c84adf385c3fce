"""The document of an operation: its parameters, and the answer to a valid request."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fake_server.rest.attribute_reader import with_references
from fake_server.rest.resources.declaration import Declaration
from fake_server.rest.resources.operation_index import Operation
from fake_server.rest.schema.schema_values import Schema
from fake_server.rest.schema.spec import resolved, spec


class Parameter(NamedTuple):
    """A parameter of a path or query.

    - `schema`: its JSON Schema, references replaced by what they refer to.
    - `filter`: its `x-filter`, false if it is no filter; None where the document has none.
    - `column`: its `x-column`; empty where the document has none.
    """

    name: str
    where: str
    schema: Schema
    filter: object
    column: str


class Success(NamedTuple):
    """The answer to a good request.

    - `headers`: the names of the headers it declares, as they are spelled there.
    - `schema`: the schema of its JSON as the document has it; empty where it has no content.
    """

    status: int
    headers: tuple[str, ...]
    schema: Schema


class Facts(NamedTuple):
    """An operation as the views need it."""

    parameters: tuple[Parameter, ...]
    success: Success

    def path_parameter(self, name: str) -> Parameter | None:
        """Return a parameter of the path; None if the document does not describe it."""
        return next(
            (
                parameter
                for parameter in self.parameters
                if (parameter.where, parameter.name) == ("path", name)
            ),
            None,
        )

    @property
    def query(self) -> tuple[Parameter, ...]:
        """The parameters of the query."""
        return tuple(parameter for parameter in self.parameters if parameter.where == "query")


def facts_of(declared: Declaration, operation: Operation) -> Facts:
    """Return the facts of an operation: from the declaration of its resource, else the document.

    A declaration that a quirk changes so changes what its operations take.
    """
    document = spec(declared.api).document
    paths: Mapping[str, Any] = declared.keys.get("paths") or document["paths"]
    item = paths.get(operation.path) or document["paths"][operation.path]
    node = item[operation.method.lower()]
    both = [*item.get("parameters", ()), *node.get("parameters", ())]
    parameters = {}
    for declared_parameter in both:
        parameter = _parameter(document, resolved(document, declared_parameter))
        parameters[parameter.where, parameter.name] = parameter
    return Facts(tuple(parameters.values()), _success(document, node.get("responses") or {}))


def _parameter(document: Mapping[str, Any], node: Mapping[str, Any]) -> Parameter:
    schema = with_references(node.get("schema") or {}, document)
    column = str(node.get("x-column", ""))
    return Parameter(node["name"], node["in"], schema, node.get("x-filter"), column)


def _success(document: Mapping[str, Any], responses: Mapping[str, Any]) -> Success:
    """Return the first answer of a status from 200 to 299; an empty 200 if there is none."""
    for status in _good(responses):
        answer = resolved(document, responses[str(status)])
        return Success(status, tuple(answer.get("headers") or ()), _schema(answer))
    return Success(200, (), {})


def _good(responses: Mapping[str, Any]) -> Iterable[int]:
    return sorted(int(status) for status in responses if re.fullmatch("2[0-9][0-9]", status))


def _schema(answer: Mapping[str, Any]) -> Schema:
    for kind, content in (answer.get("content") or {}).items():
        if kind.partition(";")[0].endswith("json"):
            schema: Schema = content.get("schema") or {}
            return schema
    return {}
