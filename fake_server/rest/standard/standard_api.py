"""An API that the standard views serve, put together."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Request, Response

from fake_server.rest.access.credentials import Credentials, DatasetCredentials
from fake_server.rest.access.forms import sent_forms
from fake_server.rest.api_definition import Api, Dialect
from fake_server.rest.resources.resource_registry import Resources
from fake_server.rest.resources.resource_routes import View, add_routes
from fake_server.rest.resources.store_definition import store_definition

_PACKAGE = "fake_server.rest.standard"

STANDARD_VIEWS: Mapping[str, View | str] = {
    "list": f"{_PACKAGE}.collection:list_records",
    "show": f"{_PACKAGE}.record:show_record",
    "create": f"{_PACKAGE}.writing:create_record",
    "update": f"{_PACKAGE}.writing:update_record",
    "delete": f"{_PACKAGE}.writing:delete_record",
}
"""The standard views by action."""


def standard_api(
    name: str,
    resources: Resources,
    *,
    dialect: Dialect | None = None,
    credentials: Credentials | None = None,
    check: str | None = None,
    views: Mapping[str, View | str] = STANDARD_VIEWS,
    before: Callable[[Request], Response | None] | None = None,
    after: Callable[[Response], Response] | None = None,
) -> Api:
    """Return the API whose resources the standard views serve, each operation of its document.

    - `credentials`: those of the dataset's list `credentials.tokens`, in the forms of
      `target.yaml`, where that declares any; else anybody may ask.
    - `views`: those by action, unless a resource has one of its own.
    - For the others, see `Api` and `store_definition`.
    """
    blueprint = Blueprint(name, __name__)
    add_routes(blueprint, name, resources, views)
    if credentials is None:
        credentials = DatasetCredentials(name) if sent_forms(name) else Credentials()
    return Api(
        name=name,
        blueprint=blueprint,
        definition=store_definition(name, resources, check=check),
        dialect=dialect,
        credentials=credentials,
        before=before,
        after=after,
    )
