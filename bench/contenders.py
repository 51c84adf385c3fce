"""The servers that `bench.others` measures: how each is had, started, asked and reset."""

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

_NPM = {
    "wiremock": "3.13.2",
    "json-server": "0.17.4",
    "@stoplight/prism-cli": "5.14.2",
    "@mockoon/cli": "9.9.0",
}
_MOTO = "moto[server]==5.2.5"
PAGE = "/open_api/v1/availabilities"
TOKEN = {"Authorization": "Token token=7Yq3hKc9WnB5tRf2XvM8sZdE"}
_SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request,"
    " SignedHeaders=host, Signature=a"
}


class UnavailableError(Exception):
    """A tool that cannot be had here; the text says why."""


class BenchRequest(NamedTuple):
    """One request: a `body` that is text is a form, any other JSON."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = {}


class Contender(NamedTuple):
    """One server.

    - `command`: what starts it on a port.
    - `page`: the request that is measured.
    - `write`, `reset`: a change of its state, and the way back; None: it is restarted.
    """

    name: str
    command: Callable[[int], list[str]]
    page: BenchRequest
    write: BenchRequest | None = None
    reset: BenchRequest | None = None


class ContenderSetup(NamedTuple):
    """Where tools are installed, and where the files of a run are; the page that all answer."""

    tools: Path
    folder: Path
    page: Any


def understudy(workshop: ContenderSetup, *options: str) -> Contender:
    """Serve the dataset `documented`; a calendar is made before each reset."""
    program = Path(sys.executable).with_name("fake-server")
    return Contender(
        f"Understudy{''.join(f', {option}' for option in options)}",
        lambda port: [
            str(program),
            "serve",
            "--dataset",
            "documented",
            "--port",
            str(port),
            *options,
        ],
        BenchRequest("GET", PAGE, headers=TOKEN),
        BenchRequest(
            "POST", "/v1/calendars", {"name": "Mine"}, {"Authorization": "Bearer api-token"}
        ),
        BenchRequest("POST", "/_fake/worlds/default/reset"),
    )


def wiremock(workshop: ContenderSetup, *options: str) -> Contender:
    """Serve the page and 99 other stubs; one more is added before each reset."""
    package = _npm(workshop, "wiremock")
    jar = next(package.glob("build/wiremock-standalone-*.jar"), None)
    if jar is None:
        raise UnavailableError("the npm package has no jar")
    mappings = workshop.folder / "wiremock" / "mappings"
    mappings.mkdir(parents=True, exist_ok=True)
    for number in range(100):
        path = PAGE if number == 0 else f"/calendars/{number}"
        (mappings / f"{number}.json").write_text(json.dumps(_stub(path, workshop.page)))
    command = [_program("java"), "-jar", str(jar), "--root-dir", str(mappings.parent), *options]
    return Contender(
        f"WireMock{''.join(f', {option}' for option in options)}",
        lambda port: [*command, "--port", str(port)],
        BenchRequest("GET", PAGE),
        BenchRequest("POST", "/__admin/mappings", _stub("/calendars/mine", {"id": 1})),
        BenchRequest("POST", "/__admin/reset"),
    )


def _stub(path: str, body: Any) -> dict[str, object]:
    return {"request": {"urlPath": path}, "response": {"status": 200, "jsonBody": body}}


def prism(workshop: ContenderSetup) -> Contender:
    """Serve the page as the example of an OpenAPI document; it keeps no state."""
    script = _npm(workshop, "@stoplight/prism-cli") / "dist" / "index.js"
    content = {"application/json": {"schema": {"type": "object"}, "example": workshop.page}}
    answer = {"200": {"description": "The page.", "content": content}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Page", "version": "1"},
        "paths": {PAGE: {"get": {"responses": answer}}},
    }
    file = workshop.folder / "prism.json"
    file.write_text(json.dumps(document))
    return Contender(
        "Prism",
        lambda port: [_program("node"), str(script), "mock", "--port", str(port), str(file)],
        BenchRequest("GET", PAGE),
    )


def mockoon(workshop: ContenderSetup) -> Contender:
    """Serve the page as the body of a route."""
    script = _npm(workshop, "@mockoon/cli") / "bin" / "run.js"
    response = {
        "uuid": "00000000-0000-4000-8000-000000000002",
        "body": json.dumps(workshop.page),
        "statusCode": 200,
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "bodyType": "INLINE",
        "default": True,
    }
    route = {
        "uuid": "00000000-0000-4000-8000-000000000001",
        "type": "http",
        "method": "get",
        "endpoint": PAGE.lstrip("/"),
        "responses": [response],
    }
    file = workshop.folder / "mockoon.json"
    file.write_text(json.dumps({"name": "Page", "port": 3000, "routes": [route]}))
    command = [_program("node"), str(script), "start", "--repair", "--disable-log-to-file"]
    command += ["--admin-api-token", "bench"]
    return Contender(
        "Mockoon",
        lambda port: [*command, "--data", str(file), "--port", str(port)],
        BenchRequest("GET", PAGE),
        BenchRequest("GET", PAGE),
        BenchRequest(
            "POST", "/mockoon-admin/state/purge", headers={"Authorization": "Bearer bench"}
        ),
    )


def json_server(workshop: ContenderSetup) -> Contender:
    """Serve the records of the page; going back is a restart."""
    script = _npm(workshop, "json-server") / "lib" / "cli" / "bin.js"
    file = workshop.folder / "db.json"
    file.write_text(json.dumps(workshop.page))
    return Contender(
        "json-server",
        lambda port: [_program("node"), str(script), "--quiet", "--port", str(port), str(file)],
        BenchRequest("GET", f"/{next(iter(workshop.page))}"),
    )


def moto_server(workshop: ContenderSetup) -> Contender:
    """Serve the list of queues, one of them made before each reset: it has no page of ours."""
    folder = workshop.tools / "moto"
    if not (folder / "bin" / "moto_server").exists():
        venv.create(folder, with_pip=True)
        _install(str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", _MOTO)
    return Contender(
        "moto_server",
        lambda port: [str(folder / "bin" / "moto_server"), "-p", str(port)],
        BenchRequest("POST", "/", "Action=ListQueues", _SIGNED),
        BenchRequest("POST", "/", "Action=CreateQueue&QueueName=mine", _SIGNED),
        BenchRequest("POST", "/moto-api/reset"),
    )


CONTENDERS: dict[str, Callable[[ContenderSetup], Contender]] = {
    "understudy": understudy,
    "understudy, computed": lambda workshop: understudy(workshop, "--no-cache"),
    "wiremock": wiremock,
    "wiremock, no journal": lambda workshop: wiremock(workshop, "--no-request-journal"),
    "prism": prism,
    "mockoon": mockoon,
    "json-server": json_server,
    "moto_server": moto_server,
}


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise UnavailableError(f"{name} is not on this machine")
    return path


def _npm(workshop: ContenderSetup, name: str) -> Path:
    folder = workshop.tools / "node_modules" / name
    if not folder.is_dir():
        npm = [_program("npm"), "install", "--no-audit", "--no-fund", "--prefix"]
        _install(*npm, str(workshop.tools), f"{name}@{_NPM[name]}")
    return folder


def _install(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip() or "no reason").splitlines()[-1]
        raise UnavailableError(f"cannot be installed: {reason}")
