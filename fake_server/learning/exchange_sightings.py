"""The contents of one API's exchanges: operations, items, and the records of the items."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from fake_server.rest.resources.operation_index import Operation, index
from fake_server.verify.api_files.operations_by_path import operation_of
from fake_server.verify.outcome_errors import BrokenError
from fake_server.verify.recording.exchange import Exchange

Item = dict[str, Any]

_OK = range(200, 300)


class ReadExchange(NamedTuple):
    """An exchange, and what its request asked for.

    - `operation`: the operation that the request reached; None without one.
    - `arguments`: the arguments of its path, as text.
    - `items`: the JSON objects with an id that the answer lists, or the one that it is.
    - `is_list`: whether the answer lists its items.
    """

    exchange: Exchange
    operation: Operation | None
    arguments: tuple[str, ...]
    items: tuple[Item, ...]
    is_list: bool

    @property
    def method(self) -> str:
        """The method of the request."""
        return self.exchange.answer.request.method

    @property
    def is_success(self) -> bool:
        """Whether the status of the answer is one of 200 to 299."""
        return self.exchange.answer.status in _OK

    @property
    def is_read(self) -> bool:
        """Whether the request asked to change nothing."""
        return self.method in {"GET", "HEAD"}

    @property
    def title(self) -> str:
        """The beginning of a line about the exchange: its position and its operation."""
        request = self.exchange.answer.request
        path = self.operation.path if self.operation else request.target.partition("?")[0]
        return f"{self.exchange.position}: {request.method} {path}"


def read(api: str, exchange: Exchange) -> ReadExchange:
    """Return the reading of an exchange: its operation and the items of its answer."""
    request = exchange.answer.request
    label = operation_of(api, request.method, request.target)
    operation = None if label is None else _operation(api, request.method, label)
    if operation is None:
        return ReadExchange(exchange, None, (), (), is_list=False)
    arguments = _arguments(operation, request.target)
    items, is_list = _items(exchange, operation)
    return ReadExchange(exchange, operation, arguments, items, is_list)


def _operation(api: str, method: str, label: str) -> Operation | None:
    path = label.partition(" ")[2]
    verb = "GET" if method == "HEAD" else method
    for operation in index(api).operations.values():
        if (operation.method, operation.path) == (verb, path):
            return operation
    return None


def _arguments(operation: Operation, target: str) -> tuple[str, ...]:
    steps = [step for step in target.partition("?")[0].split("/") if step]
    template = operation.path.strip("/").split("/")
    # A world's prefix stands before the path: the steps are compared from the end.
    pairs = zip(reversed(template), reversed(steps), strict=False)
    texts = [unquote(step.removesuffix(".json")) for name, step in pairs if name.startswith("{")]
    return tuple(reversed(texts))


def _items(exchange: Exchange, operation: Operation) -> tuple[tuple[Item, ...], bool]:
    answer = exchange.answer
    if not operation.resource or answer.status not in _OK or not answer.body:
        return (), False
    try:
        body = answer.json
    except (BrokenError, RecursionError):
        return (), False
    if isinstance(body, dict):
        if "id" in body:
            return (body,), False
        lists = [value for value in body.values() if isinstance(value, list)]
        if operation.action != "list" or len(lists) != 1:
            return (), False
        body = lists[0]
    if not isinstance(body, list):
        return (), False
    return tuple(_objects(body)), True


def _objects(values: list[Any]) -> Iterator[Item]:
    for value in values:
        if isinstance(value, dict) and "id" in value:
            yield value
