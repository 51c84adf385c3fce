"""gzip, as the server before the service does it: for long answers, where the client takes it."""

import gzip

from flask import Request, Response

_LEAST = 1024
"""Bytes of the shortest answer that is compressed."""

_FASTEST = 1


def compressed(response: Response, request: Request) -> Response:
    """Compress a 2xx of at least 1 KiB for a client that accepts gzip; say that others may differ.

    The ETag stays that of the answer before, which is weak.
    """
    if not 200 <= response.status_code < 300 or (response.content_length or 0) < _LEAST:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), _FASTEST, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
