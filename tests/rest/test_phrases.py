"""What statuses are called, in bodies and on the wire."""

import pytest

from fake_server.edge.answer_bytes import status_line
from fake_server.rest.http_text import phrase_of


@pytest.mark.parametrize("status", [404, 418, 429, 503, 511])
def test_a_body_and_the_status_line_say_the_same(status: int) -> None:
    assert status_line(status) == f"HTTP/1.1 {status} {phrase_of(status)}\r\n".encode()


def test_a_status_that_is_not_registered_is_called_as_500() -> None:
    assert phrase_of(599) == phrase_of(500) == "Internal Server Error"
