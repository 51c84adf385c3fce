"""Views that resources name: a name is loaded at the first request, long after all else is."""

from importlib import import_module

import pytest

from fake_server.data_files import registry
from fake_server.rest.resources.operation_index import index
from fake_server.rest.resources.resource_registry import loaded


@pytest.mark.parametrize("api", registry.names())
def test_named_views_can_be_loaded(api: str) -> None:
    """Every resource's own views exist, and each is of an action that its operations have."""
    resources = import_module(f"fake_server.apis.{api}.resources").RESOURCES
    operations = index(api).operations.values()
    for resource in resources:
        actions = {
            operation.action for operation in operations if operation.resource == resource.name
        }
        assert set(resource.views) <= actions
        for view in resource.views.values():
            assert callable(loaded(view) if isinstance(view, str) else view)
