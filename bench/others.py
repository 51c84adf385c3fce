"""Run as `python -m bench.others [--tools DIR]`: going back to the start, here and elsewhere.

Measured in one run, over one kept connection each: a reset of this server's world, of WireMock
and of moto_server, each after something was written to it, and json-server's restart, which is how
one goes back with it. What cannot be had from its registry is skipped, with the reason.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.http import Connection, wait_for
from bench.measure import free_port, median_ms, served

RUNS = 100
RESTARTS = 7
_NPM = {"wiremock": "wiremock@3.13.2", "json-server": "json-server@0.17.4"}
_MOTO = "moto[server]==5.2.5"
_SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request,"
    " SignedHeaders=host, Signature=a"
}

Measured = tuple[float, str]


class UnavailableError(Exception):
    """A tool that cannot be had here; the text says why."""


def main() -> None:
    """Measure what there is, and print a line for each."""
    options = argparse.ArgumentParser(prog="python -m bench.others")
    options.add_argument("--tools", type=Path, help="where to install the tools, and leave them")
    chosen = options.parse_args().tools
    with tempfile.TemporaryDirectory(prefix="understudy-others-") as folder:
        tools = (chosen or Path(folder)).absolute()
        tools.mkdir(parents=True, exist_ok=True)
        for name, measure in MEASURES.items():
            try:
                milliseconds, how = measure(tools, Path(folder))
            except (UnavailableError, RuntimeError) as error:
                print(f"{name:12} skipped: {error}", flush=True)
            else:
                print(f"{name:12} {milliseconds:9.2f} ms  {how}", flush=True)


def understudy(tools: Path, folder: Path) -> Measured:
    """Measure `POST /_fake/worlds/default/reset` after a calendar was made."""
    with served("--dataset", "demo", cache=folder / "cache") as server:
        connection = Connection(server.port)
        token = {"Authorization": "Bearer api-token"}

        def write() -> None:
            connection.ask("POST", "/v1/calendars", {"name": "Mine"}, token)

        def reset() -> None:
            connection.ask("POST", "/_fake/worlds/default/reset")

        return median_ms(reset, RUNS, before=write), "POST /_fake/worlds/default/reset"


def wiremock(tools: Path, folder: Path) -> Measured:
    """Measure `POST /__admin/reset` after a stub was added to a hundred."""
    package = _npm(tools, "wiremock")
    jar = next(package.glob("build/wiremock-standalone-*.jar"), None)
    if jar is None:
        raise UnavailableError("the npm package has no jar")
    root = folder / "wiremock" / "mappings"
    root.mkdir(parents=True)
    for number in range(100):
        (root / f"{number}.json").write_text(json.dumps(_stub(f"/calendars/{number}")))
    command = [_program("java"), "-jar", str(jar), "--root-dir", str(root.parent)]
    port = free_port()
    with _running([*command, "--port", str(port)], folder, port, "/__admin/health"):
        connection = Connection(port)

        def write() -> None:
            connection.ask("POST", "/__admin/mappings", _stub("/calendars/mine"))

        def reset() -> None:
            connection.ask("POST", "/__admin/reset")

        return median_ms(reset, RUNS, before=write), "POST /__admin/reset, 100 stubs"


def _stub(path: str) -> dict[str, object]:
    return {"request": {"urlPath": path}, "response": {"status": 200, "jsonBody": {"id": 1}}}


def moto_server(tools: Path, folder: Path) -> Measured:
    """Measure `POST /moto-api/reset` after a queue was made."""
    place = tools / "moto"
    if not (place / "bin" / "moto_server").exists():
        venv.create(place, with_pip=True)
        _install(str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", _MOTO)
    port = free_port()
    command = [str(place / "bin" / "moto_server"), "-p", str(port)]
    with _running(command, folder, port, "/moto-api/data.json"):
        connection = Connection(port)

        def write() -> None:
            connection.ask("POST", "/", "Action=CreateQueue&QueueName=mine", _SIGNED)

        def reset() -> None:
            connection.ask("POST", "/moto-api/reset")

        return median_ms(reset, RUNS, before=write), "POST /moto-api/reset, one queue"


def json_server(tools: Path, folder: Path) -> Measured:
    """Measure from the start of the process to its first answer: a reset is a restart."""
    script = _npm(tools, "json-server") / "lib" / "cli" / "bin.js"
    records = folder / "db.json"
    records.write_text(json.dumps({"calendars": [{"id": n, "name": "x"} for n in range(100)]}))
    times = []
    for _ in range(RESTARTS):
        port = free_port()
        command = [_program("node"), str(script), "--quiet", "--port", str(port), str(records)]
        began = time.perf_counter()
        with _running(command, folder, port, "/calendars/1"):
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000, "restarted, 100 records"


MEASURES: dict[str, Callable[[Path, Path], Measured]] = {
    "understudy": understudy,
    "WireMock": wiremock,
    "moto_server": moto_server,
    "json-server": json_server,
}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise UnavailableError(f"{name} is not on this machine")
    return found


def _npm(tools: Path, name: str) -> Path:
    place = tools / "node_modules" / name
    if not place.is_dir():
        _install(
            _program("npm"),
            "install",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(tools),
            _NPM[name],
        )
    return place


def _install(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip() or "no reason").splitlines()[-1]
        raise UnavailableError(f"cannot be installed: {reason}")


@contextmanager
def _running(command: list[str], folder: Path, port: int, path: str) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, path)
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
