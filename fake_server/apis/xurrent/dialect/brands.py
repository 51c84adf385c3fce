"""The names one service goes by: header prefixes, domain and the source of records it makes."""

from typing import NamedTuple

from flask import request

from fake_server.api.records import Section
from fake_server.api.serve import header_text

_PREFIXES = ("X-4me-", "X-Xurrent-", "X-ITRP-")


class Brand(NamedTuple):
    """What one brand of the service puts into answers."""

    source: str
    domain: str


BRANDS = {
    "4me": Brand("4me API", "4me.com"),
    "xurrent": Brand("Xurrent API", "xurrent.com"),
    "r-service": Brand("R-Service API", "r-service.tech"),
}


def brand(section: Section) -> Brand:
    """Return the brand that a dataset's section names; R-Service if it names none."""
    return BRANDS[section.get("brand", "r-service")]


def header(name: str) -> str | None:
    """Return a header of the current request, under whichever brand's prefix it was sent."""
    for prefix in _PREFIXES:
        value = header_text(request, prefix + name)
        if value:
            return value
    return None
