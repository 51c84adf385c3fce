"""An exchange of a recording: one request with its answer."""

from datetime import datetime
from typing import NamedTuple

from fake_server.verify.server.raw_messages import Answer


class Exchange(NamedTuple):
    """An exchange of a recording.

    - `position`: where the file has it, such as `session.har: entry 12`, counted from 1.
    - `answer`: the answer; its `request` is the request.
    - `at`: when the request was sent; None: the file does not say.
    """

    position: str
    answer: Answer
    at: datetime | None = None
