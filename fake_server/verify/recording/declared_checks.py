"""The checks of recorded exchanges that an API's `recorded.yaml` declares.

Each item names a behaviour, the exchanges that show it (`when`), and what they must have. The keys
are in docs/verify.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import Any

import yaml

from fake_server.data_files import registry
from fake_server.errors import TargetError
from fake_server.verify.recording.checked_exchange import query_pairs
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.operation_matching import RouteMatch
from fake_server.yaml_classes import Loader


@dataclass(frozen=True, slots=True)
class ExchangeFilter:
    """The exchanges that an item is about. Empty members let all pass.

    - `operations`: globs of their ids or actions; `!` before one excludes.
    - `parameters`: expressions for parameters of path or query; "" is the value of an absent one.
    - `headers`: expressions for headers of the request.
    - `outside`: no operation of the document has the path.
    """

    statuses: tuple[int, ...]
    methods: tuple[str, ...]
    operations: tuple[str, ...]
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    outside: bool

    def matches(self, exchange: Exchange, match: RouteMatch | None) -> bool:
        """Return whether an exchange is one of them."""
        answer = exchange.answer
        request = answer.request
        if self.outside != (match is None):
            return False
        if self.statuses and answer.status not in self.statuses:
            return False
        if self.methods and request.method not in self.methods:
            return False
        if match is not None and self.operations:
            names = (match.route.id, match.route.action)
            if not _is_selected(names, self.operations):
                return False
        values = {**dict(query_pairs(request.target)), **(match.values if match else {})}
        sent = {name.lower(): value for name, value in request.headers}
        return all(
            re.fullmatch(pattern, values.get(name, "")) for name, pattern in self.parameters.items()
        ) and all(
            re.fullmatch(pattern, sent.get(name.lower(), ""), re.IGNORECASE)
            for name, pattern in self.headers.items()
        )


def _is_selected(names: tuple[str, ...], globs: tuple[str, ...]) -> bool:
    """Return whether globs select one of the names; `!` before a glob excludes."""
    excluded = [glob[1:] for glob in globs if glob.startswith("!")]
    selected = [glob for glob in globs if not glob.startswith("!")] or ["*"]
    return _any_matches(names, selected) and not _any_matches(names, excluded)


def _any_matches(names: Iterable[str], globs: Iterable[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs for name in names)


@dataclass(frozen=True, eq=False)
class DeclaredCheck:
    """An item: a behaviour, the exchanges that show it, and what must hold of them, by kind."""

    behaviour: str
    live: bool
    condition: ExchangeFilter
    kinds: Mapping[str, Any]


KINDS = frozenset(
    {
        "body",
        "bounds",
        "check",
        "digest",
        "falling",
        "headers",
        "links",
        "order",
        "page",
        "series",
        "text",
        "times",
        "token",
        "zone",
    }
)
_WHEN = {"status", "methods", "operations", "parameters", "headers", "outside"}


@cache
def declared_checks(api: str) -> tuple[DeclaredCheck, ...]:
    """Return the items of an API; raises `TargetError` for one with an unknown key."""
    path = registry.package(api).schemas / "recorded.yaml"
    if not path.is_file():
        return ()
    items = yaml.load(path.read_bytes(), Loader=Loader) or []
    return tuple(_check(path, item) for item in items)


def _check(path: Any, item: Mapping[str, Any]) -> DeclaredCheck:
    behaviour = str(item.get("behaviour", "recorded"))
    kinds = {key: value for key, value in item.items() if key in KINDS}
    when = item.get("when", {})
    unknown = [*(item.keys() - KINDS - {"behaviour", "when", "live"}), *(when.keys() - _WHEN)]
    if unknown or not kinds:
        expected = ", ".join(sorted(KINDS))
        what = f"{unknown[0]} is no key" if unknown else "nothing is to hold"
        raise TargetError(f"{path}: {behaviour}: {what}; expected {expected}")
    status = when.get("status", ())
    return DeclaredCheck(
        behaviour,
        bool(item.get("live", False)),
        ExchangeFilter(
            (status,) if isinstance(status, int) else tuple(status),
            tuple(when.get("methods", ())),
            tuple(when.get("operations", ())),
            when.get("parameters", {}),
            when.get("headers", {}),
            bool(when.get("outside", False)),
        ),
        kinds,
    )


@lru_cache(maxsize=512)
def _body_validator(schema: "_ById") -> Any:
    # The extra `verify` installs it, and only a run needs it.
    import jsonschema_rs

    return jsonschema_rs.validator_for(dict(schema.value))


class _ById:
    """A value compared by identity: the key of a cache."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.value is self.value


def body_mistakes(schema: Mapping[str, Any], body: Any) -> str:
    """Return the first three mistakes of a body, in one line; "" without any."""
    errors: Iterable[Any] = _body_validator(_ById(schema)).iter_errors(body)
    lines = [
        f"{'.'.join(map(str, error.instance_path)) or 'the body'}: {error.message}"
        for error in errors
    ]
    return "; ".join(lines[:3])
