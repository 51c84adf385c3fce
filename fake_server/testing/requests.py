"""The requests of a world, for tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload
from urllib.parse import urlencode

from fake_server.testing.planes import Plane
from fake_server.world.journal.entry import one_line


@dataclass(frozen=True, slots=True)
class FakeRequest:
    """One request to a world, without its credentials.

    - `number`: the number of the request in its world, from 1.
    - `at`: the world's time when the request came.
    - `operation`: the operation, such as `xurrent.list_calendars`; None if the path has none.
    - `path`: the path without the world's prefix; `parameters`: query and body, nested.
    - `unread`: the names of parameters that no view read, such as a misspelt one.
    - `status`: the status of the answer; `fault`: the fault that made the answer, if any.
    - `shown`: the request as `schemas/control/request.json` has it. `str()` is one line to read.
    """

    number: int
    at: datetime
    operation: str | None
    method: str
    path: str
    parameters: Mapping[str, Any]
    unread: Sequence[str]
    status: int
    fault: str | None
    shown: Mapping[str, Any]

    @classmethod
    def of(cls, shown: Mapping[str, Any]) -> "FakeRequest":
        """Return the request that the control plane shows."""
        return cls(
            shown["number"],
            datetime.fromisoformat(shown["at"]),
            shown["operation"],
            shown["method"],
            shown["path"],
            shown["parameters"],
            shown["unread"],
            shown["status"],
            shown["fault"],
            shown,
        )

    def __str__(self) -> str:
        """Return the request as one line."""
        return one_line(self.shown)


class FakeRequests(Sequence[FakeRequest]):
    """The last requests of a world, oldest first: `world.requests[-1].unread`."""

    def __init__(self, plane: Plane, path: str) -> None:
        self._plane = plane
        self._path = f"{path}/requests"

    def find(self, **criteria: Any) -> list[FakeRequest]:
        """Return the matching requests: `operation`, `method`, `path`, `status`, `unread`, `since`.

        `operation` and `path` may be patterns such as `xurrent.*`, `status` a class such as `4xx`.
        Raises `UserError` for any other value.
        """
        query = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in criteria.items()
            if value is not None
        }
        encoded = f"?{urlencode(query)}" if query else ""
        answer = self._plane.ask("GET", f"{self._path}{encoded}")
        return [FakeRequest.of(request) for request in answer["requests"]]

    def verify(self, operation: str | None = None, /, **expectation: Any) -> None:
        """Raise AssertionError, with the closest request, unless requests were as expected.

        - `operation`: `xurrent.list_calendars`, or a pattern such as `xurrent.*`.
        - `expectation`: `method`, `path`, `status`, `parameters`, `unread`, and the number of
          requests: `count`, `at_least`, `at_most`, `never=True`. The default is at least one.

        >>> world.requests.verify("xurrent.list_calendars", parameters={"per_page": 100}, count=2)
        """
        __tracebackhide__ = True
        if operation is not None:
            expectation["operation"] = operation
        self._verify([expectation], in_order=False)

    def verify_in_order(self, *expectations: str | Mapping[str, Any]) -> None:
        """Raise AssertionError unless requests met the expectations in their order.

        An expectation is an operation, or a mapping with the arguments of `verify`.
        """
        __tracebackhide__ = True
        self._verify(
            [
                {"operation": expectation} if isinstance(expectation, str) else dict(expectation)
                for expectation in expectations
            ],
            in_order=True,
        )

    def verify_all_read(self) -> None:
        """Raise AssertionError for parameters that no view read, such as a misspelt one."""
        __tracebackhide__ = True
        self._verify([{"unread": True, "never": True}], in_order=False)

    def _verify(self, expectations: list[Any], *, in_order: bool) -> None:
        __tracebackhide__ = True
        body = {"expectations": expectations, "in_order": in_order}
        verification = self._plane.ask("POST", f"{self._path}/verify", body)
        if not verification["verified"]:
            raise AssertionError(
                "\n".join([*verification["lines"], "of these requests:", *self.lines()])
            )

    def lines(self) -> list[str]:
        """Return all requests as lines to read."""
        return [str(request) for request in self] or ["(none)"]

    def clear(self) -> None:
        """Forget all requests; later requests keep counting."""
        self._plane.ask("DELETE", self._path)

    @overload
    def __getitem__(self, index: int) -> FakeRequest: ...

    @overload
    def __getitem__(self, index: slice) -> list[FakeRequest]: ...

    def __getitem__(self, index: int | slice) -> FakeRequest | list[FakeRequest]:
        """Return requests by index, oldest first."""
        return self.find()[index]

    def __len__(self) -> int:
        """Return the number of remembered requests."""
        return len(self.find())

    def __iter__(self) -> Iterator[FakeRequest]:
        """Iterate over the requests, oldest first."""
        return iter(self.find())
