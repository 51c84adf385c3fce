"""The requests of which the answers are frozen, derived from the documents' parameters.

Everything is deterministic: which of the requests is sent to which dataset and profile is decided
by a checksum of its text.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple
from zlib import crc32

from tests.frozen.answers import Question
from tests.frozen.queries import HEADERS, Ask, Operation, queries, query_of, sample

DATASETS: Mapping[str, dict[str, Any]] = {
    "documented": {"dataset": "documented"},
    "demo": {"dataset": "demo", "seed": 42, "now": "2026-03-02T10:15:30Z", "frozen": True},
}
_SHARES = {
    ("demo", "documented"): 100,
    ("documented", "documented"): 22,
    ("demo", "live"): 12,
    ("documented", "live"): 6,
}
"""How many of a hundred derived requests are sent to a dataset and profile; of Fab-manager, all."""

_SPELLINGS = ("{0}.json", "{0}/", "//{1}", "{0}.xml", "{0}.json/", "{0}%2F", "{0}//", "{0};a=1")
_METHODS = ("HEAD", "PUT", "DELETE", "OPTIONS", "BREW", "get", "TRACE")


def _chosen(target: str, dataset: str, profile: str) -> bool:
    if "/open_api/" in target:
        return True
    text = f"{dataset} {profile} {target}"
    return crc32(text.encode()) % 100 < _SHARES[dataset, profile]


class Parents(NamedTuple):
    """What stands in the paths: texts by the name of a path parameter, of records there are."""

    texts: Mapping[str, Sequence[str]]

    def paths(self, operation: Operation) -> list[str]:
        """Return paths of an operation, the first the plainest; some of records that are not."""
        names = re.findall(r"\{([^}]+)\}", operation.path)
        options = [self._options(operation, name) for name in names]
        plain = {name: texts[0] for name, texts in zip(names, options, strict=True)}
        paths = [_filled(operation.path, plain)]
        for name, texts in zip(names, options, strict=True):
            paths += [_filled(operation.path, {**plain, name: text}) for text in texts[1:]]
        return list(dict.fromkeys(paths))

    def _options(self, operation: Operation, name: str) -> Sequence[str]:
        enumerated = operation.parameters[f"path:{name}"]["schema"].get("enum")
        if enumerated:
            return [*enumerated, "nothing"]
        key = f"{operation.path.split('/')[2]}.{name}" if name == "id" else name
        return [*self.texts.get(key, ()), "999999999", "nothing", "0", "-1", "9" * 30, "%FF"]


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{([^}]+)\}", lambda match: values[match[1]], template)


def parents(api: str, ask: Ask) -> Parents:
    """Return the records of a world that paths name, by id and by login, slug or nodeID."""
    get = HEADERS[api]

    def items(target: str) -> list[Any]:
        value: list[Any] = json.loads(ask(Question("GET", target, get)).body)
        return value

    if api == "intra42":
        works = items("/v2/projects_users?page[size]=2")
        people, projects = ([work[key] for work in works] for key in ("user", "project"))
        return Parents(
            {
                "user_id": [str(people[0]["id"]), people[0]["login"], str(people[1]["id"])],
                "project_id": [str(projects[0]["id"]), projects[0]["slug"]],
            }
        )
    if api == "xurrent":
        calendars = items("/v1/calendars?per_page=5&fields=calendar_hours,nodeID")
        holidays = items("/v1/holidays?per_page=2&fields=nodeID")
        both = [item for item in calendars if item["calendar_hours"]] or calendars
        hours = items(f"/v1/calendars/{both[0]['id']}/calendar_hours?fields=nodeID")
        linked = items(f"/v1/calendars/{both[0]['id']}/holidays?fields=nodeID") or holidays
        named = {"calendars.id": both, "holidays.id": linked, "hours_id": hours}
        named |= {"holiday_id": linked, "calendar_id": both}
        return Parents({name: _ids(records) for name, records in named.items()})
    return Parents({})


def _ids(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names in paths of the first of some records: its id, and its nodeID if any."""
    if not records:
        return ["1"]
    return [str(records[0][key]) for key in ("id", "nodeID") if key in records[0]]


def questions(
    operation: Operation, ask: Ask, dataset: str, profile: str, known: Parents
) -> Iterator[Question]:
    """Yield the requests for one operation, dataset and profile."""
    paths = known.paths(operation)
    basis = sample(operation, paths[0], ask)
    get = HEADERS[operation.api]
    yield Question("GET", paths[0] + query_of(operation, ()), get)
    if basis.etag:
        quoted = basis.etag.removeprefix("W/")
        for etag in (basis.etag, quoted, "*", f'"x", {basis.etag}', quoted.strip('"'), ""):
            yield Question("GET", paths[0], {**get, "If-None-Match": etag})
    targets = chain(
        (path + query_of(operation, ()) for path in paths[1:]),
        (paths[0] + query_of(operation, query) for query in queries(operation, basis)),
        (_spelled(spelling, paths[0]) for spelling in _SPELLINGS),
    )
    for target in dict.fromkeys(targets):
        if _chosen(target, dataset, profile):
            yield Question("GET", target, get)
    for method in _METHODS:
        if _chosen(f"{method} {paths[0]}", dataset, profile):
            yield Question(method, paths[0], get)


def _spelled(spelling: str, path: str) -> str:
    return spelling.format(path, path[1:].replace("/", "//"))
