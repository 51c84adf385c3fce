"""The brands of the service: header prefixes, domain and the source of records."""

from typing import NamedTuple

from fake_server.api.records import Section
from fake_server.api.serve import current_request, header_text

_PREFIXES = ("X-4me-", "X-Xurrent-", "X-ITRP-")


class Brand(NamedTuple):
    """The values of one brand in answers."""

    source: str
    domain: str


BRANDS = {
    "4me": Brand("4me API", "4me.com"),
    "xurrent": Brand("Xurrent API", "xurrent.com"),
    "r-service": Brand("R-Service API", "r-service.tech"),
}


def brand(section: Section) -> Brand:
    """Return the brand of a dataset's section. The default is R-Service."""
    return BRANDS[section.get("brand", "r-service")]


def header(name: str) -> str | None:
    """Return a header of the current request, with the prefix of any brand."""
    for prefix in _PREFIXES:
        value = header_text(current_request(), prefix + name)
        if value:
            return value
    return None
