"""What happens to an answer on its way to the client, as data: the edge carries it out.

Every way in has the same: the server does it on the wire, interception by what the client
library would raise.
"""

from typing import Any, NamedTuple

DELIVERY = "fake_server.delivery"
"""The key, in a request's WSGI environ, of the `Delivery` of its answer; absent: as usual."""


class Delivery(NamedTuple):
    """How an answer is delivered.

    - `wait`: seconds that pass before its first byte.
    - `cut`: how many bytes of its body are sent before the connection is closed; None sends all.
      The head, where it is sent, still announces the whole body. An answer that has no body to cut
      (to a HEAD, a 204, a 304, or one that is empty) is headless.
    - `chunked`: a body that is cut is sent in chunks, without the one that ends it.
    - `headless`: the connection is closed before the first byte of the head.
    """

    wait: float = 0.0
    cut: int | None = None
    chunked: bool = False
    headless: bool = False


USUAL = Delivery()


def delivery_of(environ: dict[str, Any]) -> Delivery:
    """Return how the answer to a request is to be delivered."""
    delivery: Delivery = environ.get(DELIVERY, USUAL)
    return delivery
