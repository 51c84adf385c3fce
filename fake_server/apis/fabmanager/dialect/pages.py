"""Pages of a list: the page that a request asks for, and its headers.

A declaration says `pages: always`, `asked` (for requests that send a page) or `never`.
"""

from typing import NamedTuple
from urllib.parse import quote

from fake_server.api.declare import index
from fake_server.api.serve import (
    Page,
    Parameters,
    canonical,
    current_request,
    has_quirk,
    page_links,
    query_values,
    url_of,
)
from fake_server.apis.fabmanager.dialect import ruby_parameters as ruby
from fake_server.apis.fabmanager.dialect.negotiation import suffix_of
from fake_server.apis.fabmanager.dialect.parameters import invalid, number
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.resources import API
from fake_server.apis.fabmanager.ruby.conversions import is_blank


class Window(NamedTuple):
    """A page: its number and size in the headers, and the rows that it shows."""

    number: int
    size: int
    offset: int
    limit: int


def window_of(resource: LabResource, parameters: Parameters) -> Window | None:
    """Return the requested page, or None if the answer has all records.

    Raises `BadRequestError`, or the error of the real service.
    """
    pages = resource.declaration.keys.get("pages", "never")
    if pages == "never":
        return None
    if pages == "asked" and is_blank(parameters.get("page")):
        parameters.disregard("page")
        _require_size(parameters)
        return None
    page_number = _page(parameters)
    return Window(page_number, *_size(parameters, page_number))


def _default(parameter: str) -> int:
    return int(index(API).parameters[parameter]["schema"]["default"])


def _page(parameters: Parameters) -> int:
    value = parameters.get("page")
    if has_quirk("validation-off"):
        return max(1, ruby.integer(1 if value is None else value))
    if value is None or value == "":
        return _default("Page")
    page_number = number(value)
    if page_number is None:
        raise invalid("page", value, "Must be a Integer")
    return max(1, page_number)


def _size(parameters: Parameters, page: int) -> tuple[int, int, int]:
    """Return the size of a page in the headers, and the offset and limit of its rows."""
    value = parameters.get("per_page")
    default = _default("PerPage")
    if has_quirk("per-page-mismatch"):
        unset = value is None or value is False
        return ruby.page_window(default if unset else value, page)
    if value is None or value == "":
        size = default
    elif has_quirk("validation-off"):
        size = max(0, ruby.integer(value)) or default
    else:
        size = number(value) or 0
        if size < 1:
            raise invalid("per_page", value, "Must be a Integer, at least 1")
    return size, (page - 1) * size, size


def _require_size(parameters: Parameters) -> None:
    """Raise `BadRequestError` for a size of the wrong kind. It has no effect without a page."""
    if not has_quirk("validation-off"):
        _size(parameters, 1)
        parameters.disregard("per_page")


def page_headers(window: Window | None, total: int) -> dict[str, str]:
    """Return the headers of a page of `total` records.

    It returns no headers if the answer has all records.
    """
    if window is None:
        return {}
    page = Page([], window.number, window.size, total)
    return {
        **page_links(_list_url(), query_values(current_request()), page),
        "Total": str(total),
        "Per-Page": str(window.size),
    }


def _list_url() -> str:
    request = current_request()
    path, suffix = canonical(request.path), suffix_of(request)
    return url_of(quote(f"{path}.{suffix}" if suffix and not path.endswith(f".{suffix}") else path))
