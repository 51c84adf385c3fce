"""The application factory, and the way of a request through the application.

From the outside to the inside, and out again:

1. `WorldMiddleware` finds the world and the API, and holds the world's lock.
2. `JournalMiddleware` notes the request and its answer.
3. `MemoryMiddleware` gives a remembered answer, whose counts, ids and times are made anew.
4. Before the view: a fault strikes (`strike_request`), then the API's `before`.
5. The view; a fault may answer in its place.
6. Every error is worded in the dialect of the API (`_error_answer`).
7. After the view: the error of a fault that carried it out, the API's `after`, what the fault
   does to the answer (`with_fault`), `Date`.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.routing import MapAdapter, Rule

from fake_server.apis import load as load_apis
from fake_server.apis import report
from fake_server.control import control_blueprint
from fake_server.control.guard import set_access
from fake_server.errors import (
    DefectError,
    RequestError,
    SettingError,
    StorageError,
    UnknownApiError,
    expected_one_of,
)
from fake_server.own_pages import index_blueprint
from fake_server.rest.answers import answer, dated
from fake_server.rest.api_definition import Api
from fake_server.rest.api_errors import ApiError, MalformedParametersError
from fake_server.rest.begin_worlds import begin_worlds
from fake_server.rest.context import API, ROUTE, current_request, world
from fake_server.rest.faults import (
    fault_error,
    fault_of,
    knows_client,
    strike_request,
    with_fault,
)
from fake_server.rest.journal_middleware import JournalMiddleware
from fake_server.rest.not_served import NOT_SERVED
from fake_server.rest.parameters import may_have_body
from fake_server.rest.problems import problem
from fake_server.rest.processes import id_of, set_id
from fake_server.rest.remembering.middleware import CacheMode, MemoryMiddleware, cache_mode
from fake_server.rest.routing import ROUTED, RoutingTable
from fake_server.rest.urls import EXPECTED_NAME, PUBLIC_URL, host_name, is_name
from fake_server.rest.world_middleware import WorldMiddleware
from fake_server.world.fault import Fault
from fake_server.world.image_inputs import ImageProgress, silent
from fake_server.world.option_checks import names_option, time_option
from fake_server.world.profile import Profile
from fake_server.world.world_settings import Auth, Settings, Storage
from fake_server.world.worlds import Worlds

MAX_BODY = 1024 * 1024
"""The largest request body, in bytes; a larger one gets the API's own 413."""

_TOO_LARGE = (
    f"the body: expected at most {MAX_BODY} bytes; send less at a time, or start a server with it:"
    " fake-server serve --dataset FILE"
)

APIS = "fake_server.apis"
"""The key, in an application's extensions, of the APIs that it serves, by name."""

_FULL = HTTPStatus.INSUFFICIENT_STORAGE
_log = logging.getLogger("fake_server")


def create_app(
    dataset: str = "demo",
    *,
    seed: int | None = None,
    now: datetime | str | None = None,
    frozen: bool | None = None,
    profile: Profile = "documented",
    quirks: Iterable[str] = (),
    auth: Auth = "dataset",
    limits: bool = False,
    login: str | Mapping[str, Any] | None = None,
    store: Storage | None = None,
    expire_worlds: float | None = None,
    faults: Iterable[Fault] = (),
    apis: Iterable[str] | None = None,
    public_url: str | None = None,
    control_token: str | None = None,
    allow_hosts: Iterable[str] = (),
    hosts: Mapping[str, str] | None = None,
    behind_proxy: bool = False,
    cache: bool = True,
    progress: ImageProgress = silent,
) -> Flask:
    """Return the WSGI application that serves APIs and the world `default`.

    - `dataset`: the name of a bundled dataset, or the path of a `.yaml` file.
    - `seed`, `now` (aware, or text such as `2026-03-02T00:00:00Z`), `frozen`, `store` (`memory` or
      `disk`): override the dataset's.
    - `quirks`: `api.quirk` to switch one on, `api.quirk=off` to switch it off.
    - `auth`: accept the dataset's credentials, any well-formed ones, or all requests.
    - `limits`: answer 429 to a client that exceeds the documented rate limits.
    - `login`: who logs in without a page where an API has people who do, such as `norminet`; or, by
      API, a login or `{"deny": True}`.
    - `expire_worlds`: forget other worlds than `default` that nobody used for so many real seconds.
    - `faults`: what goes wrong in every world, from its beginning; see `Fault`.
    - `apis`: the names of those to serve; all that there are if left out.
    - `public_url`: scheme and host of URLs in answers, instead of the ones the client used.
    - `control_token`: what drives `/_fake/` from elsewhere than this machine's loopback.
    - `allow_hosts`: names that may stand in `Host` for `/_fake/`, beside those of loopback.
    - `hosts`: further hosts of real services, and the API that lives there, such as
      `{"lab.example.org": "fabmanager"}`. Under a real host nothing but its API is served.
    - `cache`: remember answers and give them again where nothing that they depend on has changed.
    - `behind_proxy`: requests come by a proxy that routes them by the name of their world, so that
      this is one of several processes. `/_fake/` then requires the control token of everybody.

    Raises `UserError` (one line) for a dataset, quirk, fault or option that is wrong, and for an
    API in `apis` that cannot be used. Without `apis` such an API is left out, and so is one whose
    package has a mistake in its section of the dataset; the log says why.
    """
    declared = load_apis(None if apis is None else names_option("apis", apis))
    settings = Settings(
        seed=seed,
        now=time_option("now", now),
        frozen=frozen,
        profile=profile,
        quirks=names_option("quirks", quirks),
        auth=auth,
        enforce_limits=limits,
        login=login or {},
        storage=store,
        expires_after=expire_worlds,
        faults=tuple(faults),
        progress=progress,
    )
    worlds = begin_worlds(declared, dataset, settings, None if apis is not None else report)
    declared = {name: declared[name] for name in worlds.default.apis}
    real_hosts = _real_hosts(declared, hosts or {})
    app = _assemble(
        declared,
        worlds,
        public_url,
        real_hosts,
        behind_proxy=behind_proxy,
        cache=cache_mode(enabled=cache),
    )
    set_access(app, control_token, allow_hosts, real_hosts, behind_proxy=behind_proxy)
    return app


def _real_hosts(declared: dict[str, Api], more: Mapping[str, str]) -> dict[str, str]:
    """Return the API of each real host."""
    for host, name in more.items():
        if name not in declared:
            raise UnknownApiError(
                f"host {host}: no such API; {expected_one_of(name, list(declared))}"
            )
        if not is_name(host):
            raise SettingError(f"host of {name}: {EXPECTED_NAME}, found {host!r}")
    own = {host: api.name for api in declared.values() for host in api.hosts}
    return own | {host_name(host): name for host, name in more.items()}


def _assemble(
    declared: dict[str, Api],
    worlds: Worlds,
    public_url: str | None,
    real_hosts: dict[str, str],
    *,
    behind_proxy: bool,
    cache: CacheMode,
) -> Flask:
    app = _App("fake_server", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.config[PUBLIC_URL] = public_url
    set_id(app)
    app.url_rule_class = _MatchingRule
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions["fake_server.worlds"] = worlds
    app.extensions[APIS] = declared
    for api in declared.values():
        # Whatever its own name: two packages may have chosen the same.
        app.register_blueprint(api.blueprint, name=api.name)
    app.register_blueprint(index_blueprint(declared))
    app.register_blueprint(control_blueprint(declared))
    _register_hooks(app, declared)
    routes = RoutingTable(declared, app.url_map.iter_rules(), real_hosts)
    memory = MemoryMiddleware(app.wsgi_app, cache)
    journal = JournalMiddleware(memory)
    process_id = id_of(app) if behind_proxy else None
    app.wsgi_app = WorldMiddleware(  # type: ignore[method-assign]  # Flask's own way to wrap it
        journal, declared, routes, worlds, real_hosts, process_id
    )
    return app


def _register_hooks(app: Flask, declared: dict[str, Api]) -> None:
    def api_of(request: Request) -> Api | None:
        return declared.get(request.environ.get(API, ""))

    @app.before_request
    def before() -> Response | None:
        request = current_request()
        if request.environ["REQUEST_METHOD"] != request.method:
            _heed_case(app, request)
        api = api_of(request)
        request.environ[ROUTE] = request.url_rule.rule if request.url_rule else None
        early = _before_view(api, request) if api else None
        if may_have_body(request.environ):
            largest = _largest_body(api, request)
            request.max_content_length = largest
            if (request.content_length or 0) > largest:
                raise RequestEntityTooLarge
        return early

    @app.after_request
    def after(response: Response) -> Response:
        request = current_request()
        api = api_of(request)
        return _after_view(response, api, request) if api else response

    @app.errorhandler(Exception)
    def error(raised: Exception) -> Response:
        request = current_request()
        return _error_answer(raised, api_of(request), request)


def _largest_body(api: Api | None, request: Request) -> int:
    """Return the largest body of a request: a form with files may have more."""
    has_files = api is not None and request.mimetype == "multipart/form-data"
    return max(MAX_BODY, api.largest_form) if api is not None and has_files else MAX_BODY


def _heed_case(app: Flask, request: Request) -> None:
    """Let no page of the fake's own answer `get` as GET: werkzeug takes no heed of case."""
    request.method = request.environ["REQUEST_METHOD"]
    if request.url_rule is not None:
        routes = app.create_url_adapter(request)
        allowed = routes.allowed_methods() if routes else None
        request.url_rule = request.view_args = None
        request.routing_exception = MethodNotAllowed(allowed)


def _before_view(api: Api, request: Request) -> Response | None:
    """Return an answer that takes the place of the view, or None."""
    fault = strike_request(api, request) if world().faults.active else None
    if fault is None or fault.carries_out:
        return api.before(request)
    if knows_client(fault):
        # Asked for its headers alone: who is known to ask, and what they have left.
        with suppress(ApiError, MalformedParametersError):
            api.before(request)
    return fault_error(api, request, fault)


def _after_view(response: Response, api: Api, request: Request) -> Response:
    fault = fault_of(request)
    if fault is not None and fault.is_error and fault.carries_out:
        response = fault_error(api, request, fault)
    return dated(with_fault(api.after(response), request), request)


def _error_answer(raised: Exception, api: Api | None, request: Request) -> Response:
    if isinstance(raised, ApiError):
        return answer(raised.status, raised.body, raised.headers)
    if isinstance(raised, StorageError):
        _log.error("%s", raised)
        return problem(_FULL.value, _FULL.phrase, raised)
    if api is None:
        return _own_error(raised, request)
    return _dialect_answer(raised, api, request)


def _dialect_answer(raised: Exception, api: Api, request: Request) -> Response:
    headers: dict[str, str] = {}
    if isinstance(raised, MalformedParametersError):
        worded = api.dialect.bad_request(raised)
    elif isinstance(raised, RequestEntityTooLarge):
        worded = api.dialect.too_large()
    elif isinstance(raised, HTTPException) and raised.code in {404, 405}:
        worded = api.dialect.not_routed(request)
        if not api.knows(request.method, request.path):
            headers[NOT_SERVED] = f"{request.method} {ascii(request.path)[1:-1]}"
    elif isinstance(raised, HTTPException) and raised.code is not None and raised.code < 500:
        worded = api.dialect.bad_request(MalformedParametersError(raised.name))
    else:
        _log.error("a defect of the fake itself", exc_info=raised)
        worded = api.dialect.failure(request, 500)
    return answer(worded.status, worded.body, worded.headers | headers)


def _own_error(raised: Exception, request: Request) -> Response:
    if isinstance(raised, RequestEntityTooLarge):
        return problem(413, raised.name, RequestError(_TOO_LARGE))
    if isinstance(raised, HTTPException) and raised.code is not None:
        line = f"{request.method} {request.path}"
        response = problem(raised.code, raised.name, RequestError(line))
        if isinstance(raised, MethodNotAllowed):
            response.allow.update(raised.valid_methods or ())
        return response
    _log.error("a defect of the fake itself", exc_info=raised)
    return problem(500, "Internal Server Error", DefectError("a defect of the fake itself"))


class _NoSessions(SessionInterface):
    """Opens the same empty session for each request: the fake keeps none."""

    _session = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        """Return the session of no request."""
        return self._session


class _App(Flask):
    """Takes the match of `WorldMiddleware` as it is: Flask asks for one, and gets that."""

    session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view as it is: none is a coroutine, and the check is made for each request."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return the adapter that matches a request."""
        routed = None if request is None else request.environ.get(ROUTED)
        return super().create_url_adapter(request) if routed is None else routed


class _MatchingRule(Rule):
    """A route that requests are matched with, and no URL is built from.

    Making the code that builds URLs is what adding a route costs: most of the time to make an app.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _build_nothing


def _build_nothing(*_: Any, **__: Any) -> tuple[str, str]:
    raise NotImplementedError("URLs are made by fake_server.rest.urls")
