"""An application that says what arrives."""

import json

from flask import Flask, Response, request

LIMIT = 1024 * 1024


def echo_app(status: int = 200) -> Flask:
    """Return an application that answers every request with what it received."""
    app = Flask("echo", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LIMIT)
    seen: list[str] = []

    @app.before_request
    def echo() -> Response:
        seen.append(request.path)
        received = {
            "method": request.environ["REQUEST_METHOD"],
            "path": request.environ["PATH_INFO"],
            "query": request.environ["QUERY_STRING"],
            "host": request.host,
            "size": len(request.get_data()),
            "seen": seen,
            "trailer": request.headers.get("X-Trailer"),
            "world": request.headers.get("X-Fake-World"),
        }
        return Response(json.dumps(received), status, content_type="application/json")

    return app
