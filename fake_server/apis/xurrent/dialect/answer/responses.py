"""Answers: created records with their Location, deletions, the headers that all carry."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from fake_server.api.serve import answer, has_quirk, json_answer, url_of, world
from fake_server.apis.xurrent.dialect.access.auth import current_identity
from fake_server.apis.xurrent.dialect.brands import brand

_SECURITY_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-XSS-Protection", "1; mode=block"),
)


def created(value: Mapping[str, Any], path: str) -> Response:
    """Return a 201 whose Location is the record's own URL: `path`, below /v1."""
    location = url_of(f"/v1{path}")
    if has_quirk("location-ui-url"):
        domain = brand(world().section("xurrent")).domain
        location = f"https://{current_identity().account}.{domain}{path}"
    return json_answer(value, 201, {"Location": location})


def deleted() -> Response:
    """Return a 204."""
    return answer(204, None)


def with_security_headers(response: Response) -> Response:
    """Add the headers that do not depend on the answer; a 401 carries no Cache-Control."""
    for name, value in _SECURITY_HEADERS:
        response.headers.add(name, value)
    if response.status_code != 401:
        response.headers.add("Cache-Control", "no-store")
    return response
