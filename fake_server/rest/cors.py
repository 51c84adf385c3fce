"""CORS: the headers by which a browser lets a page of another origin read an answer."""

from flask import Request, Response

_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"


def is_preflight(request: Request) -> bool:
    """Return whether a browser asks, ahead of a request, whether it may send the request."""
    return (
        request.method == "OPTIONS"
        and "Origin" in request.headers
        and "Access-Control-Request-Method" in request.headers
    )


def allow_origin(response: Response, request: Request) -> None:
    """Let the page that asks read the answer, whatever its origin, with credentials.

    A preflight is allowed all methods, and the headers that it names.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Credentials"] = "true"
    if request.method == "OPTIONS":
        requested_headers = request.headers.get("Access-Control-Request-Headers")
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        if requested_headers:
            response.headers["Access-Control-Allow-Headers"] = requested_headers
