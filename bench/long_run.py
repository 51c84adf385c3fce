"""Run as `python -m bench.long_run [count]`: so many requests to one world, over HTTP.

Its journal keeps the latest and forgets the rest, so that the server's memory stays where it is.
"""

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.http import JsonConnection
from bench.measure import Served, served

COUNT = 1_000_000
MOST_GROWTH_MB = 32
_AT_ONCE = 100
_FIRST = 20_000


def growth_mb(server: Served, count: int) -> float:
    """Return by how many MB a server grows after its first requests; all are read to their end.

    Raises RuntimeError where its journal did not note every request.
    """
    first = min(_FIRST, count // 2)
    _ask(server, first)
    before = server.memory_mb()
    _ask(server, count - first)
    after = server.memory_mb()
    with closing(JsonConnection(server.port)) as connection:
        latest = connection.ask("GET", "/_fake/worlds/default/requests?limit=1")
    if latest["last"] != count:
        raise RuntimeError(f"the journal counted {latest['last']} requests of {count}")
    print(f"  {latest['forgotten']} of {count} requests are forgotten")
    return after - before


def _ask(server: Served, count: int) -> None:
    for number in range(0, count, _AT_ONCE):
        server.get_many("/v1/rate_limit", min(_AT_ONCE, count - number))


def main() -> None:
    """Measure, and print one line; status 1 if the server grew too much."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with (
        tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder,
        served("--dataset", "demo", "--auth", "off", cache=Path(folder)) as server,
    ):
        began = time.perf_counter()
        grown = growth_mb(server, count)
        took = time.perf_counter() - began
    print(
        f"{count} requests over HTTP: the server grew by {grown:.0f} MB after the first"
        f" (target {MOST_GROWTH_MB}), {count / took:.0f} requests a second"
    )
    sys.exit(grown > MOST_GROWTH_MB)


if __name__ == "__main__":
    main()
