"""Run as `python -m bench.many_resources`: what an API of 70 resources and 500 operations costs.

The API is generated: a distribution of its own, served beside the bundled ones. Every figure stands
beside the same figure without it, taken in the same run.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from bench.generated_api import KEY, NAME, RESOURCES, ROWS, write_distribution
from bench.http import JsonConnection
from bench.measure import median_ms, served

RUNS = 5
_TOKEN = {"Authorization": "Bearer YOUR_ACCESS_TOKEN"}


@contextmanager
def beside(folder: Path) -> Iterator[None]:
    """Let processes that are started meanwhile find the generated API."""
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")]))
    with patch.dict(os.environ, PYTHONPATH=path):
        yield


def _command(*arguments: str) -> float:
    """Run `fake-server` with arguments; return how many seconds it took."""
    command = str(Path(sys.executable).with_name("fake-server"))
    began = time.perf_counter()
    done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"fake-server {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return time.perf_counter() - began


def _ready(cache: Path) -> float:
    times = []
    for _ in range(RUNS + 1):
        with served("--dataset", "demo", cache=cache) as server:
            times.append(server.ready_ms)
    return statistics.median(times[1:])


def _page(cache: Path) -> float:
    with served("--dataset", "demo", cache=cache) as server:
        return median_ms(lambda: server.get("/v2/slots?per_page=20", _TOKEN), 300)


def _writes(port: int) -> tuple[float, float]:
    """Return the time of a world's first write to the API, and of a later one, in milliseconds.

    The first write gives the world a copy of its own of the rows.
    """
    connection = JsonConnection(port)

    def write() -> None:
        connection.ask("PATCH", "/many/r01/1", {"amount": 7}, KEY)

    def reset() -> None:
        connection.ask("POST", "/_fake/worlds/default/reset")

    first = median_ms(write, 50, before=reset)
    later = median_ms(write, 50)
    connection.close()
    return first, later


def main() -> None:
    """Measure, and print a line for each figure."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as workshop:
        folder, alone, both = (Path(workshop, name) for name in ("site", "alone", "both"))
        write_distribution(folder)
        with beside(folder):
            _command("openapi", NAME, "--write")
        ready, page = _ready(alone), _page(alone)
        with beside(folder):
            ready_both, page_both = _ready(both), _page(both)
            with served("--dataset", "demo", cache=both) as server:
                first = median_ms(lambda: server.get("/many/r01?per_page=20", KEY), 300)
                first_write, later_write = _writes(server.port)
                memory = server.memory_mb()
            contract = _command("verify", NAME)
        print(f"ready, bundled APIs only          {ready:8.0f} ms")
        print(f"ready, with {RESOURCES} resources more      {ready_both:8.0f} ms")
        print(f"more to be ready (most: 40)       {ready_both - ready:8.0f} ms")
        print(f"page of slots, without and with   {page:8.2f} {page_both:.2f} ms")
        print(f"page of a generated resource      {first:8.2f} ms")
        print(f"first write, and a later one      {first_write:8.2f} {later_write:.2f} ms")
        print(f"memory with {ROWS} rows more      {memory:8.0f} MB")
        print(f"contract tests of it (most: 60)   {contract:8.1f} s")


if __name__ == "__main__":
    main()
