"""Faults at work: whether one applies to a request, and how it changes the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from flask import Request, Response

from fake_server.errors import FaultError
from fake_server.rest.answers import answer
from fake_server.rest.api_definition import Api
from fake_server.rest.api_errors import ApiError
from fake_server.rest.context import ANSWERED_INSTEAD, FAULT, ROUTE, WORLD
from fake_server.rest.delivery import DELIVERY, Delivery
from fake_server.rest.http_text import phrase_of
from fake_server.rest.schema.requested_operation import (
    expected_operation,
    operation_of,
    operations_of,
)
from fake_server.world.fault import Fault
from fake_server.world.faults import Strike
from fake_server.world.world import World

_STRIKE = "fake_server.strike"

MADE_BY_FAULT = "X-Fake-Fault"
"""Header of an answer that a fault made; the fault's id."""

_WILD = re.compile(r"[*?\[]")
_BODILESS = frozenset({204, 304})


def strike_request(api: Api, request: Request) -> Fault | None:
    """Return the fault that applies to a request, or None; the fault counts the request.

    Without `carries_out` the fault answers instead of the view (`fault_error`).
    """
    strike = _strike(api, request)
    if strike is None:
        return None
    fault = strike.fault
    request.environ[FAULT], request.environ[_STRIKE] = strike.id, strike
    if _alters_body(fault):
        request.environ.pop("HTTP_IF_NONE_MATCH", None)
    if not fault.carries_out:
        request.environ[ANSWERED_INSTEAD] = True
    return fault


def fault_of(request: Request) -> Fault | None:
    """Return the fault that applies to a request, or None."""
    strike: Strike | None = request.environ.get(_STRIKE)
    return None if strike is None else strike.fault


def knows_client(fault: Fault) -> bool:
    """Return whether a fault's error goes to a client whose credentials the API accepts."""
    return not fault.token_expired and fault.status != 401


def _strike(api: Api, request: Request) -> Strike | None:
    here: World = request.environ[WORLD]
    operation = operation_of(api.name, request.method, request.environ[ROUTE])

    query = _uniform_query(api, request)

    def meets(fault: Fault) -> bool:
        return fault.matches(operation, request.method, request.path, query) and _applies(
            fault, api, operation
        )

    strike = here.faults.strike(meets)
    here.changed()
    return strike


def _uniform_query(api: Api, request: Request) -> str:
    """Return the query of a request with `&` between its parameters, however the API has it."""
    query = request.query_string.decode("latin-1")
    for separator in api.dialect.conventions.separators:
        query = query.replace(separator, "&")
    return query


def _applies(fault: Fault, api: Api, operation: str | None) -> bool:
    own = (operation or "").partition(".")[2]
    if fault.token_expired:
        return api.needs_credential(own)
    if fault.rate_limited:
        return _limit_error(api, fault) is not None and own not in api.dialect.unlimited
    return True


def _limit_error(api: Api, fault: Fault) -> Callable[[Request], ApiError] | None:
    """Return the maker of the error for the limit that a fault names; None without such a limit."""
    if isinstance(fault.rate_limited, str):
        return api.dialect.rate_limits.get(fault.rate_limited)
    return api.dialect.rate_limited if fault.rate_limited else None


def _alters_body(fault: Fault) -> bool:
    return fault.not_json or fault.cut is not None or fault.close in {"mid", "mid-chunked"}


def fault_error(api: Api, request: Request, fault: Fault) -> Response:
    """Return the error that a fault answers, in the words of the API."""
    if fault.token_expired:
        error = api.dialect.token_expired(request)
    elif (limit_error := _limit_error(api, fault)) is not None:
        error = limit_error(request)
    else:
        error = api.dialect.failure(request, fault.status or 503)
    return answer(error.status, error.body, error.headers)


def with_fault(response: Response, request: Request) -> Response:
    """Return an answer as the fault that applies to its request leaves it."""
    strike: Strike | None = request.environ.get(_STRIKE)
    if strike is None:
        return response
    fault = strike.fault
    _alter_body(response, fault)
    if fault.header:
        response.headers[MADE_BY_FAULT] = strike.id
    request.environ[DELIVERY] = _delivery(strike, response, request.method)
    return response


def _alter_body(response: Response, fault: Fault) -> None:
    if response.status_code in _BODILESS:
        return
    if fault.not_json:
        title = f"{response.status_code} {phrase_of(response.status_code)}"
        response.set_data(f"<html><head><title>{title}</title></head><body>{title}</body></html>\n")
        response.content_type = "text/html; charset=utf-8"
        response.headers.pop("Content-Encoding", None)
    if fault.cut is not None and fault.close is None:
        body = response.get_data()
        response.set_data(body[: min(fault.cut, max(len(body) - 1, 0))])
    if fault.not_json or fault.cut is not None:
        response.headers.pop("ETag", None)


def _delivery(strike: Strike, response: Response, method: str) -> Delivery:
    fault = strike.fault
    if fault.close is None:
        return Delivery(strike.wait)
    length = 0 if method == "HEAD" else len(response.get_data())
    if fault.close == "before" or not length:
        return Delivery(strike.wait, headless=True)
    cut = length // 2 if fault.cut is None else min(fault.cut, length - 1)
    return Delivery(strike.wait, cut, chunked=fault.close == "mid-chunked")


def require_possible(fault: Fault, declared: Mapping[str, Api]) -> None:
    """Raise `UserError` for a fault that no request to these APIs can meet."""
    if " " in fault.pattern:
        path = fault.pattern.partition(" ")[2]
        _require_served(path, declared)
        served = [api for api in declared.values() if _may_serve(api, path)]
        _require_limit(fault, served)
        if not any(_applies(fault, api, None) for api in served):
            raise _pointless(fault)
        return
    known = [name for api in declared for name in operations_of(api)]
    named = [name for name in known if fault.names(name)]
    if not named:
        raise FaultError(
            f"pattern: no operation is called {fault.pattern[:60]!a};"
            f" {expected_operation(fault.pattern, declared)}"
        )
    _require_limit(fault, [declared[name] for name in {name.partition(".")[0] for name in named}])
    if not any(_applies(fault, declared[name.partition(".")[0]], name) for name in named):
        raise _pointless(fault)


def _pointless(fault: Fault) -> FaultError:
    kind = "needs a token" if fault.token_expired else "has a rate limit"
    return FaultError(f"pattern: no operation of {fault.pattern[:60]!a} {kind}; give a status")


def _require_limit(fault: Fault, apis: Sequence[Api]) -> None:
    """Raise `UserError` for the name of a limit that none of the APIs has, if one has limits."""
    limited = [api for api in apis if api.dialect.rate_limited is not None]
    names = sorted({name for api in limited for name in api.dialect.rate_limits})
    if limited and isinstance(fault.rate_limited, str) and fault.rate_limited not in names:
        raise FaultError(
            f"rate_limited: no limit of {fault.pattern[:60]!a} is called"
            f" {fault.rate_limited[:60]!a}; expected {', '.join([*names, 'true'])}"
        )


def _may_serve(api: Api, path: str) -> bool:
    """Return whether a path, which may have wildcards, may lie below a prefix of an API."""
    fixed = _WILD.split(path)[0]
    return any(
        f"{fixed}/".startswith(f"{prefix}/") or (fixed != path and prefix.startswith(fixed))
        for prefix in api.prefixes
    )


def _require_served(path: str, declared: Mapping[str, Api]) -> None:
    if not any(_may_serve(api, path) for api in declared.values()):
        prefixes = [prefix for api in declared.values() for prefix in api.prefixes]
        raise FaultError(
            f"pattern: no API has the path {path[:60]!a}; expected one below {', '.join(prefixes)}"
        )
