"""The ledger's entry and the contract test of each operation of a resource of a new API."""

import re
from typing import Any, NamedTuple

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.guessed_resources import OperationGuess, ResourceGuess, singular_of
from fake_server.cli.scaffold.references import resolved
from fake_server.cli.scaffold.shapes import SKETCH_START, expanded, is_record
from fake_server.rest.standard.sketches import sketch
from fake_server.world.seeded_random import SeededRandom


class _RequestCode(NamedTuple):
    """The request of a test: the lines that look for records, the path, and the options."""

    lines: list[str]
    path: str
    options: list[str]


class OperationTests:
    """Writes the entries and tests of one resource's operations."""

    def __init__(
        self, document: Node, api: str, resources: list[ResourceGuess], resource: ResourceGuess
    ) -> None:
        self._document = document
        self._api = api
        self._resources = resources
        self._resource = resource

    def entry(self, entry: str, operation: OperationGuess, file: str) -> Node:
        """Return the ledger's entry for an operation."""
        status, schema = self._success(operation)
        content = "without content" if schema is None else "as the document has it"
        return {
            "id": entry,
            "says": f"{operation.method.upper()} {operation.path} answers {status}, {content}.",
            "evidence": "documented",
            "source": f"{file}: {operation.id}",
        }

    def test(self, entry: str, name: str, operation: OperationGuess) -> tuple[str, bool]:
        """Return the test of an operation, and whether the test is complete."""
        call = self._call(operation)
        writes = call is not None and any(f"{self._api}.post(" in line for line in call.lines)
        reading = operation.method in {"get", "head", "options"} and not writes
        needs = '("writes",)' if operation.action == "create" else '("data", "writes")'
        mark = f'"{entry}"' if reading else f'"{entry}", needs={needs}'
        lines = [f"@behaviour({mark})", f"def test_{name}({self._api}: Target) -> None:"]
        if call is None:
            lines += [
                f"    # No list of the document tells a record for {operation.path}.",
                '    need(False, "a record to ask for: write down here how a test finds one")',
            ]
            return "\n".join([*lines, ""]), False
        lines += [f"    {line}" for line in [*call.lines, *self._request_lines(operation, call)]]
        return "\n".join([*lines, ""]), True

    # The lines of a request

    def _request_lines(self, operation: OperationGuess, call: _RequestCode) -> list[str]:
        schema = self._success(operation)[1]
        expression = self._request(operation, call)
        if operation.action == "list" and operation.is_standard:
            schema_in_list = self._resource.item or self._resource.record or {}
            names = sorted(schema_in_list.get("required") or ())
            return [
                f"answer = {expression}",
                f"for record in records_of(answer, {operation.member!r}):",
                f'    expect_members("a record", {names!r}, record)',
            ]
        if schema is None or not schema.get("properties"):
            return [expression]
        if operation.is_standard and operation.action == "show":
            return self._show_lines(operation, call, expression)
        names = sorted(schema.get("required") or ())
        return [f"answer = {expression}", f'expect_members("the answer", {names!r}, answer.json)']

    def _request(self, operation: OperationGuess, call: _RequestCode) -> str:
        options = "".join(f", {option}" for option in call.options)
        status = self._success(operation)[0]
        if operation.method in {"options", "trace"}:
            method = f'request("{operation.method.upper()}", '
        else:
            method = f"{operation.method}("
        return f"{self._api}.{method}{call.path}{options}).expect_status({status})"

    def _show_lines(
        self, operation: OperationGuess, call: _RequestCode, expression: str
    ) -> list[str]:
        key = self._resource.key
        record = "answer.json" if operation.member is None else f"answer.json[{operation.member!r}]"
        names = sorted((self._resource.record or {}).get("required") or ())
        lines = [f"answer = {expression}", f'expect_members("the record", {names!r}, {record})']
        if key is not None and call.lines:
            variable = call.lines[-1].partition(" ")[0]
            lines.append(f'expect("{key}", {variable}[{key!r}], {record}[{key!r}])')
        return lines

    def _success(self, operation: OperationGuess) -> tuple[int, Node | None]:
        answers = {
            str(status): response
            for status, response in (operation.node.get("responses") or {}).items()
        }
        for first in "23":
            for status in sorted(answers):
                if status[0] == first:
                    response = resolved(self._document, answers[status])
                    return int(status.upper().replace("XX", "00")), self._schema(response)
        return 200, self._schema(resolved(self._document, answers.get("default", {})))

    def _schema(self, response: Node) -> Node | None:
        content = response.get("content") or {}
        for kind, media in content.items():
            if kind.partition(";")[0].endswith("json"):
                schema = expanded(self._document, media.get("schema") or {})
                return schema if isinstance(schema, dict) else {}
        return {} if content else None

    # The records of a request

    def _call(self, operation: OperationGuess) -> _RequestCode | None:
        lines: list[str] = []
        path = operation.path
        values: dict[str, str] = {}
        for argument in operation.arguments:
            before = path[: path.index(f"{{{argument}}}")].rstrip("/")
            value = self._value(operation, argument, before, values, lines)
            if value is None:
                return None
            values[argument] = value
        return _RequestCode(lines, _path_literal(path, values), self._options(operation, lines))

    def _value(
        self,
        operation: OperationGuess,
        argument: str,
        list_path: str,
        values: dict[str, str],
        lines: list[str],
    ) -> str | None:
        """Return an argument of a path in a test: a text, or an expression in braces."""
        owner = next(
            (resource for resource in self._resources if list_path in resource.paths), None
        )
        if owner is not None and owner.key is not None:
            expression = self._record_expression(owner, list_path, values, lines)
            if expression is not None:
                return expression
        for parameter in operation.parameters:
            if (parameter.get("in"), parameter.get("name")) == ("path", argument):
                if self._resource.record is not None and operation.is_standard:
                    return None
                schema = expanded(self._document, parameter.get("schema") or {})
                value = parameter.get(
                    "example", sketch(schema, self._random(operation), SKETCH_START, argument)
                )
                return str(value).replace("{", "").replace("/", "%2F")
        return None if operation.is_standard else "1"

    def _record_expression(
        self, owner: ResourceGuess, path: str, values: dict[str, str], lines: list[str]
    ) -> str | None:
        """Return the expression for a record that a list shows, or that the test creates."""
        variable = f"{singular_of(owner.name)}_record"
        lists = [
            operation
            for operation in owner.operations
            if operation.action == "list" and operation.is_standard
        ]
        # A parent that is no record of the fake has no list.
        is_of_record = all(value.startswith("{") for value in values.values())
        lists_of_path = [
            operation
            for operation in lists
            if operation.path.rstrip("/") == path and (is_of_record or not operation.parent)
        ]
        lists_without_arguments = [operation for operation in lists if not operation.arguments]
        shown = owner.item or owner.record or {}
        for list_operation in [*lists_of_path, *lists_without_arguments]:
            if owner.key in shown.get("properties", {}):
                options = "".join(f", {option}" for option in self._options(list_operation))
                label = f"a record of {owner.name.replace('_', ' ')}"
                path_literal = _path_literal(list_operation.path, values)
                text = f"{self._api}, {path_literal}, {list_operation.member!r}, {label!r}{options}"
                lines.append(f"{variable} = some_record({text})")
                return f"{{{variable}[{owner.key!r}]}}"
        for create_operation in owner.operations:
            schema = self._success(create_operation)[1]
            if (create_operation.action, create_operation.path.rstrip("/")) == (
                "create",
                path,
            ) and schema:
                call = _RequestCode(
                    [],
                    _path_literal(create_operation.path, values),
                    self._options(create_operation),
                )
                member = "" if create_operation.member is None else f"[{create_operation.member!r}]"
                lines.append(f"{variable} = {self._request(create_operation, call)}.json{member}")
                return f"{{{variable}[{owner.key!r}]}}"
        return None

    def _options(self, operation: OperationGuess, lines: list[str] | None = None) -> list[str]:
        """Return the options of a request; `lines` gets lines that look for referenced records."""
        options = []
        for location, option in (("query", "params"), ("header", "headers")):
            values = {
                str(parameter["name"]): self._parameter(operation, parameter)
                for parameter in operation.parameters
                if parameter.get("in") == location and parameter.get("required")
            }
            if values:
                options.append(f"{option}={values!r}")
        body = resolved(self._document, operation.node.get("requestBody") or {})
        for kind, content in (body.get("content") or {}).items():
            schema = expanded(self._document, content.get("schema") or {})
            if kind.partition(";")[0].endswith("json"):
                value = self._body(operation, content, schema)
                parts = self._references(operation, value, schema, [] if lines is None else lines)
                if operation.action == "create" and is_record(schema):
                    path = re.sub(r"\{[^{}]+\}", "{…}", operation.path)
                    parts.append(f'{self._api}.marked("{path}", "record")')
                whole_body = f"{{**{', **'.join([repr(value), *parts])}}}"
                options.append(f"json={whole_body if parts else repr(value)}")
                break
        return options

    def _references(
        self, operation: OperationGuess, value: Any, schema: Any, lines: list[str]
    ) -> list[str]:
        """Return the keys of existing records that replace invented references in a body.

        An optional reference to records that no list shows is removed from `value`.
        """
        parts: list[str] = []
        if not isinstance(value, dict) or not operation.is_standard:
            return parts
        for parent, name in self._resource.parents.items():
            if name is None or name not in value:
                continue
            owner = next(resource for resource in self._resources if resource.name == parent)
            variable = f"{singular_of(parent)}_record"
            looked_up = any(line.startswith(f"{variable} = ") for line in lines)
            if looked_up or self._record_expression(owner, "", {}, lines) is not None:
                parts.append(f"{{{name!r}: {variable}[{owner.key!r}]}}")
                del value[name]
            elif name not in schema.get("required", ()):
                del value[name]
        return parts

    def _body(self, operation: OperationGuess, content: Node, schema: Any) -> Any:
        if "example" in content:
            return content["example"]
        value = sketch(schema, self._random(operation), SKETCH_START)
        if isinstance(value, dict):
            for name, property_schema in (schema.get("properties") or {}).items():
                if isinstance(property_schema, dict) and property_schema.get("readOnly"):
                    value.pop(name, None)
        return value

    def _parameter(self, operation: OperationGuess, parameter: Node) -> str:
        schema = expanded(self._document, parameter.get("schema") or {})
        value = parameter.get("example")
        if value is None:
            value = sketch(schema, self._random(operation), SKETCH_START, str(parameter["name"]))
        if isinstance(value, list):
            return ",".join(map(str, value))
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _random(self, operation: OperationGuess) -> SeededRandom:
        return SeededRandom(1, "test", operation.id)


def _path_literal(path: str, values: dict[str, str]) -> str:
    """Return a path as a literal of Python, with values in place of its arguments."""
    text = path
    for argument, value in values.items():
        text = text.replace(f"{{{argument}}}", value)
    return f'f"{text}"' if "{" in text else f'"{text}"'
