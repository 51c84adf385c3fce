"""Pages by cursor: a text of the server's own that says where the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from fake_server.rest.context import DECLARATION, current_request
from fake_server.rest.parameters import query_parameters
from fake_server.rest.schema.schema_values import Mistake
from fake_server.rest.sorting import SortKey
from fake_server.rest.standard.list_query import ListParameters, ListQuery
from fake_server.rest.standard.operation_reading import Parameter
from fake_server.rest.standard.pages import ListPart

CURSORS = frozenset(
    {"cursor", "next_cursor", "page_token", "pageToken", "next_token", "nextToken", "after_cursor"}
)
"""The names of the parameter that takes a cursor."""

_AFTER = frozenset({"after", "start_cursor", "startCursor"})
"""Its further names, if it accepts any text."""

NEXT = frozenset(
    {
        *("next_cursor", "nextCursor", "next_page_token", "nextPageToken"),
        *("next_token", "nextToken", "end_cursor", "endCursor"),
    }
)
"""The names of the member of an answer with the cursor of the next page."""

PREVIOUS = frozenset(
    {
        *("prev_cursor", "previous_cursor", "prevCursor", "previousCursor"),
        *("start_cursor", "startCursor"),
    }
)
_SIZE = 20


def is_cursor(name: str, schema: Mapping[str, Any]) -> bool:
    """Return whether a parameter of a list takes a cursor, by its name and its schema."""
    plain = not {"format", "enum", "pattern"} & schema.keys() and schema.get("type") == "string"
    return name in CURSORS or (name in _AFTER and plain)


class CursorParameters(ListParameters):
    """The parameters of a list, a cursor among them if the operation has one."""

    def __init__(self, resource: Any, parameters: Iterable[Parameter]) -> None:
        known = list(parameters)
        super().__init__(resource, known)
        names = [
            parameter.name
            for parameter in known
            if not parameter.column and is_cursor(parameter.name, parameter.schema)
        ]
        self.cursor = names[0] if names else ""

    def read(self, default_order: Iterable[SortKey]) -> ListQuery:
        """See `ListParameters`; raises the API's error for a cursor that no answer gave."""
        query = super().read(default_order)
        if not self.cursor:
            return query
        size = query.size or _SIZE
        text = query_parameters(current_request()).get(self.cursor, "")
        offset = _offset(text) if text else 0
        if offset is None:
            mistake = Mistake(self.cursor, "pattern", {})
            raise current_request().environ[DECLARATION].dialect.invalid_query([mistake])
        return query._replace(offset=offset, size=size)


def _offset(text: str) -> int | None:
    try:
        word, _, number = urlsafe_b64decode(text.encode()).decode().partition(":")
    except ValueError:
        return None
    return (
        int(number)
        if word == "from" and number.isascii() and number.isdigit() and len(number) < 13
        else None
    )


def _spelled(offset: int) -> str:
    return urlsafe_b64encode(f"from:{offset}".encode()).decode()


def cursors_of(part: ListPart) -> Mapping[str, str | None]:
    """Return the members of an answer that are cursors, by name; None where there is no page."""
    behind, before = part.offset + part.size, part.offset - part.size
    more = part.offset + len(part.items) < part.total
    return {
        **dict.fromkeys(NEXT, _spelled(behind) if more else None),
        **dict.fromkeys(PREVIOUS, _spelled(max(before, 0)) if part.offset else None),
    }
