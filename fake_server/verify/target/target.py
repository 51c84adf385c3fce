"""The target of contract tests: requests, lists, clock and worlds."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from fake_server.verify.api_files.api_under_test import ApiUnderTest
from fake_server.verify.api_files.creations import MARK_TEXT, creation_at
from fake_server.verify.marks import Capability
from fake_server.verify.outcome_errors import BrokenError, NotShownError
from fake_server.verify.server.client import Client, Rules
from fake_server.verify.server.credential_headers import ClientIdentity
from fake_server.verify.server.page_reader import (
    MOST_PAGES,
    PagedList,
    records_of,
    require_few_pages,
)
from fake_server.verify.server.raw_messages import Answer, Params
from fake_server.verify.server.sender import Sender
from fake_server.verify.server.world_control import WorldControl
from fake_server.verify.texts import http_date

_T = TypeVar("_T")


class Target(Client):
    """A server of one API. Tests send requests, read lists by page, and control a fake.

    Requests are those of `Client`.
    """

    def __init__(
        self,
        api: ApiUnderTest,
        sender: Sender,
        identity: ClientIdentity,
        rules: Rules,
        control: WorldControl | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(api, sender, identity, rules)
        self._control = control
        self._clock = clock
        self._memory: dict[Any, Any] = {}
        self._grants: dict[str, Any] = {}

    @property
    def prefix(self) -> str:
        """The prefix of every path: that of the target's world, if it has one."""
        return self._control.prefix if self._control else ""

    @property
    def _renews_tokens(self) -> bool:
        """Whether a token is requested anew when it ends: not where tests move the clock."""
        return self._control is None

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What tests may control at this target."""
        available = self._control.capabilities if self._control else frozenset[Capability]()
        return available | {"writes"} if self.rules.allow_writes else available - {"writes"}

    # Lists

    def records(self, answer: Answer) -> list[Any]:
        """Return the records of a page of a list."""
        return records_of(answer, self.api.listing)

    def total(self, answer: Answer) -> int:
        """Return the total in the header of a list: the number of its records on all pages."""
        name = self.api.listing.total
        if name is None:
            raise NotShownError("a header that counts the records of a list", "capability")
        return answer.whole_number(name)

    def read_pages(
        self, path: str, params: Params = None, *, whole: bool = True, **options: Any
    ) -> PagedList:
        """Follow `rel="next"` from the first page of a list to its last, at most ten pages.

        A longer list raises `NotShownError`, or, if not `whole`, is read to the tenth page. After
        several pages the total is read again: `NotShownError` is raised if it changed. Raises
        `BrokenError` if `next` leads to a page that was read before.
        """
        paged_list = PagedList()
        answer = self.get(path, params=params, **options).expect_status(200)
        if answer.headers.get(self.api.listing.total or "") is not None:
            paged_list.total = self.total(answer)
        if whole:
            require_few_pages(answer, paged_list.total, len(self.records(answer)))
        seen_targets = {answer.request.target}
        while True:
            paged_list.pages.append(answer)
            paged_list.records += self.records(answer)
            following = answer.links.get("next")
            paged_list.complete = following is None
            if following is None or len(paged_list.pages) == MOST_PAGES:
                break
            answer = self.follow(following, **options).expect_status(200)
            if answer.request.target in seen_targets:
                raise BrokenError("the pages", "each once", f"next leads to {following} again")
            seen_targets.add(answer.request.target)
        if whole and not paged_list.complete:
            raise NotShownError(f"a list of at most {MOST_PAGES} pages at {path}")
        self._require_unmoved(paged_list, path, params, options)
        return paged_list

    def _require_unmoved(
        self, paged_list: PagedList, path: str, params: Params, options: Mapping[str, Any]
    ) -> None:
        if len(paged_list.pages) == 1 or paged_list.total is None:
            return
        total = self.total(self.get(path, params=params, **options).expect_status(200))
        if total != paged_list.total:
            raise NotShownError(
                f"a list that holds still: {paged_list.total} records, then {total}", "moved"
            )

    def remember(self, key: Any, fetch: Callable[[], _T]) -> _T:
        """Return the first result of `fetch` for `key`; later calls send no request.

        The results are forgotten when a test with needs ends.
        """
        if key not in self._memory:
            self._memory[key] = fetch()
        value: _T = self._memory[key]
        return value

    def has_memory_of(self, key: Any) -> bool:
        """Return whether `remember` has a result for a key."""
        return key in self._memory

    @property
    def grants(self) -> dict[str, Any]:
        """What the server granted to tests, such as a person's token, by a name of theirs.

        It is forgotten when the world of a fake is reset, which forgets what it granted.
        """
        return self._grants

    def forget(self) -> None:
        """Forget all results of `remember`."""
        self._memory.clear()

    # Capabilities

    def now(self) -> datetime:
        """Return the target's time, in UTC: that of its world, else that of its `Date` header."""
        if self._control is not None:
            return self._control.now()
        if self._clock is not None:
            return self._clock()
        clock_lead = self.remember("the clock's lead", self._clock_lead)
        return datetime.now(UTC) + clock_lead

    def _clock_lead(self) -> timedelta:
        at = http_date(self.get(self.api.probe or "/").headers.get("Date"))
        return timedelta(0) if at is None else at - datetime.now(UTC)

    @property
    def clock(self) -> WorldControl:
        """The clock: `freeze(at)`, `set(at)`, `advance(by)`, `now()`; needs `clock`."""
        return self._require("clock")

    @contextmanager
    def limits(self) -> Iterator[None]:
        """Enforce the documented rate limits while the block runs; needs `limits`.

        Meanwhile, requests return 429 at once and wait for no Retry-After.
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
        """Return a target with other records while the block runs; needs `data`.

        - `section`: the records, in the form of a dataset's section of this API, such as
          `{"availabilities": {"records": [...]}}`; None: those of the target's own dataset.
        - `now`: the time at which its clock starts.
        """
        control = self._require("data")
        with control.fresh(self.api.name, section, now) as fresh_control:
            target = Target(self.api, self.sender, self.identity, self.rules, fresh_control)
            target._identify_again()
            yield target

    def _require(self, capability: Capability) -> WorldControl:
        if self._control is None or capability not in self.capabilities:
            raise NotShownError(f"the capability {capability!r}", "capability")
        return self._control

    def restore(self) -> None:
        """Reset the world of a fake and get a new token, after a test that changed it."""
        self.forget()
        if self._control is not None:
            self._control.reset()
            self._grants.clear()
            self._identify_again()

    def disable_created_records(self) -> list[str]:
        """Disable the records created on a server without reset; return those that remain."""
        self._renew_token_at_end()
        return self.sender.disable_created_records(partial(self.identity.carried, self.api.name))

    def name(self, noun: str) -> str:
        """Return a name that marks a record of a test."""
        return f"{MARK_TEXT} {noun} {time.time_ns():x}"

    def marked(self, path: str, noun: str) -> dict[str, Any]:
        """Return the attributes that mark a record which a test creates by a POST to `path`.

        `target.yaml` names them; {} where it names none.
        """
        creation = creation_at(self.api.creations, path)
        if creation is None or creation.mark is None:
            return {}
        return creation.mark.attributes(f"{creation.mark.text} {noun} {time.time_ns():x}")
