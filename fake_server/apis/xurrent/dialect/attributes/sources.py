"""The default source of a new record."""

from collections.abc import Mapping
from typing import Any

from fake_server.api.serve import current_request, header_text, world
from fake_server.apis.xurrent.dialect.brands import brand, header

_LONGEST = 30


def source_of(columns: Mapping[str, Any]) -> str:
    """Return the source of a new record.

    It is the record's own, else that of a header, the User-Agent or the name of the API.
    """
    agent = header_text(current_request(), "User-Agent")
    name = brand(world().section("xurrent")).source
    source = columns.get("source") or header("Source") or agent or name
    return str(source)[:_LONGEST]
