"""Run as `python -m bench.cpu_time`: the processor's time of a computed answer, in process.

Each page is asked for through WSGI, in turn as the server is, without prepared queries
(`fake_server/world/storage/prepared.py`), and with werkzeug's own headers
(`fake_server/rest/answers.py`). So all three meet the same machine. Each figure is the shortest of
many rounds: other work on the machine makes rounds longer, and never shorter.
"""

import gc
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from typing import Any
from unittest.mock import patch

from werkzeug.datastructures import Headers
from werkzeug.test import create_environ

from bench.__main__ import PAGES
from fake_server import create_app
from fake_server.rest import answers
from fake_server.world.storage import store

ROUNDS = 150
REQUESTS = 4
TARGET = 350


class _Unprepared:
    def prepared(self, *_: object) -> None:
        """Return nothing: the query takes SQLAlchemy's way."""


WAYS: Mapping[str, Callable[[], AbstractContextManager[object]]] = {
    "as it is": nullcontext,
    "unprepared": lambda: patch.object(store, "use_of", lambda query: _Unprepared()),
    "werkzeug's": lambda: patch.object(answers, "AnswerHeaders", Headers),
}


def main() -> None:
    """Print a line for each page: microseconds each way, and the target."""
    app = create_app("demo", cache=False)
    for path, headers in PAGES.values():
        _cpu_us(app.wsgi_app, create_environ(path, "http://127.0.0.1", headers=headers))
    gc.collect()
    gc.freeze()
    print(f"{'CPU time of a computed answer (µs)':36}", *(f"{way:>12}" for way in WAYS), "  target")
    for name, (path, headers) in PAGES.items():
        environ = create_environ(path, "http://127.0.0.1", headers=headers)
        shortest = dict.fromkeys(WAYS, float("inf"))
        for _ in range(ROUNDS):
            for way, patched in WAYS.items():
                with patched():
                    shortest[way] = min(shortest[way], _cpu_us(app.wsgi_app, environ))
        print(f"{name:36}", *(f"{shortest[way]:12.0f}" for way in WAYS), f"{TARGET:8}")


def _cpu_us(application: Any, environ: Mapping[str, Any]) -> float:
    environs = [{**environ, "wsgi.input": BytesIO()} for _ in range(REQUESTS)]
    began = time.process_time()
    for sent in environs:
        b"".join(application(sent, _start))
    return (time.process_time() - began) / REQUESTS * 1e6


def _start(status: str, *_: object) -> None:
    if not status.startswith("200 "):
        raise RuntimeError(status)


if __name__ == "__main__":
    main()
