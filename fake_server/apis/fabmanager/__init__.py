"""The Fab-manager Open API v1."""

from collections.abc import Sequence

from sqlalchemy import Connection

from fake_server.apis.fabmanager.auth import CREDENTIALS
from fake_server.apis.fabmanager.errors import UnauthorizedError
from fake_server.apis.fabmanager.hooks import (
    after,
    bad_request,
    before,
    failure,
    knows,
    not_routed,
    too_large,
)
from fake_server.apis.fabmanager.routes import blueprint
from fake_server.apis.fabmanager.tables import metadata
from fake_server.rest.api import Api, Dialect
from fake_server.world.kinds import Kind
from fake_server.world.recipe import Brief, Recipe


def _populate(connection: Connection, brief: Brief) -> None:
    # Imported here: a start that finds its images in the cache makes no records.
    from fake_server.apis.fabmanager.factory import populate

    populate(connection, brief)


def _kinds() -> Sequence[Kind]:
    # Imported here: few worlds are asked for their records.
    from fake_server.apis.fabmanager.kinds import kinds

    return kinds()


api = Api(
    name="fabmanager",
    blueprint=blueprint,
    recipe=Recipe("fabmanager", lambda: metadata, _populate, _kinds),
    dialect=Dialect(
        accepts_spellings=True,
        not_routed=not_routed,
        bad_request=bad_request,
        too_large=too_large,
        failure=failure,
        unauthorized=lambda request: UnauthorizedError(),
    ),
    knows=knows,
    before=before,
    after=after,
    credentials=CREDENTIALS,
)
