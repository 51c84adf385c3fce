"""Created records with their Location, deletions, and the headers of every response."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from fake_server.api.serve import answer, has_quirk, json_answer, url_of, world
from fake_server.apis.xurrent.dialect.access.auth import current_identity
from fake_server.apis.xurrent.dialect.brands import brand

_SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-XSS-Protection": "1; mode=block",
}


def created(value: Mapping[str, Any], path: str) -> Response:
    """Return a 201. Its Location is the URL of the record at `path`, below /v1."""
    location = url_of(f"/v1{path}")
    if has_quirk("location-ui-url"):
        domain = brand(world().section("xurrent")).domain
        location = f"https://{current_identity().account}.{domain}{path}"
    return json_answer(value, 201, {"Location": location})


def deleted() -> Response:
    """Return a 204."""
    return answer(204, None)


def with_security_headers(response: Response) -> Response:
    """Add the security headers, and Cache-Control to all but a 401."""
    response.headers.extend(_SECURITY_HEADERS)
    if response.status_code != 401:
        response.headers.add("Cache-Control", "no-store")
    return response
