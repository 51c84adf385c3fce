"""Run as `python -m bench.prepared_queries`: what `world/storage/prepared.py` saves a request.

Each page is asked for in process, in turn with prepared queries and with SQLAlchemy's own way, so
that both meet the same machine. The figures are CPU time: the fastest of several rounds.
"""

import time
from collections.abc import Callable
from unittest.mock import patch

from bench.__main__ import PAGES
from fake_server import create_app
from fake_server.world.storage import store

ROUNDS = 12
REQUESTS = 100


class _Unprepared:
    def prepared(self, *_: object) -> None:
        """Return nothing: the query takes SQLAlchemy's way."""


def _cpu_us(ask: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(REQUESTS):
        ask()
    return (time.process_time() - began) / REQUESTS * 1e6


def main() -> None:
    """Print a line for each page: microseconds with, without, and their ratio."""
    client = create_app("demo").test_client()
    for name, (path, headers) in PAGES.items():

        def ask(path: str = path, headers: dict[str, str] = headers) -> None:
            status = client.get(path, headers=headers).status_code
            if status != 200:
                raise RuntimeError(f"GET {path}: {status}")

        ask()
        ask()
        prepared, plain = [], []
        for _ in range(ROUNDS):
            prepared.append(_cpu_us(ask))
            with patch.object(store, "use_of", lambda query: _Unprepared()):
                plain.append(_cpu_us(ask))
        saved = 1 - min(prepared) / min(plain)
        print(f"{name:36} {min(prepared):6.0f} {min(plain):6.0f} µs  {saved:4.0%} saved")


if __name__ == "__main__":
    main()
