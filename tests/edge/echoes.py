"""What the application of these tests received, and what the server refuses."""

import json

from tests.edge.wire import Reply

CHUNKED = b"Transfer-Encoding: chunked"


def echoed(reply: Reply) -> dict[str, object]:
    """Return the request that the application received, from its answer."""
    assert reply.status == 200, reply
    seen: dict[str, object] = json.loads(reply.body)
    return seen


def expect_refused(reply: Reply, status: int) -> str:
    """Assert that an answer is one plain line that ends the connection; return the line."""
    assert reply.status == status, reply
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["connection"] == "close"
    text = reply.body.decode("ascii")
    assert text.isprintable()
    return text
