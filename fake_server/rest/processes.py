"""The process that answers, and others beside it: each has worlds of its own."""

import logging
import mmap
import os
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask

SEVERAL_PROCESSES = "fake_server.several_processes"
"""The key, in the environ, that is there where several processes serve the application."""

HINT = (
    "several processes serve this application, and each has worlds, tokens, faults and journals of"
    " its own: serve it with one process and threads (gunicorn --workers 1 --threads 8), or with"
    " fake-server serve"
)
ASKED_PROCESS = "fake_server.asked_process"
"""The key, in the environ, of the process's id; it is there behind a proxy only."""

_ID = "fake_server.id"
_PID_BYTES = 8
_log = logging.getLogger("fake_server")


def set_id(app: Flask) -> None:
    """Give an application an id: another one in every process, and for every application."""
    app.extensions[_ID] = secrets.token_hex(16)


def id_of(app: Flask) -> str:
    """Return the id of an application, 32 hexadecimal digits; `/_fake/health` has it."""
    process_id: str = app.extensions[_ID]
    return process_id


class Processes:
    """The processes that serve an application, as far as one of them can know.

    A WSGI server says so itself by `wsgi.multiprocess`. Processes that are forked after the
    application is made share memory, where each of them finds the id of another. The log of a
    process has one warning.
    """

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, _PID_BYTES + 1)
        self._warned = False

    def note(self, environ: dict[str, Any]) -> None:
        """Note a request of this process; set `SEVERAL_PROCESSES` if there are other processes."""
        if not environ.get("wsgi.multiprocess") and not self._has_sibling():
            return
        environ[SEVERAL_PROCESSES] = True
        if not self._warned:
            self._warned = True
            _log.warning("%s", HINT)

    def _has_sibling(self) -> bool:
        shared, pid = self._shared, os.getpid()
        noted = int.from_bytes(shared[:_PID_BYTES])
        if not noted:
            shared[:_PID_BYTES] = pid.to_bytes(_PID_BYTES)
        elif noted != pid:
            shared[_PID_BYTES] = 1
        return shared[_PID_BYTES] == 1


def with_hint(message: str, environ: Mapping[str, Any]) -> str:
    """Return a message about something unknown; it may well be known to another process."""
    return f"{message}; {HINT}" if environ.get(SEVERAL_PROCESSES) else message


def with_process(message: str, environ: Mapping[str, Any]) -> str:
    """Return a message about an unknown world; behind a proxy it names the process asked."""
    process_id = environ.get(ASKED_PROCESS)
    if process_id is None:
        return with_hint(message, environ)
    return f"{message}: process {process_id} was asked, and another may hold it"
