"""A target as contract tests see it."""

import json as json_module
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from fake_server.verify.control import Control
from fake_server.verify.credentials import Identity, identify
from fake_server.verify.description import Description
from fake_server.verify.errors import BrokenError, NotShownError
from fake_server.verify.marks import Capability
from fake_server.verify.messages import USER_AGENT, Answer, Params, Request, query_string
from fake_server.verify.sender import Sender
from fake_server.verify.walks import MOST_PAGES, Walk, records_of, require_few_pages
from fake_server.verify.writings import SIGN

_T = TypeVar("_T")
_SAFE = frozenset({"GET", "HEAD"})

Auth = bool | Literal["invalid"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run may do to its target. `documented`: the target promises the documents' ways."""

    documented: bool = True
    allow_invalid: bool = True
    allow_writes: bool = True


class Target:
    """A server of one API, wherever it is.

    Paths are sent as they are written (`//v2/slots`, `/v1/calendars/`), each with the target's
    credentials and `Accept: application/json` unless the call says otherwise.
    """

    def __init__(
        self,
        description: Description,
        sender: Sender,
        identity: Identity,
        rules: Rules,
        control: Control | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.description = description
        self.rules = rules
        self.sender = sender
        self.identity = identity
        self._control = control
        self._clock = clock
        self._memory: dict[Any, Any] = {}
        self._patient = True

    @property
    def base_url(self) -> str:
        """What stands before every path: scheme, host, and the world's prefix if there is one."""
        return self.sender.base_url + self._prefix

    @property
    def _prefix(self) -> str:
        return self._control.prefix if self._control else ""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this target can do beside answering."""
        own = self._control.capabilities if self._control else frozenset[Capability]()
        return own | {"writes"} if self.rules.allow_writes else own - {"writes"}

    def credential(self, name: str) -> str:
        """Return a value of the target's credentials, such as `token`, to send it differently.

        It never shows in a report, whatever the test does with it.
        """
        if name not in self.identity.values:
            raise NotShownError(f"a credential {name!r}", "capability")
        return self.identity.values[name]

    # Requests

    def get(self, path: str, **options: Any) -> Answer:
        """Send a GET; see `request`."""
        return self.request("GET", path, **options)

    def head(self, path: str, **options: Any) -> Answer:
        """Send a HEAD; see `request`."""
        return self.request("HEAD", path, **options)

    def post(self, path: str, **options: Any) -> Answer:
        """Send a POST; see `request`."""
        return self.request("POST", path, **options)

    def patch(self, path: str, **options: Any) -> Answer:
        """Send a PATCH; see `request`."""
        return self.request("PATCH", path, **options)

    def put(self, path: str, **options: Any) -> Answer:
        """Send a PUT; see `request`."""
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        """Send a DELETE; see `request`."""
        return self.request("DELETE", path, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params = None,
        headers: Mapping[str, str | None] | None = None,
        json: Any = None,
        body: bytes | None = None,
        auth: Auth = True,
    ) -> Answer:
        """Send a request and return its answer, whatever its status.

        - `path`: as on the request line; it may have a query, to which `params` are added.
        - `params`: a mapping, ordered pairs (a key may repeat), or a query string sent as it is.
        - `headers`: added to those of the target; None takes one out (`{"Accept": None}`).
        - `json`: the body, as JSON values; `body`: the body, as bytes.
        - `auth`: True: the target's credentials; False: none; "invalid": ones nobody knows.

        Raises `NotShownError` for what this run may not send, or when its budget is spent.
        """
        self._require_allowed(method, path)
        if auth == "invalid" and not self.rules.allow_invalid:
            raise NotShownError("wrong credentials, which are not allowed here", "invalid")
        query = query_string(params)
        joint = "&" if "?" in path else "?"
        target = self._prefix + path + (joint + query if query else "")
        sent: dict[str, str | None] = {"Accept": "application/json", "User-Agent": USER_AGENT}
        sent.update({True: self.identity.right, "invalid": self.identity.wrong}.get(auth, ()))
        if json is not None:
            sent["Content-Type"] = "application/json"
            body = json_module.dumps(json).encode()
        final = _overridden(sent, headers or {})
        return self.sender.send(Request(method, target, final, body), patient=self._patient)

    def _require_allowed(self, method: str, path: str) -> None:
        harmless = method == "POST" and path.partition("?")[0] in self.description.harmless
        if method not in _SAFE and not harmless and "writes" not in self.capabilities:
            raise NotShownError(f"{method} requests, which are not allowed here", "capability")

    def follow(self, url: str, **options: Any) -> Answer:
        """GET a URL that the target gave; its path and query are asked of this very target.

        So a wrong host in a link gets no credentials, and is for its own test to find.
        """
        parts = urlsplit(url)
        base = urlsplit(self.base_url).path
        path = parts.path.removeprefix(base) if parts.path.startswith(f"{base}/") else parts.path
        return self.request("GET", path + (f"?{parts.query}" if parts.query else ""), **options)

    def require_budget(self) -> None:
        """Raise `NotShownError` if no request may be sent any more."""
        self.sender.budget.require()

    def last_curl(self) -> str:
        """Return a `curl` command for the request that was sent last; "" if there was none."""
        last = self.sender.last
        return last.curl(self.sender.base_url, self.sender.secrets) if last else ""

    def hide(self, text: str) -> str:
        """Return `text` with a placeholder for every credential in it."""
        return self.sender.secrets.hide(text)

    # Lists

    def records(self, answer: Answer) -> list[Any]:
        """Return the records of a page of a list."""
        return records_of(answer, self.description.items)

    def total(self, answer: Answer) -> int:
        """Return what the header of a list says it holds on all its pages."""
        return answer.whole_number(self.description.total)

    def walk(self, path: str, params: Params = None, *, whole: bool = True, **options: Any) -> Walk:
        """Follow `rel="next"` from the first page of a list to its last.

        At most ten pages: a longer list is not walked (`NotShownError`), or, if not `whole`, only
        that far. When a walk of several pages is done the total is read again: if it changed, the
        target moved and the behaviour is not shown. Broken if `next` leads to a page seen before.
        """
        walk = Walk()
        answer = self.get(path, params=params, **options).expect_status(200)
        if answer.headers.get(self.description.total) is not None:
            walk.total = self.total(answer)
        if whole:
            require_few_pages(answer, walk.total, len(self.records(answer)))
        seen = {answer.request.target}
        while True:
            walk.pages.append(answer)
            walk.records += self.records(answer)
            following = answer.links.get("next")
            walk.complete = following is None
            if following is None or len(walk.pages) == MOST_PAGES:
                break
            answer = self.follow(following, **options).expect_status(200)
            if answer.request.target in seen:
                raise BrokenError("the pages", "each once", f"next leads to {following} again")
            seen.add(answer.request.target)
        if whole and not walk.complete:
            raise NotShownError(f"a list of at most {MOST_PAGES} pages at {path}")
        self._require_unmoved(walk, path, params, options)
        return walk

    def _require_unmoved(
        self, walk: Walk, path: str, params: Params, options: Mapping[str, Any]
    ) -> None:
        if len(walk.pages) == 1 or walk.total is None:
            return
        again = self.get(path, params=params, **options).expect_status(200)
        if self.total(again) != walk.total:
            raise NotShownError(
                f"a list that holds still: {walk.total} records, then {self.total(again)}", "moved"
            )

    def remember(self, key: Any, find: Callable[[], _T]) -> _T:
        """Return what `find` found when it was first asked for under `key`, to spare requests.

        Forgotten whenever a test wrote, or moved the clock.
        """
        if key not in self._memory:
            self._memory[key] = find()
        found: _T = self._memory[key]
        return found

    def forget(self) -> None:
        """Forget all that was remembered."""
        self._memory.clear()

    # Capabilities

    def now(self) -> datetime:
        """Return the target's time, in UTC: its world's, else that of its `Date` header."""
        if self._control is not None:
            return self._control.now()
        if self._clock is not None:
            return self._clock()
        lead = self.remember("the clock's lead", self._lead)
        return datetime.now(UTC) + lead

    def _lead(self) -> timedelta:
        date = self.get(self.description.probe).headers.get("Date")
        return parsedate_to_datetime(date) - datetime.now(UTC) if date else timedelta(0)

    @property
    def clock(self) -> Control:
        """The clock: `freeze(at)`, `set(at)`, `advance(by)`, `now()`; needs `clock`."""
        return self._require("clock")

    @contextmanager
    def limits(self) -> Iterator[None]:
        """Enforce the documented rate limits while the block runs; needs `limits`.

        Answers of 429 come as they are meanwhile, not waited out.
        """
        control = self._require("limits")
        control.enforce_limits(True)
        self._patient = False
        try:
            yield
        finally:
            self._patient = True
            control.enforce_limits(False)

    @contextmanager
    def fresh(
        self, section: Mapping[str, Any] | None = None, *, now: datetime | None = None
    ) -> "Iterator[Target]":
        """Give a target with records of the test's own while the block runs; needs `data`.

        `section`: in the words of a dataset's section of this API, such as
        `{"availabilities": {"records": [...]}}`; None: the records of the target's own dataset,
        untouched by other tests. `now`: the time at which its clock starts.
        """
        control = self._require("data")
        with control.fresh(self.description.api, section, now) as own:
            target = Target(self.description, self.sender, self.identity, self.rules, own)
            target._identify_anew()
            yield target

    def _require(self, capability: Capability) -> Control:
        if self._control is None or capability not in self.capabilities:
            raise NotShownError(f"the capability {capability!r}", "capability")
        return self._control

    def restore(self) -> None:
        """Undo what a test did to a world that can be reset."""
        self.forget()
        if self._control is not None:
            self._control.reset()
            self._identify_anew()

    def put_to_rest(self) -> list[str]:
        """Put to rest what was made on a server that cannot be reset; return what is left."""
        return self.sender.put_to_rest(self.identity.right)

    def _identify_anew(self) -> None:
        """Get a token of the world as it is now, where tokens are issued."""
        values, sender = self.identity.values, self.sender
        self.identity = identify(self.description, values, sender, sender.secrets, self._prefix)

    def name(self, what: str) -> str:
        """Return a name for a record that a test makes, by which it can be recognised."""
        return f"{SIGN} {what} {time.time_ns():x}"


def _overridden(
    sent: Mapping[str, str | None], headers: Mapping[str, str | None]
) -> tuple[tuple[str, str], ...]:
    replaced = {name.lower() for name in headers}
    merged = {name: value for name, value in sent.items() if name.lower() not in replaced}
    merged.update(headers)
    return tuple((name, value) for name, value in merged.items() if value is not None)
