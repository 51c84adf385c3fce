"""Work in a thread, so that the server's loop answers other requests meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


async def run_in_thread(work: Callable[[], _T]) -> _T:
    """Return the result of `work`, or raise its exception; `work` runs in a new thread.

    The thread is a daemon: a process does not wait for it at its end, as for an executor's threads.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def settle(action: Callable[[], object]) -> None:
        # Meanwhile the loop may have ended, or the caller may have been cancelled.
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if future.done() else action())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # the caller gets it
            failure = error
            settle(lambda: future.set_exception(failure))
        else:
            settle(lambda: future.set_result(result))

    threading.Thread(target=run, name="fake-server-build", daemon=True).start()
    return await future
