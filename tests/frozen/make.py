"""Freezes the documents and answers of today: `python -m tests.frozen.make [documents|answers]`.

Writes `documents.json.xz` and `answers.jsonl.gz` beside this file. Run it only where the fake
means to answer differently from now on, or to ask more, and then by the code from before the
change; `tests/test_frozen.py` holds the fake to what it wrote. The same fake gives the same bytes.

The documents are those that the server gives; the requests are derived from their parameters
(`catalogue.py`), so that a run after the documents grew asks more. Frozen answers hold within one
version of the packages in `constraints.txt`.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from fake_server import create_app
from fake_server.world.profile import all_quirks
from tests.frozen import answers, besides, catalogue, documents, pointed, queries
from tests.frozen.answers import Fake, Group, Question
from tests.frozen.writes import WRITES, linked


def groups(fake: Fake, normalised: dict[str, Any]) -> Iterator[Group]:
    """Yield the answers of the fake to all requests."""
    for api in documents.APIS:
        for dataset, world in catalogue.DATASETS.items():
            for profile in documents.PROFILES:
                made = {**world, "profile": profile}
                name = f"{api} {dataset} {profile}"
                yield from _operations(fake, api, name, made, normalised[f"{api} documented"])
                yield from _writes(fake, api, name, made)
        yield from _besides(fake, api)
        yield from _quirks(fake, api)
        yield from _pointed(fake, api)


def _answered(fake: Fake, name: str, world: dict[str, Any], asked: Iterable[Question]) -> Group:
    """Return the answers that a fresh world gives."""
    questions = list(asked)
    fake.make_world(world)
    return Group(name, world, [(question, fake.ask(question)) for question in questions])


def _operations(
    fake: Fake, api: str, name: str, world: dict[str, Any], document: dict[str, Any]
) -> Iterator[Group]:
    _, dataset, profile = name.split()
    fake.make_world({**world, "profile": "live"})
    known = catalogue.parents(api, fake.ask)
    for operation in queries.operations(api, document):
        fake.make_world({**world, "profile": "documented"})
        asked = list(catalogue.questions(operation, fake.ask, dataset, profile, known))
        yield _answered(fake, f"{name} {operation.operation_id}", world, asked)


def _writes(fake: Fake, api: str, name: str, world: dict[str, Any]) -> Iterator[Group]:
    if api != "xurrent" or name == "xurrent demo live":
        return
    fake.make_world({**world, "profile": "live"})
    texts = catalogue.parents(api, fake.ask).texts
    calendar, hours, holiday = (texts[key][0] for key in ("calendars.id", "hours_id", "holiday_id"))
    yield _answered(fake, f"{name} links", world, linked(calendar, hours, holiday))
    if name == "xurrent documented documented":
        for what, questions in WRITES.items():
            yield _answered(fake, f"{name} writes {what}", world, questions)


def _besides(fake: Fake, api: str) -> Iterator[Group]:
    """Yield requests of no operation: access, paths that are not there, walks, limits, tokens."""
    path = besides.FIRST_PATHS[api]
    for dataset, profile in (("documented", "documented"), ("demo", "live")):
        world = {**catalogue.DATASETS[dataset], "profile": profile}
        name = f"{api} {dataset} {profile}"
        yield _answered(fake, f"{name} unrouted", world, besides.unrouted(api))
        yield _answered(fake, f"{name} access", world, besides.access(api, path))
    demo = catalogue.DATASETS["demo"]
    fake.make_world(demo)
    walk = list(besides.walks(api, fake.ask))
    yield _answered(fake, f"{api} demo documented walk", demo, walk)
    for auth in ("any", "off"):
        world = {**demo, "auth": auth}
        yield _answered(fake, f"{api} demo {auth} access", world, besides.access(api, path))
    limited = {**demo, "limits": True}
    question = Question("GET", path, queries.HEADERS[api])
    asked = [question, question, question, *[Question("GET", "/v1/rate_limit")] * 2]
    yield _answered(fake, f"{api} demo limited", limited, asked)
    prefixed = [question._replace(target=f"/w/frozen{path}")]
    yield _answered(fake, f"{api} demo prefixed", demo, prefixed)
    if api == "intra42":
        for profile in documents.PROFILES:
            world = {**demo, "profile": profile}
            yield _answered(fake, f"intra42 demo {profile} tokens", world, besides.tokens())


def _quirks(fake: Fake, api: str) -> Iterator[Group]:
    dataset = {"dataset": "recorded"} if api == "fabmanager" else {"dataset": "documented"}
    for quirk in sorted(all_quirks(api)):
        world = {**dataset, "quirks": [f"{api}.{quirk}"]}
        yield _answered(fake, f"{api} quirk {quirk}", world, besides.quirked(api))
    for profile in documents.PROFILES:
        world = {**dataset, "profile": profile}
        yield _answered(fake, f"{api} quirks {profile}", world, besides.quirked(api))


def _pointed(fake: Fake, api: str) -> Iterator[Group]:
    for name, world in pointed.WORLDS[api]:
        yield _answered(fake, f"{api} pointed {name}", world, pointed.pointed(api))
    if api == "fabmanager":
        for profile in documents.PROFILES:
            world = {"dataset": "recorded", "profile": profile}
            yield _answered(fake, f"{api} recorded {profile}", world, pointed.recorded(profile))
    if api == "intra42":
        fake.make_world({"dataset": "documented"})
        world, asked = pointed.graphs(fake.ask)
        yield _answered(fake, f"{api} pointed graphs", world, asked)


def main() -> None:
    """Write what was asked for, else both files."""
    parts = sys.argv[1:] or ["documents", "answers"]
    present = documents.present_documents()
    if "documents" in parts:
        documents.write(present)
        print(f"{documents.FILE.name}: {documents.FILE.stat().st_size:,} bytes")
    if "answers" in parts:
        with tempfile.TemporaryDirectory() as cache:
            os.environ["FAKE_SERVER_CACHE"] = cache
            answers.write(groups(Fake(create_app("documented")), present))
        count = sum(len(group.exchanges) for group in answers.read())
        print(f"{answers.FILE.name}: {answers.FILE.stat().st_size:,} bytes, {count} answers")


if __name__ == "__main__":
    main()
