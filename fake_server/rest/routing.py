"""Which API and which of its routes a request is for: matched once, by the routes of all APIs.

The templates are those of Flask's rules. Flask is handed the match: werkzeug would only find the
same again, in more time.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from math import inf
from typing import Any, NamedTuple

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Rule

from fake_server.errors import DeclarationError
from fake_server.rest.api_definition import Api
from fake_server.rest.urls import canonical, tidy

ROUTED = "fake_server.routed"
"""The key, in the environ, of what a request to an API was routed to; absent for other requests."""

_PARAMETER = re.compile(r"<(?:(?P<kind>[^<>:]+):)?(?P<name>[^<>:]+)>")
_KINDS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "string": ("[^/]+", str),
    "int": ("[0-9]+", int),
    "path": (".+", str),
}
_MOST_KEPT = 1024
_LONGEST_KEPT = 128
_OWN = ("/_fake", "/w")
"""Where no API can be: the control plane, and the worlds."""


class Routed(NamedTuple):
    """The route of a request.

    - `api`: empty for a request to the fake's own pages, which are none of this module's.
    - `path`: the request's, spelled as the routes of its API are.
    - `rule`, `arguments`: the route; without one, `allowed` are the methods that the path has.
    """

    api: str
    path: str
    rule: Rule | None = None
    arguments: Mapping[str, Any] = {}
    allowed: frozenset[str] = frozenset()

    def match(self, return_rule: bool = True) -> tuple[Rule, Mapping[str, Any]]:
        """Return rule and arguments, as Flask asks an adapter of werkzeug's for them.

        Raises `NotFound` or `MethodNotAllowed` where no route takes the request.
        """
        if self.rule is not None:
            return self.rule, self.arguments
        if self.allowed:
            raise MethodNotAllowed(sorted(self.allowed))
        raise NotFound


class _ApiRule(NamedTuple):
    """A rule of an API. `defaults`: the arguments that its template does not have."""

    api: str
    methods: frozenset[str]
    rule: Rule
    defaults: Mapping[str, Any]


_End = tuple[list[_ApiRule], dict[str, Any]]
"""The routes that a path leads to, with their arguments."""


class _Pattern(NamedTuple):
    """A part of a template that has parameters, and what makes values of their texts.

    `text`: how many letters it has beside them.
    """

    text: int
    expression: re.Pattern[str]
    readers: tuple[tuple[str, Callable[[str], Any]], ...]

    def read(self, text: str) -> dict[str, Any] | None:
        """Return the arguments that a text holds; None if it does not fit."""
        match = self.expression.fullmatch(text)
        if match is None:
            return None
        return {name: read(match[name]) for name, read in self.readers}


class _TemplateNode:
    """What may follow the beginning of a template, and the routes whose template ends there."""

    def __init__(self) -> None:
        self.fixed: dict[str, _TemplateNode] = {}
        self.patterns: dict[_Pattern, _TemplateNode] = {}
        self._alike: list[list[tuple[_Pattern, _TemplateNode]]] = []
        self.rests: dict[_Pattern, list[_ApiRule]] = {}
        self.routes: list[_ApiRule] = []

    def order(self) -> None:
        """Sort branches with more fixed text first, here and below."""
        ordered = sorted(self.patterns.items(), key=lambda item: -item[0].text)
        self._alike = [list(group) for _, group in groupby(ordered, lambda item: item[0].text)]
        for node in (*self.fixed.values(), *self.patterns.values()):
            node.order()

    def ends(self, segments: list[str]) -> Iterator[_End]:
        """Yield the routes that the rest of a path leads to, with their arguments.

        The routes come first whose templates have more text in their earlier segments.
        """
        if not segments:
            yield self.routes, {}
            return
        segment, *others = segments
        if segment in self.fixed:
            yield from self.fixed[segment].ends(others)
        for group in self._alike:
            ends = self._ends_of(group, segment, others)
            yield from ends if len(group) == 1 else sorted(ends, key=_text_of_end, reverse=True)
        for pattern, routes in self.rests.items():
            own = pattern.read("/".join(segments))
            if own is not None:
                yield routes, own

    @staticmethod
    def _ends_of(
        group: list[tuple[_Pattern, "_TemplateNode"]], segment: str, others: list[str]
    ) -> Iterator[_End]:
        for pattern, node in group:
            own = pattern.read(segment)
            if own is not None:
                for routes, more in node.ends(others):
                    yield routes, {**own, **more}


def _text_of_end(end: _End) -> tuple[float, ...]:
    """Return how much text of its own each segment of the end's template has."""
    routes, _ = end
    segments = routes[0].rule.rule.split("/") if routes else ()
    return tuple(
        len(_PARAMETER.sub("", segment)) if "<" in segment else inf for segment in segments
    )


class RoutingTable:
    """The routes of all APIs of an application.

    `rules` are Flask's, of which those are an API's whose endpoint begins with its name;
    `real_hosts`: which API lives at which real host. Raises `UserError` where two APIs cannot be
    told apart.
    """

    def __init__(
        self, declared: Mapping[str, Api], rules: Iterable[Rule], real_hosts: Mapping[str, str]
    ) -> None:
        self._declared = declared
        self._hosted = frozenset(real_hosts.values())
        self._loose = {
            api.name for api in declared.values() if api.dialect.conventions.accepts_spellings
        }
        self._exact = declared.keys() - self._loose
        self._all = set(declared)
        self._prefixes = _prefixes(declared)
        self._fixed: dict[str, list[_ApiRule]] = {}
        self._root = _TemplateNode()
        owners: dict[tuple[str, str], str] = {}
        for rule in rules:
            for api in declared.values():
                if rule.endpoint.startswith(f"{api.name}."):
                    self._add(api, rule, owners)
        self._root.order()
        self._kept = lru_cache(_MOST_KEPT)(self._find)

    def _add(self, api: Api, rule: Rule, owners: dict[tuple[str, str], str]) -> None:
        methods = frozenset(rule.methods or ())
        shape = _PARAMETER.sub("{}", rule.rule)
        for method in sorted(methods):
            other = owners.setdefault((method, shape), api.name)
            if other != api.name:
                self._require_told_apart(method, rule.rule, other, api.name)
        routes = self._node_of(api, rule.rule) if "<" in rule.rule else self._fixed_of(rule.rule)
        routes.append(_ApiRule(api.name, methods, rule, dict(rule.defaults or {})))
        routes.sort(key=lambda route: not _is_default(self._declared[route.api], rule.rule))

    def _fixed_of(self, template: str) -> list[_ApiRule]:
        return self._fixed.setdefault(template, [])

    def _node_of(self, api: Api, template: str) -> list[_ApiRule]:
        node = self._root
        segments = template.split("/")[1:]
        for position, segment in enumerate(segments):
            if "<" not in segment:
                node = node.fixed.setdefault(segment, _TemplateNode())
                continue
            if "<path:" in segment:
                rest = _pattern(api, "/".join(segments[position:]))
                return node.rests.setdefault(rest, [])
            node = node.patterns.setdefault(_pattern(api, segment), _TemplateNode())
        return node.routes

    def _require_told_apart(self, method: str, template: str, api: str, other: str) -> None:
        """Raise `UserError` unless one of two APIs is the default and the other has a host."""
        ranks = {name: _is_default(self._declared[name], template) for name in (api, other)}
        hidden = next((name for name, first in ranks.items() if not first), None)
        if sum(ranks.values()) != 1 or hidden not in self._hosted:
            raise DeclarationError(
                f"{method} {template}: {api} and {other} both have it, and no host tells them"
                " apart: serve one of them (--api)"
            )

    def find(self, method: str, path: str, host_api: str | None = None) -> Routed:
        """Return the route of a request; `host_api`: the one API that its host has.

        `path` is bytes spelled as Latin-1, as WSGI has it, without the prefix of a world. The
        routes of the short paths asked last are kept.
        """
        find = self._find if len(path) > _LONGEST_KEPT else self._kept
        return find(method, path, host_api)

    def _find(self, method: str, path: str, host_api: str | None) -> Routed:
        spelled = canonical(path)
        blocked = None
        for spelling, apis in self._spellings(path, spelled):
            routed = self._first_route(
                method, spelling, apis if host_api is None else apis & {host_api}
            )
            if routed is not None and routed.rule is not None:
                return routed
            blocked = blocked or routed
        if blocked is not None:
            return blocked
        owner = self._owner(path, spelled) if host_api is None else host_api
        if not owner:
            return Routed("", tidy(path))
        return Routed(owner, spelled if owner in self._loose else path)

    def _spellings(self, path: str, spelled: str) -> Iterator[tuple[str, set[str]]]:
        """Yield how the path is spelled to each API: as it is, or as its dialect has it."""
        if spelled == path:
            yield path, self._all
            return
        yield path, self._exact
        yield spelled, self._loose

    def _first_route(self, method: str, path: str, apis: Container[str]) -> Routed | None:
        """Return the first route that takes a request; if none does, which methods the path has."""
        text = path.encode("latin-1", "replace").decode("utf-8", "replace")
        other: _ApiRule | None = None
        allowed: frozenset[str] = frozenset()
        for routes, arguments in self._ends(text):
            for route in routes:
                if route.api not in apis:
                    continue
                if method in route.methods:
                    return Routed(route.api, path, route.rule, {**arguments, **route.defaults})
                other = other or route
                allowed |= route.methods if route.api == other.api else frozenset()
        return None if other is None else Routed(other.api, path, allowed=allowed)

    def _ends(self, path: str) -> Iterator[tuple[list[_ApiRule], dict[str, Any]]]:
        if path in self._fixed:
            yield self._fixed[path], {}
        yield from self._root.ends(path.split("/")[1:])

    def _owner(self, path: str, spelled: str) -> str:
        """Return whose a path is that no route has, by the longest prefix; empty if nobody's."""
        for prefix, name in self._prefixes:
            own = spelled if name in self._loose else path
            if own == prefix or own.startswith(f"{prefix}/"):
                return name
        return ""


def _prefixes(declared: Mapping[str, Api]) -> list[tuple[str, str]]:
    """Return all prefixes, the longest first, each with the one API that has what is left there.

    Raises `UserError` for a prefix that nobody, or more than one API, is the default for.
    """
    pairs = sorted((prefix, api.name) for api in declared.values() for prefix in api.prefixes)
    owners = []
    for prefix, group in groupby(pairs, key=lambda pair: pair[0]):
        names = [name for _, name in group]
        if any(f"{prefix}/".startswith(f"{own}/") for own in _OWN):
            raise DeclarationError(f"{names[0]}: {prefix}: the fake's own pages are there")
        first = [name for name in names if prefix in declared[name].default_for] or names
        if len(first) > 1:
            raise DeclarationError(
                f"{prefix}: {' and '.join(first)} both live there: the api.yaml of one must say"
                f" default_for: [{prefix}], or serve one of them (--api)"
            )
        owners.append((prefix, first[0]))
    return sorted(owners, key=lambda pair: -len(pair[0]))


def _is_default(api: Api, path: str) -> bool:
    return any(f"{path}/".startswith(f"{prefix}/") for prefix in api.default_for)


def _pattern(api: Api, template: str) -> _Pattern:
    """Return the reader of a part of a template; raises `UserError` for a kind of parameter."""
    readers: list[tuple[str, Callable[[str], Any]]] = []
    expression, end = "", 0
    for match in _PARAMETER.finditer(template):
        kind = match["kind"] or "string"
        if kind not in _KINDS:
            raise DeclarationError(
                f"{api.name}: the route {template}: {kind} is no kind of parameter;"
                f" expected one of {', '.join(_KINDS)}"
            )
        value, read = _KINDS[kind]
        readers.append((match["name"], read))
        expression += f"{re.escape(template[end : match.start()])}(?P<{match['name']}>{value})"
        end = match.end()
    expression += re.escape(template[end:])
    text = len(_PARAMETER.sub("", template))
    return _Pattern(text, re.compile(expression, re.DOTALL), tuple(readers))
