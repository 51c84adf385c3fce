"""nginx as a child of `serve`: found, checked, started, stopped."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from fake_server.cli.cluster.children import start_child
from fake_server.cli.cluster.configuration import cluster_configuration, main_configuration
from fake_server.errors import OutputError, SettingError

_SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"
_MAIN_FILE = "nginx.conf"


def program() -> str:
    """Return the path of nginx; raises `SettingError` that says what to install."""
    path = os.pathsep.join([os.environ.get("PATH", ""), _SYSTEM_FOLDERS])
    nginx = shutil.which("nginx", path=path)
    if nginx is None:
        raise SettingError(
            "--processes: there is no nginx here; install it (Debian, Ubuntu: apt install nginx;"
            " macOS: brew install nginx)"
        )
    return nginx


def start(
    nginx: str,
    folder: Path,
    listeners: Sequence[str],
    processes: Sequence[str],
    *,
    tls: bool,
) -> subprocess.Popen[bytes]:
    """Start nginx with its files in a folder; raises `OutputError` if it refuses to.

    For `listeners` and `processes` see `cluster_configuration`, for `tls` `main_configuration`.
    """
    folder.joinpath("understudy.conf").write_text(cluster_configuration(listeners, processes))
    folder.joinpath(_MAIN_FILE).write_text(main_configuration(_user(), tls=tls))
    command = [nginx, "-p", f"{folder}/", "-c", _MAIN_FILE, "-e", "stderr"]
    check = subprocess.run(
        [*command, "-t", "-q"], capture_output=True, text=True, check=False, timeout=30
    )
    if check.returncode:
        lines = check.stderr.strip().splitlines() or [f"status {check.returncode}"]
        raise OutputError(f"nginx: {lines[0]}")
    return start_child(command, {**os.environ}, None)


def stop(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Stop nginx: answers under way have so many seconds to end."""
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


def _user() -> str | None:
    """Return the name of the user where that is root, whose workers nginx gives to another user."""
    if os.geteuid():
        return None
    from pwd import getpwuid

    return getpwuid(0).pw_name
