"""A target as contract tests see it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from fake_server.verify.api.creations import SIGN, creation_at
from fake_server.verify.api.description import Description
from fake_server.verify.errors import BrokenError, NotShownError
from fake_server.verify.marks import Capability
from fake_server.verify.server.client import Client, Rules
from fake_server.verify.server.control import Control
from fake_server.verify.server.credentials import Identity, identify
from fake_server.verify.server.messages import Answer, Params
from fake_server.verify.server.sender import Sender
from fake_server.verify.server.walks import MOST_PAGES, Walk, records_of, require_few_pages

_T = TypeVar("_T")


class Target(Client):
    """A server of one API, wherever it is: asked, read page by page, and handled if it is a fake.

    Requests are those of `Client`.
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
        super().__init__(description, sender, identity, rules)
        self._control = control
        self._clock = clock
        self._memory: dict[Any, Any] = {}

    @property
    def prefix(self) -> str:
        """What stands before every path: that of the target's world if it has one."""
        return self._control.prefix if self._control else ""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this target can do beside answering."""
        own = self._control.capabilities if self._control else frozenset[Capability]()
        return own | {"writes"} if self.rules.allow_writes else own - {"writes"}

    # Lists

    def records(self, answer: Answer) -> list[Any]:
        """Return the records of a page of a list."""
        return records_of(answer, self.description.listing)

    def total(self, answer: Answer) -> int:
        """Return the total in the header of a list: the number of its records on all pages."""
        name = self.description.listing.total
        if name is None:
            raise NotShownError("a header that counts the records of a list", "capability")
        return answer.whole_number(name)

    def walk(self, path: str, params: Params = None, *, whole: bool = True, **options: Any) -> Walk:
        """Follow `rel="next"` from the first page of a list to its last.

        At most ten pages: a longer list is not walked (`NotShownError`), or, if not `whole`, only
        that far. When a walk of several pages is done the total is read again: if it changed, the
        target moved and the behaviour is not shown. Broken if `next` leads to a page seen before.
        """
        walk = Walk()
        answer = self.get(path, params=params, **options).expect_status(200)
        if answer.headers.get(self.description.listing.total or "") is not None:
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
        """Return the first result of `find` for `key`, to spare requests.

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
        date = self.get(self.description.probe or "/").headers.get("Date")
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
        """Disable the records made on a server that cannot be reset; return those that are left."""
        return self.sender.put_to_rest(self.identity.right)

    def _identify_anew(self) -> None:
        """Get a token of the world as it is now, where tokens are issued."""
        values, sender = self.identity.values, self.sender
        self.identity = identify(self.description, values, sender, sender.secrets, self.prefix)

    def name(self, what: str) -> str:
        """Return a name for a record that a test makes, by which it can be recognised."""
        return f"{SIGN} {what} {time.time_ns():x}"

    def marked(self, path: str, what: str) -> dict[str, Any]:
        """Return attributes for a record that a test makes by a POST to `path`.

        They hold what `target.yaml` says such a record is recognised by; {} where it says nothing.
        """
        kind = creation_at(self.description.creations, path)
        if kind is None or kind.mark is None:
            return {}
        return kind.mark.attributes(f"{kind.mark.text} {what} {time.time_ns():x}")
