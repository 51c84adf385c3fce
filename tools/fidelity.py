"""The fidelity pages: what each fake does, on what evidence, made from the ledgers.

`python -m tools.fidelity docs/fidelity` writes them; a test holds the files to the ledgers.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.applicability import operations_of
from fake_server.verify.api_files.declared_operations import declared_operations
from fake_server.verify.api_files.ledger import entry, raw_entries

Entry = Mapping[str, Any]

_MEANING = {
    "documented": "A document says so.",
    "observed": "Measured on the real service, or on its published code, by others or by us.",
    "inferred": "Neither document nor measurement says so: this is our choice.",
}


def page(api: str) -> str:
    """Return the fidelity page of an API, in Markdown."""
    shared = _shared(api)
    own = [raw for raw in raw_entries(api) if "applies_to" not in raw]
    entries = [*own, *shared]
    title = registry.package(api).title
    counts = ", ".join(f"{_count(entries, kind)} {kind}" for kind in _MEANING)
    parts = [
        f"# Fidelity: {title}",
        "",
        f"Made from `schemas/{api}/behaviours.yaml` and the shared ledger"
        f" `schemas/collections.yaml`: {len(entries)} behaviours, {counts}."
        " Nothing here was checked against a live service by this project.",
        "",
        *_sources(api),
        *_differences(entries, "live", "Where the real service differs", "the real service"),
        *_differences(entries, "alternative", "What else can be switched on", "with the quirk"),
    ]
    for kind, meaning in _MEANING.items():
        parts += [f"## {kind.capitalize()}", "", meaning, "", *_list(own, kind), ""]
    parts += _shared_list(shared)
    return "\n".join(parts).rstrip() + "\n"


def _sources(api: str) -> Iterator[str]:
    sources = registry.package(api).sources
    if sources:
        told = ", ".join(f"{name} is {meaning}" for name, meaning in sources)
        yield from (f"A source that begins with one of these names a document: {told}.", "")


def _shared(api: str) -> Sequence[Entry]:
    """Return the entries with `applies_to` that speak of an operation, these beside them."""
    operations = declared_operations(api_document(api), api_under_test(api).listing)
    shared = []
    for raw in raw_entries(api):
        spoken_of = operations_of(entry(raw), operations)
        if spoken_of:
            shared.append({**raw, "operations": [operation.id for operation in spoken_of]})
    return shared


def _shared_list(entries: Sequence[Entry]) -> Iterator[str]:
    if not entries:
        return
    yield "## Of every collection, record and graph"
    yield from ("", "Each is shown for every operation that declares what it speaks of.", "")
    yield from ("| behaviour | says | evidence | operations |", "|---|---|---|---|")
    for raw in entries:
        evidence = _cell(f"{raw['evidence']}: {raw['source']}")
        yield f"| `{raw['id']}` | {_cell(raw['says'])} | {evidence} | {len(raw['operations'])} |"
    yield ""
    exempt = [(raw["id"], each) for raw in entries for each in raw.get("except", ())]
    if exempt:
        yield from (
            "Not so:",
            "",
            "| behaviour | operations | instead | evidence |",
            "|---|---|---|---|",
        )
    for id_, each in exempt:
        names = ", ".join(f"`{name}`" for name in each["operations"])
        evidence = _cell(f"{each['evidence']}: {each['source']}")
        yield f"| `{id_}` | {names} | {_cell(each['says'])} | {evidence} |"


def _count(entries: Iterable[Entry], kind: str) -> int:
    return sum(raw["evidence"] == kind for raw in entries)


def _differences(entries: Sequence[Entry], block: str, heading: str, column: str) -> Iterator[str]:
    differing = [raw for raw in entries if block in raw]
    if not differing:
        return
    profile = (
        "The profile `live` switches all of these on; `--quirk` switches a single one."
        if block == "live"
        else "These belong to neither profile; `--quirk` switches one on."
    )
    yield from (f"## {heading}", "", profile, "")
    yield from (f"| quirk | by default | {column} | evidence |", "|---|---|---|---|")
    for raw in sorted(differing, key=lambda raw: str(raw[block]["quirk"])):
        other = raw[block]
        evidence = _cell(f"{other['evidence']}: {other['source']}")
        yield (
            f"| `{other['quirk']}` | {_cell(raw['says'])} | {_cell(other['says'])} | {evidence} |"
        )
    yield ""


def _list(entries: Iterable[Entry], kind: str) -> Iterator[str]:
    yield from ("| behaviour | says | source |", "|---|---|---|")
    for raw in entries:
        if raw["evidence"] == kind:
            yield f"| `{raw['id']}` | {_cell(raw['says'])} | {_cell(raw['source'])} |"


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    """Write the page of every API into the folder that the command line names."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for api in registry.names():
        (folder / f"{api}.md").write_text(page(api), encoding="utf-8")


if __name__ == "__main__":
    main()
