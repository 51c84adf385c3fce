"""The queries that an operation is asked with, derived from the parameters it declares."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote
from zlib import crc32

from tests.frozen.answers import Answer, Question

Ask = Callable[[Question], Answer]

AGENT = {"User-Agent": "frozen/1"}
HEADERS: Mapping[str, dict[str, str]] = {
    "intra42": {**AGENT, "Authorization": "Bearer YOUR_ACCESS_TOKEN"},
    "fabmanager": {
        **AGENT,
        "Accept": "application/json",
        "Authorization": "Token token=7Yq3hKc9WnB5tRf2XvM8sZdE",
    },
    "xurrent": {**AGENT, "Authorization": "Bearer api-token", "X-4me-Account": "wdc"},
}
_SIZE = {"intra42": "page[size]=2", "fabmanager": "per_page=2", "xurrent": "per_page=2"}
_PAGES = {
    "intra42": (
        "page=2&per_page=3 page[number]=2&page[size]=3 page[number]=2 page[size]=4 per_page=4"
        " page=3"
        " page[number]=0&page[size]=1 page[number]=-1&page[size]=1 page[number]=x&page[size]=1"
        " page[size]=0&per_page=2 page[size]=-3 page[size]=1e1 page[size]=101 page[size]=1_0"
        " page[number]=99999&page[size]=2 page=&per_page= page[]=2&per_page=2 page[size]=2&page=2"
        " page[more]=1&per_page=2 page[number]=2&per_page=2 per_page=x"
    ),
    "fabmanager": (
        "page=2&per_page=3 page=2 per_page=1 per_page=0 per_page=-1 per_page=x page=x page=0"
        " page=-2&per_page=2 page=9999&per_page=2 page=&per_page= page[]=1 per_page[]=2 page[a]=1"
        " page=1.5 per_page=1e2 page=1&page=2&per_page=2 per_page=101 page=9999999999999999999"
    ),
    "xurrent": (
        "page=2&per_page=3 page=2 per_page=1 per_page=0 per_page=-1 per_page=x per_page=101 page=x"
        " page=0 page=-1 page=9999 page=&per_page= per_page[]=2 page=1.5 search_after=1&per_page=2"
        " search_after=x search_before=2&per_page=1 search_after=eyJ9"
        " page=2&search_after=&per_page=2"
    ),
}
_REQUIRED = {"start": "2016-03-14T03:09:47%2B01:00", "end": "2026-02-01"}
_INSTANTS = ("2017-11-22", "2026-02-01T00:00:00Z", "2026-01-15T12:00:00.500+02:00")
_ODD = (
    "filter[nothing]=1 filter=1 filter[]=1 filter[id][a]=1 range[nothing]=1,2 range=1 range[]=1"
    " sort=nothing sort= sort=- sort[]=id sort=id,nothing filter[id]=1&filter[id]=2 nothing=1"
    " filter[id]=%FF filter[id]=%00 filter[id]=1;page=2 filter= range[id][]=1 %zz=1"
    " fields=nothing fields= fields=id,name fields[]=id unknown=1 name>=a id=>x id!=1 ids=1"
)


class Operation(NamedTuple):
    """A GET of a document, with its parameters by `query:sort` and its responses."""

    api: str
    operation_id: str
    path: str
    parameters: Mapping[str, Any]
    responses: Mapping[str, Any]

    @property
    def lists(self) -> bool:
        """Whether it answers pages."""
        return any(name in self.parameters for name in ("query:page", "query:per_page"))


class Sample(NamedTuple):
    """What an answer of an operation to a plain request holds."""

    items: Sequence[Mapping[str, Any]]
    etag: str | None

    def values(self, field: str) -> list[str]:
        """Return two different values of a field, as text; fewer if there are not."""
        texts: dict[str, None] = {}
        for item in self.items:
            value = item.get(field)
            if value is None and field.endswith("_id"):
                parent = item.get(field.removesuffix("_id"))
                value = parent.get("id") if isinstance(parent, dict) else None
            if isinstance(value, bool):
                value = str(value).lower()
            if isinstance(value, str | int) and str(value):
                texts.setdefault(str(value))
        return list(texts)[:2]


def operations(api: str, document: Mapping[str, Any]) -> list[Operation]:
    """Return the GET operations of a normalised document."""
    return [
        Operation(
            api, operation["operationId"], name[4:], operation["parameters"], operation["responses"]
        )
        for name, operation in document["operations"].items()
        if name.startswith("GET ")
    ]


def sample(operation: Operation, path: str, ask: Ask) -> Sample:
    """Return the answers of a world to an operation."""
    answer = ask(Question("GET", path, HEADERS[operation.api]))
    etag = next((value for name, value in answer.headers if name == "ETag"), None)
    if answer.status != 200:
        return Sample([], etag)
    value = json.loads(answer.body)
    if operation.api == "fabmanager":
        value = value["availabilities"]
    return Sample(value if isinstance(value, list) else [value], etag)


def query_of(operation: Operation, parts: Iterable[str]) -> str:
    """Return a query that keeps the page small, as the parts do not speak of pages."""
    query = list(parts)
    if operation.lists and not any("page" in part or "search" in part for part in query):
        query.append(_SIZE[operation.api])
    names = {part.partition("=")[0] for part in query}
    query += [
        f"{name}={text}"
        for name, text in _REQUIRED.items()
        if f"query:{name}" in operation.parameters and name not in names
    ]
    return f"?{'&'.join(query)}" if query else ""


def queries(operation: Operation, basis: Sample) -> Iterator[list[str]]:
    nested = operation.lists and "{" in operation.path
    nested |= operation.api == "intra42" and "/graph" in operation.path
    for key, parameter in operation.parameters.items():
        where, _, name = key.partition(":")
        if where != "query" or name in {"page", "per_page", "search_after", "search_before"}:
            continue
        for value in _values(operation, name, parameter, basis):
            if not nested or crc32(value.encode()) % 4 == 0:
                yield [value]
    if operation.lists:
        yield from ([page] for page in _PAGES[operation.api].split())
    share = 1 if operation.operation_id.startswith("list_") and not nested else 5
    for odd in _ODD.split():
        if crc32(f"{operation.path} {odd}".encode()) % share == 0:
            yield [odd]
    yield from _combined(operation, basis)


def _combined(operation: Operation, basis: Sample) -> Iterator[list[str]]:
    """Yield queries of several parameters."""
    texts = {
        key: list(_values(operation, key.partition(":")[2], parameter, basis))
        for key, parameter in operation.parameters.items()
        if key in {"query:filter", "query:range", "query:sort", "query:fields", "query:name"}
    }
    for values in texts.values():
        # The first of each pair is of another field than the second, where there are two.
        yield from (
            [first, second] for first, second in zip(values[::9], values[5::9], strict=False)
        )
    for number in range(4):
        parts = [
            values[crc32(f"{operation.path} {key} {number}".encode()) % len(values)]
            for key, values in texts.items()
            if values
        ]
        if len(parts) > 1:
            yield parts


def _values(
    operation: Operation, name: str, parameter: Mapping[str, Any], basis: Sample
) -> Iterator[str]:
    """Yield the parts of queries that give a parameter."""
    schema = parameter["schema"]
    if schema.get("type") == "object":
        for field, declared in schema["properties"].items():
            yield from (
                f"{name}[{field}]={quote(text, safe=',:')}"
                for text in _fields_values(name, field, declared, basis)
            )
    elif schema.get("type") == "array":
        options = [str(option) for option in schema["items"]["enum"]]
        yield from (f"{name}={option}" for option in options)
        yield f"{name}={options[0]},{options[-1]}"
        yield f"{name}={options[-1]},{options[0]},{options[-1]}"
    elif "x-filter" in parameter:
        yield from (
            f"{name}={quote(text, safe='<>=!,:')}" for text in _compared(name, parameter, basis)
        )
        yield f"{name}!={quote(next(iter(basis.values(name)), 'x'))}"
    else:
        for text in dict.fromkeys(_scalars(operation, name, parameter, basis)):
            yield f"{name}={quote(text, safe=',:[]')}"


def _scalars(
    operation: Operation, name: str, parameter: Mapping[str, Any], basis: Sample
) -> Iterator[str]:
    schema = parameter["schema"]
    options = [str(option) for option in schema.get("enum", ())]
    yield from options if len(options) < 12 else options[:: len(options) // 6]
    if "example" in parameter:
        yield str(parameter["example"])
    for example in parameter.get("examples", {}).values():
        yield str(example["value"])
    yield from basis.values(name)
    if name.endswith("_id"):
        yield from basis.values("user_id" if name == "user_id" else name)
        yield from ("1", "nothing", "1,2", "[1,2]", "[]", "[1, 2 ]", "x")
    if "pattern" in schema:
        yield from _INSTANTS
        yield from ("2026-02-30", "20260115T120000Z", "2026-01-15 12:00:00 +0200", "yesterday")
    yield from ("", "nothing", "99999999999999999999", "\0")


def _fields_values(
    name: str, field: str, declared: Mapping[str, Any], basis: Sample
) -> Iterator[str]:
    options = declared.get("enum")
    if options:
        yield from options if len(options) < 4 else options[:: len(options) // 3]
        yield from (",".join(options[:2]), "nothing", "")
        return
    described = declared.get("description", "") + str(declared.get("examples", ""))
    dates = "nstant" in described or "20[0-9]" in declared.get("pattern", "")
    values = basis.values(field) or ["1"]
    least, greatest = values[0], values[-1]
    if name == "range":
        yield from (f"{least},{greatest}", f"{greatest},{least}", f"{least},", f",{greatest}")
        yield from (least, "a,b")
        if dates:
            yield f"{_INSTANTS[0]},{_INSTANTS[1]}"
        return
    yield from (least, f"{least},{greatest}", "nothing", "")
    if dates:
        yield from (_INSTANTS[0], _INSTANTS[2])


def _compared(name: str, parameter: Mapping[str, Any], basis: Sample) -> Iterator[str]:
    values = basis.values(name) or [str(parameter.get("example", "x")).lstrip("<>=")]
    least, greatest = values[0], values[-1]
    yield from (least, f"!{least}", f"{least},{greatest}", f"!{least},{greatest}", "", "!", "!!a")
    yield from (f">{least}", f"<{greatest}", f">={least}", f"<={greatest}", f"!>{least}")
    yield from (f">{least}<{greatest}", f">={least}<={greatest}", f"{least.upper()}", "nothing")
    if parameter["x-filter"] in {"instant", "local"}:
        yield from (">2016-03-14", "<=2026-02-01T00:00:00%2B01:00", "2016-03-14T03:09:47-06:00")
    if parameter["x-filter"] == "boolean":
        yield from ("true", "false", "!true", "yes", "0")
