"""The options of the pytest plugin, in a configuration file and on the command line.

The module imports nothing heavy: every run of pytest loads it.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fake_server.errors import (
    ApiFileError,
    CertificateError,
    DatasetError,
    ForeignServerError,
    QuirkError,
    UnknownApiError,
    UnreachableServerError,
    UserError,
)
from fake_server.server_urls import http_parts
from fake_server.testing.dataset_files import is_file_name
from fake_server.testing.variables import TOKEN_VARIABLE

if TYPE_CHECKING:
    import pytest

_ERRORS: dict[str, tuple[type[UserError], ...]] = {
    "apis": (UnknownApiError, ApiFileError),
    "dataset": (DatasetError,),
    "quirks": (QuirkError,),
    "url": (CertificateError, ForeignServerError, UnreachableServerError),
}
"""The errors that an option's value leads to; the text of any other error names its subject."""

_TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "t", "on", "1"), True),
    **dict.fromkeys(("false", "no", "n", "f", "off", "0"), False),
}
"""Every spelling of true and false that pytest reads in a file."""


_UNIONS: dict[str, Any] = {"bool": bool | str, "int": int | str}
"""The types in a file of a switch and a number that may be text as well."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `fake_server_<name>` in a file, `--fake-server-<name>` on a command line.

    - `read(value, root)`: returns the value; raises ValueError with what was expected.
    - `kind`: the type of the value in a file, in pytest's words.
    """

    name: str
    help: str
    read: Callable[[str, Path], Any]
    kind: Literal["string", "bool", "int", "args"] = "string"

    @property
    def ini(self) -> str:
        """Its name in a configuration file."""
        return f"fake_server_{self.name}"

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return f"--fake-server-{self.name.replace('_', '-')}"


def _text(value: str, root: Path) -> str:
    return value


def _dataset(value: str, root: Path) -> str:
    if not is_file_name(value):
        return value
    if not (root / value).is_file():
        raise ValueError(f"a dataset's name, or a file below {root}")
    return str(root / value)


def _whole_number(value: str, root: Path) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError("a whole number") from None


def _time(value: str, root: Path) -> str:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise ValueError("a time such as 2026-11-21T10:00:00Z")
    return time.isoformat()


def _yes_or_no(value: str, root: Path) -> bool:
    if value.lower() not in _TRUTHS:
        raise ValueError("true or false")
    return _TRUTHS[value.lower()]


def _one_of(*choices: str) -> Callable[[str, Path], str]:
    def read(value: str, root: Path) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return value

    return read


def _url(value: str, root: Path) -> str:
    if http_parts(value) is None:
        raise ValueError("a URL such as http://127.0.0.1:8042")
    return value.rstrip("/")


OPTIONS = (
    Option("dataset", "name of a dataset, or path of a .yaml file", _dataset),
    Option("apis", "names of the APIs to serve, if not all", _text, "args"),
    Option("seed", "another seed than the dataset's", _whole_number, "int"),
    Option("now", "the time it is, such as 2026-11-21T10:00:00Z", _time),
    Option("frozen", "whether the clock stands still: true or false", _yes_or_no, "bool"),
    Option("profile", "documented or live", _one_of("documented", "live")),
    Option("quirks", "quirks to switch: api.quirk, or api.quirk=off", _text, "args"),
    Option("auth", "credentials: dataset, any or off", _one_of("dataset", "any", "off")),
    Option("limits", "whether rate limits are enforced: true or false", _yes_or_no, "bool"),
    Option("url", "a running server to use instead of one in this process", _url),
    Option("token", "the control token of that server, where it asks for one", _text),
)


def add_options(parser: "pytest.Parser") -> None:
    """Register all options with pytest."""
    group = parser.getgroup("fake-server", "fakes of REST APIs")
    for option in OPTIONS:
        action = "append" if option.kind == "args" else "store"
        group.addoption(option.flag, action=action, default=None, help=option.help)
        parser.addini(option.ini, option.help, type=_file_type(option), default=None)


def _file_type(option: Option) -> Any:
    """Return the type of an option in a file, for the version of pytest that runs.

    From 9.2 on, a switch or number may be text as well: pytest refuses no text, and `read` says
    what was expected. Pytest 9.0 and 9.1 have no such union. Before 9.0 every value is text.
    """
    import pytest

    if option.kind not in _UNIONS or pytest.version_tuple < (9, 0):
        return "args" if option.kind == "args" else "string"
    return _UNIONS[option.kind] if pytest.version_tuple >= (9, 2) else option.kind


def read_options(config: "pytest.Config") -> dict[str, Any]:
    """Return the options that are set, by name; the command line has precedence over the file.

    The environment may hold the token too: a command line shows it to other users.

    Raises `pytest.UsageError`, one line, for a malformed value.
    """
    options = {}
    for option in OPTIONS:
        argument = config.getoption(option.flag)
        name = option.ini if argument is None else option.flag
        value = _in_file(config, option) if argument is None else argument
        if value not in (None, "", []):
            options[option.name] = _read(option, name, value, config.rootpath)
    if TOKEN_VARIABLE in os.environ:
        options.setdefault("token", os.environ[TOKEN_VARIABLE])
    return options


def option_of(error: UserError, options: Mapping[str, Any], config: "pytest.Config") -> str:
    """Return the name of the option that an error is about, as the user spells it; else empty."""
    for option in OPTIONS:
        if option.name in options and isinstance(error, _ERRORS.get(option.name, ())):
            is_argument = config.getoption(option.flag) is not None
            return option.flag if is_argument else option.ini
    return ""


def _in_file(config: "pytest.Config", option: Option) -> Any:
    """Return a file's value of an option; raises `pytest.UsageError` for another type of value."""
    import pytest

    try:
        return config.getini(option.ini)
    except (TypeError, ValueError, pytest.UsageError) as error:
        raise pytest.UsageError(f"{option.ini}: expected {option.help}: {error}") from None


def _read(option: Option, name: str, value: Any, root: Path) -> Any:
    import pytest

    try:
        if option.kind == "args":
            return [option.read(item, root) for item in value]
        return option.read(str(value), root)
    except ValueError as expected:
        raise pytest.UsageError(f"{name}: expected {expected}, found {value!r}") from None
