"""Makes a dataset of recordings, and replays them to list what it does not explain."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl

from flask import Flask

from fake_server.app import create_app
from fake_server.data_files import registry
from fake_server.errors import SettingError
from fake_server.learning.exchange_sightings import ReadExchange, read
from fake_server.learning.learned_dataset import Document, fitted, tried
from fake_server.learning.learned_records import MergedRecords
from fake_server.learning.learned_settings import moment_of, settings_of
from fake_server.learning.recorded_credentials import LearnedCredentials
from fake_server.learning.replay import differences, in_one_line
from fake_server.rest.resources.resource import Resource
from fake_server.rest.resources.sightings import ListMembership, Sighting
from fake_server.verify.recording.recording_files import read_exchanges
from fake_server.verify.server.wsgi_transport import WsgiTransport
from fake_server.world.records.kinds import RecordKind

_TOTALS = ("X-Total", "X-Pagination-Total-Entries", "Total")
_NO_FILTER = re.compile(
    r"(?:sort|fields|page|per_page|search_(?:after|before)|page(?:\[|%5B)\w+(?:\]|%5D))=",
    re.IGNORECASE,
)


class Learned(NamedTuple):
    """The result of learning from recordings.

    - `document`: the dataset, as `dataset_text` writes it.
    - `exchanges`: how many exchanges there are.
    - `unexplained`: a line for each exchange that the dataset does not explain.
    - `notes`: a line for each thing that the recording leaves open or contradicts.
    - `auth`: how a fake with this dataset checks credentials: `off` if the recording has none.
    """

    document: Document
    exchanges: int
    unexplained: list[str]
    notes: list[str]
    auth: Literal["dataset", "off"]


def learn(
    files: Sequence[Path],
    apis: Iterable[str] = (),
    profile: Literal["documented", "live"] = "documented",
) -> Learned:
    """Return the dataset that recordings teach, and what it does not explain.

    `apis`: whose exchanges are read; all APIs if empty. Raises `UserError`, one line, for a file
    that is no recording, and if no exchange is of an API.
    """
    names = list(dict.fromkeys(apis)) or registry.names()
    readings = {api: _readings(api, files) for api in names}
    lessons = [_Lesson(api, of_api) for api, of_api in readings.items() if of_api]
    if not lessons:
        raise SettingError(f"{', '.join(map(str, files))}: no exchange is of {' or '.join(names)}")
    notes: list[str] = []
    document = _frame(files, [reading for lesson in lessons for reading in lesson.readings], notes)
    for lesson in lessons:
        document[lesson.api] = lesson.section()
    auth: Literal["dataset", "off"] = (
        "off" if any(lesson.credentials.are_missing for lesson in lessons) else "dataset"
    )
    if auth == "off":
        notes.append(
            "requests without credentials were answered: serve the dataset with --auth off"
        )
    own = [lesson.api for lesson in lessons]

    def begin(file: Path) -> Flask:
        return create_app(str(file), apis=own, profile=profile, auth=auth)

    with TemporaryDirectory() as folder:
        app = tried(document, Path(folder) / "learned.yaml", begin, notes)
        unexplained = [line for lesson in lessons for line in lesson.unexplained(app)]
    for lesson in lessons:
        notes += lesson.notes
    count = sum(len(lesson.readings) for lesson in lessons)
    return Learned(document, count, _lines(unexplained), _lines(notes), auth)


def _lines(texts: Iterable[str]) -> list[str]:
    """Return texts as lines that a terminal shows: a recording may hold any character."""
    return ["".join(c if c.isprintable() else "?" for c in text) for text in texts]


def _readings(api: str, files: Sequence[Path]) -> list[ReadExchange]:
    """Return the exchanges of an API, the oldest first where all have a time."""
    readings = [read(api, exchange) for file in files for exchange in read_exchanges(file, api)]
    moments = [reading.exchange.at for reading in readings if reading.exchange.at is not None]
    if len(moments) < len(readings) or any(moment.tzinfo is None for moment in moments):
        return readings
    order = sorted(range(len(readings)), key=moments.__getitem__)
    return [readings[index] for index in order]


def _frame(files: Sequence[Path], readings: Sequence[ReadExchange], notes: list[str]) -> Document:
    moments = [moment for moment in map(moment_of, readings) if moment is not None]
    if not moments:
        notes.append("no exchange has a time: the clock stands at the present")
    last = max(moments, default=datetime.now(UTC).replace(microsecond=0))
    names = ", ".join(dict.fromkeys(file.name for file in files))
    return {
        "description": f"Learned from {''.join(c for c in names if c.isprintable())}.",
        "seed": 1,
        "start": last.isoformat(),
        "now": last.isoformat(),
        "frozen": True,
    }


class _Lesson:
    """The result of learning from the exchanges of one API."""

    def __init__(self, api: str, readings: list[ReadExchange]) -> None:
        self.api = api
        self.readings = readings
        self.notes: list[str] = []
        self.credentials = LearnedCredentials(api)
        app = create_app("empty", apis=[api])
        world = app.extensions["fake_server.worlds"].default
        self._kinds: Mapping[str, RecordKind] = {kind.name: kind for kind in world.kinds(api)}
        self._resources = _resources_of(self._kinds)
        self._records = MergedRecords(api, self._kinds)

    def section(self) -> dict[str, Any]:
        """Return the section of the dataset."""
        for reading in self.readings:
            self.credentials.see(reading)
            self._see(reading)
        for reading in self.readings:
            self._relate(reading)
        self._records.complete()
        settings = settings_of(self.api, self.readings, self.notes)
        section = settings | self.credentials.section() | self._records.section()
        fitted(self.api, section, self._kinds, self.notes)
        self.notes += self._records.notes
        self.notes += self._unseen()
        return section

    def _see(self, reading: ReadExchange) -> None:
        if reading.operation is None:
            return
        for name, value in reading.exchange.answer.request.headers:
            if re.fullmatch(r"x-\w+-account", name, re.IGNORECASE) and reading.is_success:
                self._see_account(value, reading)
        resource = self._resource(reading)
        if resource is None:
            return
        if reading.operation.action == "delete" and reading.is_success:
            key = resource.key_of(reading.arguments[-1])
            if key is not None:
                self._records.forget(resource.name, key)
        for sighting in self._sightings(reading):
            self._records.see(sighting, reading.exchange.position, written=not reading.is_read)

    def _see_account(self, name: str, reading: ReadExchange) -> None:
        if "accounts" in self._kinds and name not in self._records.of_kind("accounts"):
            sighting = Sighting("accounts", {"id": name, "name": name}, {})
            self._records.see(sighting, reading.exchange.position)

    def _resource(self, reading: ReadExchange) -> Resource | None:
        name = reading.operation.resource if reading.operation else ""
        return self._resources.get(name)

    def _sightings(self, reading: ReadExchange) -> Iterator[Sighting]:
        resource = self._resource(reading)
        if resource is not None and not resource.declaration.part_of:
            for item in reading.items:
                yield from resource.sightings(item)

    def _relate(self, reading: ReadExchange) -> None:
        """Merge what the path of a nested list says, of an answer with success."""
        resource, operation = self._resource(reading), reading.operation
        if resource is None or operation is None or not reading.is_success:
            return
        if not reading.is_list:
            return
        whole = resource.declaration.part_of
        if whole:
            if not {"next", "prev"} & reading.exchange.answer.links.keys():
                self._see_parts(whole, resource, reading)
            return
        existing = self._records.of_kind(resource.name)
        numbers = [item["id"] for item in reading.items if _is_number(item["id"])]
        keys = [number for number in numbers if number in existing]
        parent = None
        if operation.parent and reading.arguments:
            text = reading.arguments[0]
            key = self._records.relate(operation.parent, text, resource, keys)
            parent = None if key is None else (operation.parent, key)
        query = dict(parse_qsl(reading.exchange.answer.request.target.partition("?")[2]))
        for number in keys:
            resource.satisfy(self._records.by_kind, ListMembership(number, parent, query))

    def _see_parts(self, whole: str, resource: Resource, reading: ReadExchange) -> None:
        owner = self._resources[whole]
        key = self._records.key_named(owner, reading.arguments[0])
        if key is not None:
            item = {"id": key, resource.name: list(reading.items)}
            for sighting in owner.sightings(item):
                self._records.see(sighting, reading.exchange.position)

    def _unseen(self) -> Iterator[str]:
        """Yield a line for each list that has more records than its pages showed."""
        seen: dict[str, set[Any]] = {}
        totals: dict[str, tuple[str, int]] = {}
        for reading in self.readings:
            if not (reading.is_list and reading.is_success and reading.method == "GET"):
                continue
            answer = reading.exchange.answer
            path, _, query = answer.request.target.partition("?")
            parts = [part for part in query.split("&") if part and not _NO_FILTER.match(part)]
            title = f"{path}?{'&'.join(parts)}" if parts else path
            ids = [item["id"] for item in reading.items if isinstance(item["id"], int | str)]
            seen.setdefault(title, set()).update(ids)
            for header in _TOTALS:
                if answer.headers.get(header, "").isdecimal():
                    totals[title] = header, int(answer.headers[header][:18])
        for title, (header, total) in totals.items():
            if total > len(seen[title]):
                mask = self.readings[0].exchange.answer.mask
                yield mask.hide(
                    f"GET {title}: {header} says {total}, the recording shows {len(seen[title])}:"
                    " the dataset lacks the others (add a count of invented records, if they may"
                    " be any)"
                )

    def unexplained(self, app: Flask) -> Iterator[str]:
        """Yield a line for each exchange that a fake with the dataset answers in another way."""
        transport = WsgiTransport(app)
        for reading in self.readings:
            if reading.operation is None:
                yield f"{reading.title}: no operation of {self.api}"
            elif reading.is_read:
                parts = differences(reading, transport, self.credentials)
                if parts:
                    yield f"{reading.title}: {in_one_line(parts, reading.exchange.answer)}"
            elif not self._is_explained(reading):
                yield f"{reading.title}: a write is not replayed, and no record shows it"

    def _is_explained(self, reading: ReadExchange) -> bool:
        """Return whether the records agree with the answer of a write."""
        operation, resource = reading.operation, self._resource(reading)
        if operation is None or not reading.is_success:
            return False
        if not operation.resource:
            return b"access_token" in reading.exchange.answer.body
        if resource is None:
            return False
        if operation.action == "delete":
            key = resource.key_of(reading.arguments[-1])
            return key not in self._records.of_kind(resource.name)
        sightings = list(self._sightings(reading))
        return bool(sightings) and all(self._records.agrees(sighting) for sighting in sightings)


def _resources_of(kinds: Mapping[str, RecordKind]) -> dict[str, Resource]:
    """Return the resources of an API, those among them that are parts of others, by name."""
    resources = [kind for kind in kinds.values() if isinstance(kind, Resource)]
    return {resource.name: resource for resource in resources[0].resources} if resources else {}


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
