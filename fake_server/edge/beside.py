"""Work beside the server's loop, in a thread of its own, so that other requests are answered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


async def run_beside(work: Callable[[], _T]) -> _T:
    """Return the result of `work`, or raise its exception, from a thread of its own.

    The thread is a daemon: a process that ends does not wait for it, as it would for an executor's.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def settle(act: Callable[[], object]) -> None:
        # The loop may have ended meanwhile, or the wait for the answer.
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if done.done() else act())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # handed to whoever waits
            raised = error
            settle(lambda: done.set_exception(raised))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=run, name="fake-server-build", daemon=True).start()
    return await done
