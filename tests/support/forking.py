"""Programs in Python without the cost of their imports: a process that has them forks for each."""

import atexit
import contextlib
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.support.commands import environment

IMPORTED = ("fake_server.app", "fake_server.cli.dataset_keys", "fake_server.cli.openapi")
"""What the process imports before it forks: nothing that reads an API's data."""


class ForkServer:
    """A process of this checkout that has imported the server's modules.

    `run` is like `subprocess.run([sys.executable, *arguments])` for `-m MODULE` and `-c CODE`. The
    program starts in a process of its own, with the environment and the search path of its own.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._at_start = _read_at_start(environment)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forking"],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def starts_like(self, environment: Mapping[str, str]) -> bool:
        """Return whether an interpreter would start in the same way in another environment."""
        return _read_at_start(environment) == self._at_start

    def run(
        self, *arguments: str, env: Mapping[str, str], timeout: int = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; it is killed after `timeout` seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            streams = [str(Path(folder) / name) for name in ("stdout", "stderr")]
            order = {
                "arguments": arguments,
                "env": dict(env),
                "folder": str(Path.cwd()),
                "streams": streams,
                "timeout": timeout,
            }
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            status = int(self._process.stdout.readline())
            output, error = (Path(name).read_text(encoding="utf-8") for name in streams)
        return subprocess.CompletedProcess(arguments, status, output, error)

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that an interpreter reads once, when it starts."""
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(("LANG", "LC_", "PYTHON"))
    }


@cache
def fork_server() -> ForkServer:
    """Return the process that the programs of all tests of this process start from."""
    server = ForkServer(environment())
    atexit.register(server.close)
    return server


def _serve() -> None:
    """Fork for each line of standard input, and print the status of each program."""
    for name in IMPORTED:
        importlib.import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(order: Mapping[str, Any]) -> None:
    """Be the program that an order names, to its end."""
    status = 1
    try:
        signal.alarm(order["timeout"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in enumerate(order["streams"], start=1):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["env"])
        sys.path[:0] = order["env"].get("PYTHONPATH", "").split(os.pathsep)
        kind, program, *arguments = order["arguments"]
        status = _run(kind, program, arguments)
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        os._exit(status)


def _run(kind: str, program: str, arguments: list[str]) -> int:
    try:
        if kind == "-m":
            sys.argv = [program, *arguments]
            runpy.run_module(program, run_name="__main__", alter_sys=True)
        else:
            sys.argv = ["-c", *arguments]
            module = sys.modules["__main__"] = ModuleType("__main__")
            exec(compile(program, "<string>", "exec"), module.__dict__)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:  # noqa: BLE001  # as the interpreter does
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    _serve()
