"""Run as `python -m bench.others [--tools DIR] [--rounds N]`: this server beside others.

Each round starts the servers one after the other, and measures each alone, so that whatever else
the machine does concerns all. Printed are the medians of the rounds, as a table in Markdown. What
cannot be had from its registry is left out, with the reason.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from bench.contenders import (
    CONTENDERS,
    PAGE,
    TOKEN,
    BenchRequest,
    Contender,
    ContenderSetup,
    UnavailableError,
)
from bench.http import JsonConnection
from bench.load import KeptConnection, milliseconds, requests_per_second
from bench.measure import free_port, median_ms, served

_REQUESTS = 1000
_CONNECTIONS = 16
_WARM_UP_SECONDS = 5.0
_SECONDS = 3.0
_RESETS = 50
_HEADER = (
    "| server | answers after (ms) | first page after (ms) | CPU until then (ms) | p50 (ms)"
    " | p99 (ms) | requests/s at 16 | CPU a request (ms) | memory (MB) | reset (ms) |"
)


class Measured(NamedTuple):
    """What one round shows of a server: milliseconds, requests a second, MB.

    - `up`, `page`: from the start of the process to its first answer, and to its first page.
    - `start_cpu`: the time of the processor that it has used by then.
    - `cpu`: that of a request, on several connections.
    - `reset`: None where going back is a restart.
    """

    up: float
    page: float
    start_cpu: float
    p50: float
    p99: float
    rate: float
    cpu: float
    memory: float
    reset: float | None


def main() -> None:
    """Measure what there is, and print the table."""
    options = argparse.ArgumentParser(prog="python -m bench.others")
    options.add_argument("--tools", type=Path, help="where to install the tools, and leave them")
    options.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    options.add_argument("--only", nargs="*", choices=CONTENDERS, default=list(CONTENDERS))
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="understudy-others-") as folder:
        tools = (chosen.tools or Path(folder)).absolute()
        tools.mkdir(parents=True, exist_ok=True)
        os.environ["FAKE_SERVER_CACHE"] = f"{folder}/cache"
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        workshop = ContenderSetup(tools, Path(folder), _page(Path(folder) / "cache"))
        rounds = _rounds(_available(workshop, chosen.only), chosen.rounds, Path(folder))
    print("\n".join(table(rounds)))


def _page(cache: Path) -> Any:
    """Return the page that all servers answer; this also warms the cache of this server."""
    with served("--dataset", "documented", cache=cache) as server:
        return json.loads(server.get(PAGE, dict(TOKEN)))


def _available(workshop: ContenderSetup, names: list[str]) -> list[Contender]:
    contenders = []
    for name in names:
        try:
            contenders.append(CONTENDERS[name](workshop))
        except UnavailableError as error:
            print(f"{name} is left out: {error}", flush=True)
    return contenders


def _rounds(contenders: list[Contender], count: int, folder: Path) -> dict[str, list[Measured]]:
    measured: dict[str, list[Measured]] = {contender.name: [] for contender in contenders}
    for _ in range(count):
        for contender in contenders:
            try:
                figures = measure(contender, folder)
                measured[contender.name].append(figures)
                print(contender.name, *figures, file=sys.stderr, flush=True)
            except (OSError, RuntimeError) as error:
                print(f"{contender.name}: a round is left out: {error}", flush=True)
    return {name: figures for name, figures in measured.items() if figures}


def measure(contender: Contender, folder: Path) -> Measured:
    """Start a server, measure it, and end it; raises RuntimeError if it does not answer."""
    port = free_port()
    began = time.perf_counter()
    with _running(contender.command(port), folder) as process:
        _wait(port, process)
        up = (time.perf_counter() - began) * 1000
        request = _bytes(contender.page)
        first = KeptConnection(port, request)
        with first.socket:
            first.ask()
        page = (time.perf_counter() - began) * 1000
        start_cpu = _cpu_ms(process.pid)
        requests_per_second(port, request, _CONNECTIONS, _WARM_UP_SECONDS)
        before = _cpu_ms(process.pid)
        rate = requests_per_second(port, request, _CONNECTIONS, _SECONDS)
        cpu = (_cpu_ms(process.pid) - before) / (rate * _SECONDS)
        times = milliseconds(port, request, _REQUESTS)
        memory = _memory_mb(process.pid)
        p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
        reset = _reset_ms(contender, port)
        return Measured(up, page, start_cpu, p50, p99, rate, cpu, memory, reset)


def _reset_ms(contender: Contender, port: int) -> float | None:
    write, reset = contender.write, contender.reset
    if write is None or reset is None:
        return None
    with closing(JsonConnection(port)) as connection:
        return median_ms(
            lambda: connection.ask(*reset), _RESETS, before=lambda: connection.ask(*write)
        )


def _bytes(request: BenchRequest) -> bytes:
    body = b"" if request.body is None else str(request.body).encode()
    lines = [f"{request.method} {quote(request.path)} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    if body:
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    """Return when a server answers anything at all: its health, or a 404."""
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with status {process.returncode}")
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", "/_fake/health")
                connection.getresponse().read()
                return
        except (OSError, HTTPException):
            time.sleep(0.002)
    raise RuntimeError(f"{process.args!r} does not answer")


def _cpu_ms(pid: int) -> float:
    """Return the time of the processor that a process and its children have used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu_ms(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory_mb(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    own = int(resident[1]) / 1024 if resident else 0.0
    return own + sum(_memory_mb(child) for child in _children(pid))


def table(rounds: dict[str, list[Measured]]) -> list[str]:
    """Return the lines of the table: the median of each figure over the rounds."""
    lines = [_HEADER, "|---|" + "---:|" * 9]
    for name, measured in rounds.items():
        up, page, start_cpu, p50, p99, rate, cpu, memory = (
            statistics.median(figures) for figures in list(zip(*measured, strict=True))[:-1]
        )
        resets = [each.reset for each in measured if each.reset is not None]
        reset = f"{statistics.median(resets):.2f}" if resets else "a restart"
        lines.append(
            f"| {name} | {up:,.0f} | {page:,.0f} | {start_cpu:,.0f} | {p50:.2f} | {p99:.2f}"
            f" | {rate:,.0f} | {cpu:.2f} | {memory:,.0f} | {reset} |"
        )
    return lines


if __name__ == "__main__":
    main()
