"""gzip for long answers, as the server before the service does it."""

import gzip

from flask import Request, Response

_LEAST = 1024
"""The size in bytes of the shortest compressed answer."""

_FASTEST = 1


def compressed(response: Response, request: Request) -> Response:
    """Compress a 2xx of at least 1 KiB for a client that accepts gzip, and set `Vary`.

    The weak ETag of the uncompressed answer stays.
    """
    if not 200 <= response.status_code < 300 or (response.content_length or 0) < _LEAST:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if "HTTP_ACCEPT_ENCODING" in request.environ and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), _FASTEST, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
