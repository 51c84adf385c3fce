"""Requests and answers, as they are kept and as the application gives them.

`answers.jsonl.gz` has one JSON object a line: a world to be made, or a request to it with its
answer. The requests of one world come in the order in which they were sent. A body stands where
its digest comes first.
"""

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

FILE = Path(__file__).parent / "answers.jsonl.gz"

_RECORDED = Path(__file__).parents[1] / "fabmanager" / "recorded" / "lab.yaml"
_NEVER_ALIKE = frozenset({"x-request-id", "x-runtime"})
_WORLD = "frozen"


class Question(NamedTuple):
    """A request: `target` is path and query as they are sent."""

    method: str
    target: str
    headers: dict[str, str] = {}  # noqa: RUF012  # never changed
    body: str | None = None


class Answer(NamedTuple):
    """What came of a request; the headers in alphabetical order."""

    status: int
    headers: list[list[str]]
    body: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the body."""
        return sha256(self.body.encode()).hexdigest()


class Group(NamedTuple):
    """Requests to one world; `name` tells API, dataset, profile and what is asked."""

    name: str
    world: dict[str, Any]
    exchanges: list[tuple[Question, Answer]]


class Fake:
    """The application, with at most one world beside `default`."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def make_world(self, attributes: dict[str, Any]) -> None:
        """Make the world that is asked from now on; the one before is gone."""
        self.ask(Question("DELETE", f"/_fake/worlds/{_WORLD}"))
        settings = dict(attributes)
        if settings.get("dataset") == "recorded":
            del settings["dataset"]
            settings["dataset_yaml"] = _RECORDED.read_text()
        question = Question(
            "POST",
            "/_fake/worlds",
            {"Content-Type": "application/json"},
            json.dumps({"name": _WORLD, **settings}),
        )
        answer = self.ask(question)
        assert answer.status == 201, answer.body

    def ask(self, question: Question) -> Answer:
        """Send a request to the world."""
        path, _, query = question.target.partition("?")
        headers = dict(question.headers)
        if not path.startswith(("/_fake/", "/w/")):
            headers["X-Fake-World"] = _WORLD
        builder = EnvironBuilder(
            environ_base={"REMOTE_ADDR": "127.0.0.1"},
            method=question.method,
            headers=list(headers.items()),
            input_stream=io.BytesIO((question.body or "").encode()),
            content_length=len((question.body or "").encode()),
        )
        environ = builder.get_environ()
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        environ["QUERY_STRING"] = query
        environ["REQUEST_URI"] = environ["RAW_URI"] = question.target
        chunks, status, headers_given = run_wsgi_app(self._app, environ, buffered=True)
        body = b"".join(chunks)
        kept = [[name, value] for name, value in headers_given if name.lower() not in _NEVER_ALIKE]
        if "X-Request-Id" in question.headers:
            kept += [["X-Request-Id", value] for value in headers_given.getlist("X-Request-Id")]
        if headers_given.get("Content-Encoding") == "gzip":
            # How short a text becomes depends on the machine's zlib.
            body = gzip.decompress(body)
            kept = [pair for pair in kept if pair[0].lower() != "content-length"]
        return Answer(
            int(status.split()[0]), sorted(kept), body.decode("utf-8", "backslashreplace")
        )


def write(groups: Iterable[Group]) -> None:
    """Write groups as the frozen answers; the same groups give the same bytes."""
    lines = []
    known: set[str] = set()
    for group in groups:
        lines.append({"group": group.name, "world": group.world})
        for question, answer in group.exchanges:
            line: dict[str, Any] = {
                "method": question.method,
                "target": question.target,
                "status": answer.status,
                "answer_headers": answer.headers,
                "digest": answer.digest,
            }
            if question.headers:
                line["headers"] = question.headers
            if question.body is not None:
                line["body"] = question.body
            if answer.digest not in known:
                line["answer"] = answer.body
                known.add(answer.digest)
            lines.append(line)
    text = "".join(
        json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
        for line in lines
    )
    FILE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def read() -> Iterator[Group]:
    """Yield the frozen answers."""
    bodies: dict[str, str] = {}
    group: Group | None = None
    for text in gzip.decompress(FILE.read_bytes()).decode().splitlines():
        line = json.loads(text)
        if "group" in line:
            if group is not None:
                yield group
            group = Group(line["group"], line["world"], [])
            continue
        assert group is not None, "the first line makes a world"
        if "answer" in line:
            bodies[line["digest"]] = line["answer"]
        question = Question(
            line["method"], line["target"], line.get("headers", {}), line.get("body")
        )
        answer = Answer(line["status"], line["answer_headers"], bodies[line["digest"]])
        group.exchanges.append((question, answer))
    if group is not None:
        yield group
