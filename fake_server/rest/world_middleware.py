"""The outermost middleware: finds the world and the API that a request is for."""

from collections.abc import Mapping
from typing import Any

from fake_server.errors import RequestError, UnknownWorldError
from fake_server.rest.api_definition import Api
from fake_server.rest.context import API, DECLARATION, GIVEN_HOST, HOST_API, RAW_PATH, WORLD
from fake_server.rest.gunicorn import with_own_date
from fake_server.rest.missing_images import DEFERS, MissingImagesError
from fake_server.rest.problems import problem
from fake_server.rest.processes import ASKED_PROCESS, Processes, with_process
from fake_server.rest.routing import ROUTED, RoutingTable
from fake_server.rest.urls import (
    canonical,
    drives_worlds,
    host_name,
    makes_world,
    routing_name,
    split_world,
    usable_host,
    world_of_records,
)
from fake_server.world.world import World
from fake_server.world.worlds import DEFAULT, Worlds


class WorldMiddleware:
    """WSGI middleware: puts world, API, route and path into the environ, and holds the lock.

    - `real_hosts`: which API lives at which real host.
    - `process_id`: the id of this process behind a proxy; None: there is no proxy.

    For `/_fake/worlds…` the header `X-Fake-World` only routes, and the world is `default`.
    """

    def __init__(
        self,
        inner: Any,
        declared: Mapping[str, Api],
        routes: RoutingTable,
        worlds: Worlds,
        real_hosts: Mapping[str, str],
        process_id: str | None = None,
    ) -> None:
        self._inner = inner
        self._routes = routes
        self._declared = declared
        self._worlds = worlds
        self._real_hosts = real_hosts
        self._process_id = process_id
        self._processes = Processes()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request in its world, holding the world's lock until the answer is complete."""
        start_response = with_own_date(start_response)
        self._processes.note(environ)
        # An upgrade is ignored, as HTTP allows; werkzeug would route a WebSocket's apart.
        environ.pop("HTTP_UPGRADE", None)
        environ[GIVEN_HOST] = environ.get("HTTP_HOST")
        environ["HTTP_HOST"] = usable_host(environ)
        prefixed, prefix, path = split_world(environ.get("PATH_INFO", "/"))
        headed = environ.get("HTTP_X_FAKE_WORLD")
        if prefixed is not None and headed is not None and prefixed != headed:
            refusal = problem(
                400,
                "Bad Request",
                RequestError(
                    f"the path names world {_text(prefixed)!r}, X-Fake-World {_text(headed)!r}"
                ),
            )
            return refusal(environ, start_response)
        if self._process_id is not None:
            environ[ASKED_PROCESS] = self._process_id
            hashed = environ.get("HTTP_X_FAKE_ROUTED")
            expected = routing_name(prefixed, path, headed) or DEFAULT
            if hashed is not None and hashed != expected:
                return _misrouted(_text(expected), _text(hashed))(environ, start_response)
        named = prefixed
        if prefixed is None and not drives_worlds(path):
            named = headed
        try:
            world = self._worlds.get(DEFAULT if named is None else _text(named))
        except UnknownWorldError as error:
            hinted = UnknownWorldError(with_process(str(error), environ))
            return problem(404, "Not Found", hinted)(environ, start_response)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
        environ[RAW_PATH] = _text(path)
        environ[WORLD] = world
        host_api = environ.get(HOST_API) or self._api_at(host_name(environ["HTTP_HOST"]), path)
        routed = self._routes.find(environ["REQUEST_METHOD"], path, host_api)
        environ[API] = routed.api
        environ["PATH_INFO"] = routed.path
        if routed.api:
            environ[DECLARATION] = self._declared[routed.api]
            environ[ROUTED] = routed
        if DEFERS in environ:
            needed = self._missing_images(world, routed.api, path)
            if needed:
                raise MissingImagesError(needed)
        if makes_world(environ):
            # It acts on no world that there is yet, and would keep this one waiting.
            return self._inner(environ, start_response)
        with world.lock:
            return self._inner(environ, start_response)

    def _missing_images(self, world: World, api: str, path: str) -> list[tuple[World, str]]:
        """Return the images that a request reads and that nobody has yet, by world and API."""
        if api:
            return [] if world.is_at_hand(api) else [(world, api)]
        controlled = world_of_records(path)
        if controlled is None or controlled not in self._worlds:
            return []
        owner = self._worlds.get(controlled)
        return [(owner, name) for name in owner.apis if not owner.is_at_hand(name)]

    def _api_at(self, host: str, path: str) -> str | None:
        """Return the one API of a real host, which has all of its paths but the control plane's."""
        api = self._real_hosts.get(host)
        return None if api is None or f"{canonical(path)}/".startswith("/_fake/") else api


def _misrouted(name: str, hashed: str) -> Any:
    """Return the refusal of a request whose world the proxy read otherwise than this process."""
    message = (
        f"the request is for world {name!r}, and the proxy routed it as one for {hashed!r}:"
        " spell its path without escapes and dots"
    )
    return problem(421, "Misdirected Request", RequestError(message))


def _text(value: str) -> str:
    """Return a value of a WSGI environ, which is bytes spelled as Latin-1, as the text it is."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace")
