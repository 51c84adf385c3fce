"""Whether the declarations of an API, its resources and their tables agree.

They are compared when an image is made: a contradiction shows then, not at a request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from fake_server.data_files import registry
from fake_server.errors import DeclarationError, RecordError, UserError, expected_one_of
from fake_server.rest.access.forms import credential_forms
from fake_server.rest.resources.declaration import Declaration
from fake_server.rest.resources.declaration_files import position
from fake_server.rest.resources.operation_index import declaration_file, index
from fake_server.rest.resources.resource_registry import Resources
from fake_server.rest.schema.spec import spec

if TYPE_CHECKING:
    from fake_server.rest.resources.resource import Resource

_FieldPath = tuple[str | int, ...]


def checked_resources(api: str, resources: Resources) -> list["Resource"]:
    """Return the resources of an API, imported, after comparing them with their declarations.

    Raises `DeclarationError`, one line with the file, for a resource without a declaration or
    module, one that is not listed, one that cannot be imported, a declared field that is no
    column, and a property without a column and a method.
    """
    _require_complete(api, resources)
    loaded = [_imported(resources, name) for name in resources.names]
    _require_operations(api, resources)
    _require_schemes(api)
    for resource in loaded:
        require_columns(resource)
        _require_methods(resource)
    return loaded


def _require_complete(api: str, resources: Resources) -> None:
    declared = index(api).resources
    modules = resources.modules()
    listed = _source(resources.package)
    for name in dict.fromkeys([*resources.names, *declared, *modules]):
        file = declaration_file(api, name)
        module = f"{resources.package}.{name}"
        if name in resources.names:
            if name not in declared:
                raise DeclarationError(f"{file} is missing: {listed} lists the resource {name}")
            if name not in modules:
                raise DeclarationError(f"{file}: there is no module {module} to serve it")
        elif name in declared:
            missing = f"there is no module {module} to serve it"
            unlisted = f"{listed} does not list it; add {name} to its names"
            raise DeclarationError(f"{file}: {unlisted if name in modules else missing}")
        elif _is_resource(module):
            raise DeclarationError(
                f"{_source(module)}: {file} is missing, and {listed} does not list {name}"
            )


def _require_operations(api: str, resources: Resources) -> None:
    """Raise `DeclarationError` for an operation of a document that is of no resource."""
    file = registry.package(api).schemas / "openapi.yaml"
    for operation in index(api).operations.values():
        if operation.resource and operation.resource not in resources.names:
            raise DeclarationError(
                f"{file}: {operation.method} {operation.path}: x-resource:"
                f" {operation.resource}: no such resource;"
                f" {expected_one_of(operation.resource, resources.names)}"
            )


def _require_schemes(api: str) -> None:
    """Raise `DeclarationError` for a form of credentials with an undeclared security scheme."""
    declared = (spec(api).document.get("components") or {}).get("securitySchemes") or {}
    for form in credential_forms(api):
        for scheme in form.schemes:
            if scheme not in declared:
                file = registry.package(api).schemas / "target.yaml"
                raise DeclarationError(
                    f"{file}: credentials: schemes: {scheme}: no such security scheme in"
                    f" openapi.yaml; {expected_one_of(scheme, list(declared))}"
                )


def _imported(resources: Resources, name: str) -> "Resource":
    module = f"{resources.package}.{name}"
    with explained(module, "cannot be loaded"):
        resource: Resource = resources[name]
    if resource.name != name:
        raise DeclarationError(
            f"{_source(module)}: the resource's name: expected {name}, as its module is called,"
            f" found {resource.name}"
        )
    return resource


@contextmanager
def explained(module: str, problem: str) -> Iterator[None]:
    """Turn an exception of an API's module into a `DeclarationError` of one line.

    The line names the file of the module and the problem, such as `cannot be loaded`.
    """
    try:
        yield
    except RecordError:
        raise
    except UserError as mistake:
        raise mistake.of_message(mistake.message, mistake.position) from None
    except Exception as error:  # the code of others: it may raise anything
        why = " ".join(f"{type(error).__name__}: {error}".split())
        raise DeclarationError(f"{_source(module)}: {problem}: {why}") from error


def _is_resource(module: str) -> bool:
    with explained(module, "cannot be loaded"):
        return hasattr(import_module(module), "resource")


def _source(module: str) -> str:
    """Return the file of a module; its name where it has none."""
    spec = find_spec(module)
    return spec.origin if spec is not None and spec.origin else module


def require_columns(resource: "Resource") -> None:
    """Raise `DeclarationError` for a declared field that is no column of a resource.

    A quirk may declare fields too.
    """
    own = resource.declaration
    _require_columns(resource, own, ())
    for quirk in own.quirks:
        _require_columns(resource, own.under([quirk]), ("quirks", quirk))


def _require_columns(resource: "Resource", declared: Declaration, within: _FieldPath) -> None:
    for path, field, exists in resource.declared_columns(declared):
        if not exists:
            file = declaration_file(resource.api, resource.name)
            columns = [str(column.name) for column in resource.table.c]
            raise DeclarationError(
                f"{_position(file, (*within, *path))}: {field}: no such column of"
                f" {resource.name}; {expected_one_of(field, columns)}"
            )
    for path, message in resource.misdeclared(declared):
        file = declaration_file(resource.api, resource.name)
        raise DeclarationError(f"{_position(file, (*within, *path))}: {message}")


def _require_methods(resource: "Resource") -> None:
    """Raise `DeclarationError` for a property without a column and a method."""
    if not resource.has_records:
        return
    folder = registry.package(resource.api).schemas
    shapes = dict.fromkeys([resource.declaration.shape, resource.declaration.item])
    for name in filter(None, shapes):
        for field, schema in resource.shape(name)["properties"].items():
            if schema.get("x-column") is False and not hasattr(resource, field):
                raise DeclarationError(
                    f"{_position(folder / name, ('properties', field, 'x-column'))}: no column;"
                    f" {_source(type(resource).__module__)} needs a method {field} that tells it"
                )


def _position(file: Path, path: _FieldPath) -> str:
    return position(file, file.read_text(encoding="utf-8"), path)
