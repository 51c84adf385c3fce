"""The views of resources, which are imported when they are first asked for."""

from functools import partial

from fake_server import create_app
from fake_server.rest.resources.resource_routes import view_of


def test_each_operation_has_a_view_that_exists() -> None:
    partials = [view for view in create_app().view_functions.values() if isinstance(view, partial)]
    views = [view.args for view in partials if len(view.args) == 3]
    assert len(views) > 300
    for operation, resources, usual in views:
        assert callable(view_of(resources[operation.resource], operation.action, usual)), operation
