"""The folder of files that one process needs while it runs: databases on disk, authorities.

The process holds a lock on a file in the folder. A folder whose lock nobody holds belongs to a
process that was killed; the next process that looks removes it.
"""

import atexit
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from threading import Lock

_PREFIX = "understudy-data-"
_OWNED = "owned"
_REMOVALS = 3


class TemporaryFolder:
    """The folder of this process, made at its first use and removed when the process ends."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._path: Path | None = None
        self._owned: int | None = None

    def path(self) -> Path:
        """Return the folder, made anew if somebody removed it; raises OSError."""
        with self._lock:
            if self._path is None:
                clear_abandoned()
                # A signal may end the process as soon as the folder exists.
                atexit.register(self.remove)
                self._path = Path(tempfile.gettempdir()) / f"{_PREFIX}{os.urandom(8).hex()}"
            if self._owned is None or not (self._path / _OWNED).exists():
                self._path.mkdir(mode=0o700, exist_ok=True)
                if self._owned is not None:
                    os.close(self._owned)
                self._owned = os.open(self._path / _OWNED, os.O_RDWR | os.O_CREAT, 0o600)
                _hold(self._owned)
            return self._path

    def remove(self) -> None:
        """Remove the folder. It takes no lock: a signal handler may call it at any time."""
        path = self._path
        for _ in range(_REMOVALS):
            # Another thread may make a file meanwhile.
            if path is None or not path.exists():
                return
            rmtree(path, ignore_errors=True)


def clear_abandoned() -> None:
    """Remove the folders of processes that do not live any more."""
    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            if _is_abandoned(folder):
                rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / _OWNED, os.O_RDWR)
    except OSError:
        return False
    try:
        return _hold(descriptor)
    finally:
        os.close(descriptor)


def _hold(descriptor: int) -> bool:
    """Lock a file until it is closed; return whether that worked and nobody else holds it."""
    try:
        import fcntl
    except ImportError:  # not POSIX: no folder is taken for abandoned
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


OWN = TemporaryFolder()
"""The folder of this process."""
