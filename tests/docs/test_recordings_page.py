"""docs/recordings.md names the options and limits that the commands have."""

import re
from pathlib import Path

from fake_server.cli.verify.command import verify
from fake_server.cli.watch import captured, checker, passing, peer
from fake_server.cli.watch.command import watch

PAGE = (Path(__file__).parents[2] / "docs" / "recordings.md").read_text(encoding="utf-8")
MIB = 1024 * 1024


def test_every_option_of_the_page_exists() -> None:
    parameters = [*watch.params, *verify.params]
    options = {name for parameter in parameters for name in parameter.opts}
    assert set(re.findall(r"(?<!-)--[a-z][a-z-]+", PAGE)) <= options


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    assert f"a body of more than {captured.LARGEST_BODY // MIB} MiB" in PAGE
    assert f"while {checker.MOST_WAITING // MIB} MiB wait" in PAGE
    assert f"at most {checker.MOST_KEPT // MIB} MiB of bodies" in PAGE
    assert f"a head of more than {peer.MAX_HEAD // 1024} KiB" in PAGE
    assert f"`--timeout` seconds ({passing.ProxyOptions().timeout:g})" in PAGE
