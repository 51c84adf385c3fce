"""Further conditions of an operation on a token, as `access` of a declaration lists them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Request

from fake_server.api.declare import Operation, index
from fake_server.api.serve import store, world
from fake_server.apis.intra42.dialect.errors import AccessDeniedError, ScopeError
from fake_server.apis.intra42.login.registered_applications import Application
from fake_server.apis.intra42.login.tokens import Token
from fake_server.apis.intra42.resources import API, RESOURCES

if TYPE_CHECKING:
    # Its module imports SQLAlchemy. A start does not.
    from fake_server.api.declare import Resource


def require_access(request: Request, token: Token) -> None:
    """Raise `AccessDeniedError` or `ScopeError` for a token that an operation is not open to."""
    operation = _operation_of(request)
    if world().auth == "off" or operation is None or not operation.resource:
        return
    access = access_to(RESOURCES[operation.resource], operation)
    if access:
        _require(access, token)


def access_to(resource: "Resource", operation: Operation) -> Mapping[str, Any] | None:
    """Return the roles and the scope that an operation asks, as `access` has them."""
    declared: Mapping[str, Any] = resource.declared().keys.get("access") or {}
    usual = "read" if operation.method == "GET" else "write"
    access: Mapping[str, Any] | None = declared.get(operation.action, declared.get(usual))
    return access


def _operation_of(request: Request) -> Operation | None:
    """Return the operation that a request is routed to; None for those of no resource."""
    endpoint = (request.endpoint or "").partition(".")[2]
    return index(API).operations.get(endpoint)


def has_role(access: Mapping[str, Any], application: Application) -> bool:
    """Return whether an application has one of the roles that `access` of a declaration names."""
    roles = {role.casefold() for role in application.roles}
    return any(role.casefold() in roles for role in access.get("roles", ()))


def _require(access: Mapping[str, Any], token: Token) -> None:
    scope = access.get("scope")
    if has_role(access, token.application):
        if access.get("with_scope") and scope not in token.scopes:
            raise ScopeError(str(scope))
        return
    if scope and token.user_id is not None and not access.get("with_scope"):
        if scope not in token.scopes:
            raise ScopeError(scope)
        return
    if access.get("people") == "staff" and (token.user_id is None or _is_staff(token.user_id)):
        return
    raise AccessDeniedError


def _is_staff(user_id: int) -> bool:
    from sqlalchemy import select

    people = RESOURCES["users"].table.c
    return bool(store().value(select(people.staff).where(people.id == user_id)))
