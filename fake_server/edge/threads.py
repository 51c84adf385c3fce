"""Work beside the server's loop, in a thread of its own, so that other requests are answered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


async def run_in_thread(work: Callable[[], _T]) -> _T:
    """Return the result of `work`, or raise its exception, from a thread of its own.

    The thread is a daemon: a process that ends does not wait for it, as it would for an executor's.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def settle(action: Callable[[], object]) -> None:
        # The loop may have ended meanwhile, or the wait for the answer.
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if future.done() else action())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # handed to whoever waits
            failure = error
            settle(lambda: future.set_exception(failure))
        else:
            settle(lambda: future.set_result(result))

    threading.Thread(target=run, name="fake-server-build", daemon=True).start()
    return await future
