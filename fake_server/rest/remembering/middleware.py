"""The innermost middleware: gives a remembered answer again, or remembers a new one.

What a request read decides whether its answer may be given again. A version of a world stands for
its whole state, so that the key needs no more of it. A request that read a running clock, or a
counter of requests, gets an answer of its own; `repeat` excuses what is done for each.
"""

import os
from collections.abc import Hashable, Iterable
from time import perf_counter
from typing import Any, Literal

from fake_server.rest.context import API, BEGUN, GIVEN_HOST, RAW_PATH
from fake_server.rest.delivery import DELIVERY
from fake_server.rest.remembering.answer_memory import AnswerMemory, RememberedAnswer
from fake_server.rest.remembering.repeating import REPEATED, Repeat, world_of

REMEMBERED = "fake_server.remembered"
"""The key, in the environ, of the `RememberedAnswer` that a request got or made."""

MOST_BYTES = 32 * 1024 * 1024
"""The greatest number of bytes that the remembered answers of a server take, about."""

CacheMode = Literal["on", "off", "check"]
"""Whether answers are remembered. `check` computes each one anew, and compares."""

_METHODS = frozenset({"GET", "HEAD"})
_OF_CLIENT = frozenset(
    {"CONTENT_TYPE", "REMOTE_ADDR", "SERVER_PROTOCOL", "SERVER_NAME", "SERVER_PORT"}
)
_IN_KEY = frozenset({"HTTP_HOST"})


CHECK_ANSWERS = "FAKE_SERVER_CHECK_ANSWERS"
"""The variable that lets each remembered answer be computed anew and compared."""


def cache_mode(*, enabled: bool) -> CacheMode:
    """Return whether answers are remembered; the environment may ask for a check of each."""
    if not enabled:
        return "off"
    return "check" if os.environ.get(CHECK_ANSWERS) else "on"


class StaleAnswerError(AssertionError):
    """A remembered answer is not the one that the application would give."""


class ObservedEnviron(dict[str, Any]):
    """A WSGI environ that notes what is read of what the client decides."""

    __slots__ = ("everything", "read")

    def __init__(self, environ: dict[str, Any]) -> None:
        super().__init__(environ)
        self.read: dict[str, None] = {}
        self.everything = False

    def _note(self, key: str) -> None:
        if (key.startswith("HTTP_") and key not in _IN_KEY) or key in _OF_CLIENT:
            self.read[key] = None

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, and note the key."""
        self._note(key)
        return super().get(key, default)

    def pop(self, key: str, *default: Any) -> Any:
        """Remove and return a value, and note the key."""
        self._note(key)
        return super().pop(key, *default)

    def items(self) -> Any:
        """Return all items: the request depends on everything that came with it."""
        self.everything = True
        return super().items()

    def keys(self) -> Any:
        """Return all keys; see `items`."""
        self.everything = True
        return super().keys()

    def values(self) -> Any:
        """Return all values; see `items`."""
        self.everything = True
        return super().values()


class MemoryMiddleware:
    """WSGI middleware: gives remembered answers again."""

    def __init__(self, inner: Any, cache: CacheMode) -> None:
        self._inner = inner
        self._cache = cache
        self.memory = AnswerMemory(MOST_BYTES)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Return the remembered answer to an equal request, or else a new one."""
        if self._cache == "off" or not _may_be_remembered(environ):
            answer: Iterable[bytes] = self._inner(environ, start_response)
            return answer
        environ[BEGUN] = perf_counter()
        key = _key(environ)
        remembered = self.memory.find(key, environ)
        if remembered is None or self._cache == "check":
            return self._answer(key, environ, start_response, remembered)
        environ[REMEMBERED] = remembered
        start_response(remembered.status, remembered.headers_of(environ))
        return [remembered.body]

    def _answer(
        self,
        key: Hashable,
        environ: dict[str, Any],
        start_response: Any,
        remembered: RememberedAnswer | None,
    ) -> Iterable[bytes]:
        world = world_of(environ)
        version, before = world.version, dict(environ)
        observed = ObservedEnviron(environ)
        observed[REPEATED] = []
        world.observed.clear()
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            started[:] = [(status, headers)]
            return start_response(status, headers, *more)

        chunks = self._inner(observed, start)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        environ.update(observed)
        status, headers = started[0]
        repeated: list[tuple[Repeat, frozenset[str]]] = observed[REPEATED]
        own = frozenset(name for _, names in repeated for name in names)
        computed = RememberedAnswer(
            tuple(observed.read),
            tuple(map(before.get, observed.read)),
            status,
            [(name, None if name in own else value) for name, value in headers],
            body,
            tuple(function for function, _ in repeated),
            world.observed.until,
        )
        lasts = world.version == version and not world.observed.volatile
        whole = not observed.everything and DELIVERY not in environ and status < "5"
        if remembered is not None:
            _require_same(remembered, computed, environ)
            environ[REMEMBERED] = remembered
        elif lasts and whole:
            environ[REMEMBERED] = computed
            self.memory.add(key, computed)
        return [body]


def _may_be_remembered(environ: dict[str, Any]) -> bool:
    if environ["REQUEST_METHOD"] not in _METHODS or not environ[API]:
        return False
    world = world_of(environ)
    return (
        environ.get("CONTENT_LENGTH", "0") in {"", "0"}
        and not world.faults.active
        and not world.enforce_limits
    )


def _key(environ: dict[str, Any]) -> Hashable:
    return (
        world_of(environ).version,
        environ["REQUEST_METHOD"],
        environ[RAW_PATH],
        environ["PATH_INFO"],
        environ.get("QUERY_STRING"),
        environ["SCRIPT_NAME"],
        environ["HTTP_HOST"],
        environ[GIVEN_HOST],
        environ["wsgi.url_scheme"],
        environ[API],
    )


def _require_same(
    remembered: RememberedAnswer, computed: RememberedAnswer, environ: dict[str, Any]
) -> None:
    """Raise `StaleAnswerError` for an answer that differs from the one that is remembered."""
    for part in ("status", "headers", "body"):
        before, now = getattr(remembered, part), getattr(computed, part)
        if before != now:
            target = f"{environ[RAW_PATH]}?{environ.get('QUERY_STRING', '')}"
            raise StaleAnswerError(
                f"{environ['REQUEST_METHOD']} {target}: {part}: remembered {before!r}, now {now!r}"
            )
