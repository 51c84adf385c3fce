"""The declaration of an API: its names, its records and its hooks.

Both classes are plain ones, not frozen data classes: making one of those takes a start a
millisecond, and some of the defaults derive from other attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import TYPE_CHECKING

from flask import Blueprint, Request, Response, g
from werkzeug.exceptions import MethodNotAllowed

from fake_server.rest.access.credentials import Credentials
from fake_server.rest.access.requirements import open_operations
from fake_server.rest.api_errors import ApiError, MalformedParametersError
from fake_server.rest.context import ROUTE, world
from fake_server.rest.conventions import PLAIN, Conventions
from fake_server.rest.http_text import phrase_of
from fake_server.rest.schema.requested_operation import is_declared_path, operation_of
from fake_server.world.records.definition import StoreDefinition, no_secrets

if TYPE_CHECKING:
    from fake_server.rest.schema.schema_values import Mistake


def plain_error(status: int, message: str) -> ApiError:
    """Return an error of the form `{"error": "Not Found"}`."""
    return ApiError(status, {"error": message})


def _not_routed(error: Callable[[int, str], ApiError], request: Request) -> ApiError:
    refused = request.routing_exception
    if not isinstance(refused, MethodNotAllowed):
        return error(404, phrase_of(404))
    worded = error(405, phrase_of(405))
    allowed = {"Allow": ", ".join(sorted(refused.valid_methods or ()))}
    return ApiError(worded.status, worded.body, {**worded.headers, **allowed})


def _invalid(mistakes: list[Mistake]) -> ApiError:
    errors = [{"field": mistake.field, "message": mistake.message} for mistake in mistakes]
    return ApiError(422, {"errors": errors})


def _told(mistakes: list[Mistake]) -> str:
    return "; ".join(f"{mistake.field} {mistake.message}" for mistake in mistakes)


class Dialect:
    """How an API words the errors that no view of its own raises.

    `error` is enough. The others, which default to it, are for an API that words them otherwise.
    """

    error: Callable[[int, str], ApiError]
    """Words an error of a status, 400 to 599; the message is the status's phrase in English, or
    says in one line what cannot be read."""

    not_routed: Callable[[Request], ApiError]
    """No operation has this path and method; by default a 404, or a 405 with `Allow` where the path
    has other methods. The app adds the header that says so where `Api.knows` has no opinion on it
    either."""

    bad_request: Callable[[MalformedParametersError], ApiError]
    """Query or body cannot be read as parameters; gets the reason, whose text is one line and whose
    class says whether it is the JSON (`MalformedJsonError`)."""

    too_large: Callable[[], ApiError]
    """The body exceeds the stated limit."""

    failure: Callable[[Request, int], ApiError]
    """Any error on demand, 400 to 599; 500 also for a defect of the fake itself."""

    unauthorized: Callable[[Request], ApiError]
    """The request carries no credential, or one that is not known."""

    token_expired: Callable[[Request], ApiError]
    """The token is not good any more. Defaults to `unauthorized`."""

    rate_limited: Callable[[Request], ApiError] | None
    """The rate limit is exceeded; by default the first of `rate_limits`, None if there are none."""

    rate_limits: Mapping[str, Callable[[Request], ApiError]]
    """One of several rate limits is exceeded, by the name of the limit."""

    tokenless: frozenset[str] | None
    """The ids of operations that need no credential; None, the default, for those whose `security`
    in the document says so."""

    unlimited: frozenset[str]
    """The ids of operations that no rate limit counts."""

    conventions: Conventions
    """The ways of the framework that the service is built with; plain ones, by default."""

    invalid: Callable[[list[Mistake]], ApiError]
    """A body has mistakes; by default a 422 of the form `{"errors": [{"field", "message"}]}`."""

    invalid_query: Callable[[list[Mistake]], ApiError]
    """Parameters of a query have mistakes; by default `error(400, "page must be …")`."""

    def __init__(
        self,
        *,
        error: Callable[[int, str], ApiError] = plain_error,
        not_routed: Callable[[Request], ApiError] | None = None,
        bad_request: Callable[[MalformedParametersError], ApiError] | None = None,
        too_large: Callable[[], ApiError] | None = None,
        failure: Callable[[Request, int], ApiError] | None = None,
        unauthorized: Callable[[Request], ApiError] | None = None,
        token_expired: Callable[[Request], ApiError] | None = None,
        rate_limited: Callable[[Request], ApiError] | None = None,
        rate_limits: Mapping[str, Callable[[Request], ApiError]] | None = None,
        tokenless: frozenset[str] | None = None,
        unlimited: frozenset[str] = frozenset(),
        conventions: Conventions = PLAIN,
        invalid: Callable[[list[Mistake]], ApiError] | None = None,
        invalid_query: Callable[[list[Mistake]], ApiError] | None = None,
    ) -> None:
        self.error = error
        self.not_routed = not_routed or (lambda request: _not_routed(error, request))
        self.bad_request = bad_request or (lambda reason: error(400, str(reason)))
        self.too_large = too_large or (lambda: error(413, phrase_of(413)))
        self.failure = failure or (lambda request, status: error(status, phrase_of(status)))
        self.unauthorized = unauthorized or (lambda request: error(401, phrase_of(401)))
        self.token_expired = token_expired or self.unauthorized
        self.rate_limits = dict(rate_limits or {})
        self.rate_limited = rate_limited or next(iter(self.rate_limits.values()), None)
        self.tokenless = tokenless
        self.unlimited = unlimited
        self.conventions = conventions
        self.invalid = invalid or _invalid
        self.invalid_query = invalid_query or (lambda mistakes: error(400, _told(mistakes)))


class Api:
    """One API: what serves it, how its records are made, where it lives.

    Where it lives stands in its `api.yaml`: `fake_server.apis.load` adds the title, the paths, the
    hosts and the example.
    """

    name: str
    """Its name: that of its package and of its folder in `schemas/`."""

    blueprint: Blueprint
    """Its views."""

    definition: StoreDefinition
    """Its tables, and how its records are made. The kinds of `credentials` come before its own;
    its secrets default to those of `credentials`."""

    dialect: Dialect
    """The wording of errors that no view raises."""

    credentials: Credentials
    """Who may ask; anybody, by default."""

    knows: Callable[[str, str], bool]
    """Whether method and path, which are not routed, are known to be a 404 of the real service
    too; by default, whether the document lists the path, whatever the method."""

    before: Callable[[Request], Response | None]
    """Called first for each of its requests, routed or not; returns an answer (limits exceeded) or
    None. By default it refuses a routed request whose credential is not good; a view asks
    `credential_entry` for the one it came with."""

    after: Callable[[Response], Response]
    """Adds the headers that every answer of the API carries, errors included; none, by default."""

    title: str
    """What people call it."""

    base_path: str
    """What clients put before an operation's path, such as `/v2`."""

    prefixes: tuple[str, ...]
    """The paths below which all of its paths lie, such as `/v2` and `/oauth`."""

    hosts: tuple[str, ...]
    """The real hosts, for clients that have them hard-coded."""

    default_for: tuple[str, ...]
    """The prefixes whose paths that no API routes are this API's, where another has them too."""

    example: str
    """Path and query of a GET that shows the API at work."""

    largest_form: int
    """The largest form with files, in bytes; by default it may have as much as any other body."""

    def __init__(
        self,
        *,
        name: str,
        blueprint: Blueprint,
        definition: StoreDefinition,
        dialect: Dialect | None = None,
        credentials: Credentials | None = None,
        knows: Callable[[str, str], bool] | None = None,
        before: Callable[[Request], Response | None] | None = None,
        after: Callable[[Response], Response] | None = None,
        title: str = "",
        base_path: str = "",
        prefixes: tuple[str, ...] = (),
        hosts: tuple[str, ...] = (),
        default_for: tuple[str, ...] = (),
        example: str = "",
        largest_form: int = 0,
    ) -> None:
        self.name = name
        self.blueprint = blueprint
        self.dialect = dialect or Dialect()
        self.credentials = credentials or Credentials()
        secrets, kinds = self.credentials.secrets, definition.kinds
        self.definition = definition._replace(
            kinds=lambda: (*self.credentials.kinds(), *kinds()),
            secrets=secrets if definition.secrets is no_secrets else definition.secrets,
        )
        self.knows = knows or self._lists
        self.before = before or self._require_credential
        self.after = after or _unchanged
        self.title = title
        self.base_path = base_path
        self.prefixes = prefixes
        self.hosts = hosts
        self.default_for = default_for
        self.example = example
        self.largest_form = largest_form

    def at(
        self,
        *,
        title: str,
        base_path: str,
        prefixes: tuple[str, ...],
        hosts: tuple[str, ...],
        default_for: tuple[str, ...],
        example: str,
    ) -> Api:
        """Return the same API where its `api.yaml` says that it lives."""
        placed = copy(self)
        placed.title = title
        placed.base_path = base_path
        placed.prefixes = prefixes
        placed.hosts = hosts
        placed.default_for = default_for
        placed.example = example
        return placed

    def needs_credential(self, operation: str) -> bool:
        """Return whether an operation, by its id without the API's name, needs a credential."""
        tokenless = self.dialect.tokenless
        return operation not in (open_operations(self.name) if tokenless is None else tokenless)

    def _lists(self, method: str, path: str) -> bool:
        return is_declared_path(self.name, path)

    def _require_credential(self, request: Request) -> Response | None:
        if request.url_rule is None:
            return None
        operation = operation_of(self.name, request.method, request.environ[ROUTE])
        if operation is not None and not self.needs_credential(operation.partition(".")[2]):
            return None
        entry = self.credentials.entry_of(request, world())
        if entry is None:
            raise self.dialect.unauthorized(request)
        g.credential_entry = entry
        return None


def _unchanged(response: Response) -> Response:
    return response
