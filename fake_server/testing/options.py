"""What a pytest run says about its fake: in its configuration file, on its command line.

It imports nothing heavy: every run of pytest loads it.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

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
from fake_server.testing.files import is_file_name
from fake_server.testing.variables import TOKEN_VARIABLE

if TYPE_CHECKING:
    import pytest

_LAST_QUOTED = re.compile(r"""(?P<quote>['"])(?P<text>[^'"]*)(?P=quote)\Z""")
"""The value at the end of what pytest says of it."""

_ERRORS: dict[str, tuple[type[UserError], ...]] = {
    "apis": (UnknownApiError, ApiFileError),
    "dataset": (DatasetError,),
    "quirks": (QuirkError,),
    "url": (CertificateError, ForeignServerError, UnreachableServerError),
}
"""The errors that an option's value leads to; the others name what they are about."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `fake_server_<name>` in a file, `--fake-server-<name>` on a command line.

    `read(value, root)` returns its value and raises ValueError with what was expected. `kind` is
    what pytest calls its type in a file.
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
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError("a time such as 2026-11-21T10:00:00Z")
    return found.isoformat()


def _yes_or_no(value: str, root: Path) -> bool:
    answers = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
    if value.lower() not in answers:
        raise ValueError("true or false")
    return answers[value.lower()]


def _one_of(*known: str) -> Callable[[str, Path], str]:
    def read(value: str, root: Path) -> str:
        if value not in known:
            raise ValueError(f"one of {', '.join(known)}")
        return value

    return read


def _url(value: str, root: Path) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
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
    """Tell pytest of all options."""
    group = parser.getgroup("fake-server", "fakes of REST APIs")
    for option in OPTIONS:
        action = "append" if option.kind == "args" else "store"
        group.addoption(option.flag, action=action, default=None, help=option.help)
        parser.addini(option.ini, option.help, type=_known_kind(option), default=None)


def _known_kind(option: Option) -> Any:
    """Return the type of an option; pytest before 8.4 knows no numbers, and must run, too."""
    import pytest

    old = pytest.version_tuple < (8, 4)
    return "string" if option.kind == "int" and old else option.kind


def read_options(config: "pytest.Config") -> dict[str, Any]:
    """Return the options that are given, by name; the command line rules.

    The token may also be in the environment, where nobody sees it.

    Raises `pytest.UsageError`, one line, for a malformed value.
    """
    found = {}
    for option in OPTIONS:
        flagged = config.getoption(option.flag)
        name = option.ini if flagged is None else option.flag
        given = _in_file(config, option) if flagged is None else flagged
        if given not in (None, "", []):
            found[option.name] = _read(option, name, given, config.rootpath)
    if TOKEN_VARIABLE in os.environ:
        found.setdefault("token", os.environ[TOKEN_VARIABLE])
    return found


def option_of(error: UserError, options: Mapping[str, Any], config: "pytest.Config") -> str:
    """Return the option that an error is about, as it was given; empty if none was."""
    for option in OPTIONS:
        if option.name in options and isinstance(error, _ERRORS.get(option.name, ())):
            flagged = config.getoption(option.flag) is not None
            return option.flag if flagged else option.ini
    return ""


def _in_file(config: "pytest.Config", option: Option) -> Any:
    """Return a file's value of an option; text that pytest refuses, for it to be read here."""
    import pytest

    try:
        return config.getini(option.ini)
    except (TypeError, ValueError, pytest.UsageError) as error:
        refused = _LAST_QUOTED.search(str(error))
        if refused is None or option.kind == "args":
            raise pytest.UsageError(f"{option.ini}: expected {option.help}: {error}") from None
        return refused["text"]


def _read(option: Option, name: str, given: Any, root: Path) -> Any:
    import pytest

    try:
        if option.kind == "args":
            return [option.read(one, root) for one in given]
        return option.read(str(given), root)
    except ValueError as expected:
        raise pytest.UsageError(f"{name}: expected {expected}, found {given!r}") from None
