"""`fake-server serve`: the banner, the end, and every mistake in one line."""

import json
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from fake_server import FakeServer
from tests.edge.wire import Wire
from tests.support.commands import CommandRunner, Serving, environment
from tests.support.programs import require_program

Serve = Callable[..., Serving]


def test_the_banner_says_what_a_client_must_know(serve: Serve) -> None:
    served = serve("--dataset", "documented")
    text = "\n".join(served.banner)
    for path in ("/v2", "/open_api/v1", "/v1"):
        assert f"{served.url}{path}" in text
    assert "dataset documented, profile documented, time 2017-11-22T14:00:00Z (frozen)" in text
    assert "\x1b" not in text


def test_every_curl_of_the_banner_works_when_pasted(serve: Serve) -> None:
    require_program("curl", "curl")
    served = serve("--dataset", "demo")
    commands = [line.strip() for line in served.banner if line.strip().startswith("curl ")]
    assert len(commands) == 3
    for command in commands:
        done = subprocess.run(
            [*shlex.split(command), "--fail", "--silent"],
            capture_output=True,
            timeout=20,
            check=False,
        )
        assert done.returncode == 0, (command, done)
        assert json.loads(done.stdout) != []


def test_only_the_named_apis_are_in_the_banner(serve: Serve) -> None:
    served = serve("--dataset", "demo", "--api", "xurrent", "--api", "fabmanager")
    text = "\n".join(served.banner)
    assert [f"{served.url}{path}" in text for path in ("/v2", "/open_api", "/v1")] == [0, 1, 1]


def pasted(command: str) -> bytes:
    """Return the output of a command that is pasted into a shell as it is."""
    done = subprocess.run(
        ["sh", "-c", f"{command} --fail --silent"], capture_output=True, timeout=20, check=False
    )
    assert done.returncode == 0, (command, done)
    return done.stdout


AWKWARD = "pa$$w`rd!\"x'$HOME"
AWKWARD_DATASET = f"""
fabmanager:
  credentials: {{tokens: [{json.dumps(AWKWARD)}]}}
intra42:
  credentials:
    applications:
    - {{uid: "a&b $HOME", secret: {json.dumps(AWKWARD)}}}
"""


@pytest.mark.parametrize(("auth", "curls"), [("dataset", 2), ("any", 3), ("off", 3)])
def test_the_banner_has_a_curl_where_one_can_work(
    serve: Serve, tmp_path: Path, auth: str, curls: int
) -> None:
    require_program("curl", "curl")
    own = tmp_path / "own.yaml"
    own.write_text(AWKWARD_DATASET)
    served = serve("--dataset", str(own), "--auth", auth)
    commands = [line.strip() for line in served.banner if line.strip().startswith("curl ")]
    assert len(commands) == curls
    answers = [json.loads(pasted(command)) for command in commands]
    text = "\n".join(served.banner)
    lacking = (
        "  the dataset has no good token in xurrent.credentials: add one, or accept --auth any"
    )
    assert (lacking in text) == (auth == "dataset")
    assert any("access_token" in answer for answer in answers) == (auth == "dataset")
    assert ("the dataset has no good token: this asks for one" in text) == (auth == "dataset")


def test_the_banner_says_where_it_listens_behind_a_proxy(serve: Serve) -> None:
    served = serve("--dataset", "empty", "--public-url", "https://fake.example.org")
    assert served.url == "https://fake.example.org"
    (line,) = [line for line in served.banner if line.startswith("listening on ")]
    with urlopen(f"{line.removeprefix('listening on ')}/_fake/health") as response:
        assert response.status == 200
    assert "listening on" not in "\n".join(serve("--dataset", "empty").banner)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_status_0(serve: Serve, number: int) -> None:
    served = serve("--dataset", "empty")
    with Wire(served.url) as wire:
        assert wire.ask("GET", "/_fake/health").status == 200
        assert served.end(number) == (0, "")
        assert wire.at_end()


def test_a_request_under_way_is_answered_before_the_end(serve: Serve) -> None:
    served = serve("--dataset", "demo")
    with Wire(served.url) as wire:
        assert wire.ask("GET", "/_fake/health").status == 200
        wire.send(b"GET /xurrent/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.2)
        assert served.end(signal.SIGTERM) == (0, "")
        assert wire.reply().status == 200
        assert wire.at_end()


def test_a_signal_while_it_starts_ends_it_with_status_0() -> None:
    for delay in (0.15, 0.25, 0.35):
        process = subprocess.Popen(
            [sys.executable, "-m", "fake_server", "serve", "--port", "0"],
            env=environment(FAKE_SERVER_CACHE="off"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(delay)
        process.send_signal(signal.SIGTERM)
        error = process.communicate(timeout=20)[1]
        assert process.returncode in {0, -signal.SIGTERM}
        assert "Traceback" not in error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_records_are_made_ends_it_with_status_0(number: int, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fake_server", "serve", "--port", "0", "--dataset", "large"],
        env=environment(FAKE_SERVER_CACHE=str(tmp_path)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(tmp_path.glob("*.part")):
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(number)
    error = process.communicate(timeout=20)[1]
    assert (process.returncode, error) == (0, "")
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "[::1]", "::1"])
def test_a_host_by_name_or_in_brackets_is_served_where_it_leads(serve: Serve, host: str) -> None:
    served = serve("--dataset", "empty", "--host", host)
    port = served.url.rsplit(":", 1)[1]
    addresses = ["127.0.0.1", "[::1]"] if host[0] in "lL" else ["[::1]"]
    assert served.url == f"http://{addresses[0]}:{port}"
    assert "control token" not in "\n".join(served.banner)
    for address in addresses:
        with urlopen(f"http://{address}:{port}/_fake/worlds") as response:
            assert json.load(response)["worlds"][0]["url"] == f"http://{address}:{port}"
    assert served.end() == (0, "")


@pytest.mark.parametrize("taken", ["127.0.0.1", "::1"])
def test_a_port_in_use_at_either_loopback_gets_one_line(run: CommandRunner, taken: str) -> None:
    with FakeServer(dataset="empty", host=taken) as server:
        port = server.url.rsplit(":", 1)[1]
        shown = "localhost" if taken == "127.0.0.1" else "[::1]"
        for host in ("localhost", shown):
            done = run("serve", "--dataset", "empty", "--host", host, "--port", port)
            assert done.returncode == 2
            assert done.stderr.startswith(f"fake-server: {host}:{port} is in use; choose another")
            assert done.stderr.count("\n") == 1


def test_options_reach_the_world(serve: Serve) -> None:
    served = serve(
        *("--dataset", "empty", "--seed", "7", "--now", "2024-02-29T12:00:00+02:00", "--frozen"),
        *("--profile", "live", "--quirk", "fabmanager.user-id-ignored=off", "--auth", "any"),
        *("--store", "disk", "--public-url", "https://fake.example.org/x/", "--limits"),
    )
    assert served.banner[0].endswith("https://fake.example.org/x")
    text = "\n".join(served.banner)
    assert "profile live, time 2024-02-29T10:00:00Z (frozen), credentials: any" in text
    assert "https://fake.example.org/x/v2" in text


def test_worlds_that_nobody_uses_expire(serve: Serve, run: CommandRunner) -> None:
    served = serve("--dataset", "empty", "--expire-worlds", "0.2")
    assert run("world", "create", "--name", "mine", "--url", served.url).returncode == 0
    time.sleep(0.3)
    assert run("world", "list", "--url", served.url).stdout == f"default {served.url} empty\n"


def listed(url: str, **headers: str) -> int:
    """Return the status of a request for the list of worlds."""
    try:
        with urlopen(Request(f"{url}/_fake/worlds", headers=headers)) as answer:
            status: int = answer.status
            return status
    except HTTPError as refused:
        with refused:
            return refused.code


def test_an_open_server_makes_a_token_and_prints_it(serve: Serve, run: CommandRunner) -> None:
    served = serve("--dataset", "empty", "--host", "0.0.0.0")
    (line,) = [line for line in served.banner if line.startswith("control token: ")]
    token = line.removeprefix("control token: ")
    assert listed(served.url) == 401
    assert listed(served.url, Authorization=f"Bearer {token}") == 200
    refused = run("world", "list", "--url", served.url)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "asks for its control token" in refused.stderr
    by_option = run("world", "list", "--url", served.url, "--control-token", token)
    assert by_option.stdout == f"default {served.url} empty\n"
    assert run("clock", "show", FAKE_SERVER_URL=served.url, FAKE_SERVER_CONTROL_TOKEN=token).stdout
    status, error = served.end()
    assert (status, error) == (0, "")


def test_a_token_that_is_given_is_not_printed(serve: Serve) -> None:
    served = serve(
        *("--dataset", "empty", "--control-token", "s3cret", "--allow-host", "fake.test"),
    )
    assert "s3cret" not in "\n".join(served.banner)
    assert listed(served.url, Host="fake.test") == 200
    assert listed(served.url, Host="other.test") == 403
    assert listed(served.url, Host="other.test", Authorization="Bearer s3cret") == 200
    assert listed(served.url, Authorization="Bearer s3cre") == 401
    status, error = served.end()
    assert (status, error) == (0, "")


def test_a_token_may_come_from_the_environment(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_SERVER_CONTROL_TOKEN", "s3cret")
    served = serve("--dataset", "empty", "--host", "0.0.0.0")
    assert "token" not in "\n".join(served.banner).partition("\n\n")[0]
    assert listed(served.url) == 401
    assert listed(served.url, Authorization="Bearer s3cret") == 200


def test_a_time_without_zone_is_utc(serve: Serve) -> None:
    served = serve("--dataset", "empty", "--now", "2024-02-29", "--frozen")
    with urlopen(served.url) as response:
        assert json.load(response)["now"] == "2024-02-29T00:00:00Z"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--dataset", "nonesuch"], "nonesuch: no such dataset; "),
        (["--dataset", ""], "'': no such dataset; "),
        (["--quirk", ""], "'': no such quirk; "),
        (["--dataset", "nonesuch.yaml"], "nonesuch.yaml: no such dataset file"),
        (["--now", "noon"], "'noon' is not a time such as 2026-11-21T10:00:00Z"),
        (["--now", "0001-01-01"], "does not lie between 1900 and 2999"),
        (["--now", "2024-02-30"], "'2024-02-30' is not a time"),
        (["--quirk", "xurrent.nonesuch"], "xurrent.nonesuch: no such quirk; "),
        (["--quirk", "fabmanager.user-id-ignored=maybe"], "switched with =on or =off"),
        (["--profile", "real"], "'real' is not one of"),
        (["--auth", "none"], "'none' is not one of"),
        (["--store", "tape"], "'tape' is not one of"),
        (["--seed", "x"], "'x' is not a valid integer"),
        (["--port", "65536"], "65536 is not in the range"),
        (["--host", "192.0.2.1"], "expected an address of this machine"),
        (["--host", ""], "expected an address of this machine: it is empty"),
        (["--host", "no such host"], "expected an address of this machine"),
        (["--host", "a" * 70], "expected an address of this machine"),
        (["--host", "é" * 70], "expected an address of this machine"),
        (["--host", "\udcc3"], "expected an address of this machine"),
        (["--public-url", "fake.example.org"], "is not a URL such as https://"),
        (["--public-url", "http://a:b"], "is not a URL such as https://"),
        (["--control-token", "a b"], "expected ASCII characters without spaces"),
        (["--allow-host", "http://a"], "allowed host: expected a name such as fake.test"),
        (["--allow-host", "api.4me.com"], "api.4me.com is a real service's"),
        (["--expire-worlds", "inf"], "'inf' is not a number of seconds, more than 0"),
        (["--nonesuch"], "No such option"),
        (["extra"], "unexpected extra argument"),
    ],
)
def test_a_mistake_gets_one_line_and_status_2(
    run: CommandRunner, options: list[str], expected: str
) -> None:
    done = run("serve", "--port", "0", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("fake-server: ")
    assert expected in done.stderr


def test_a_port_in_use_gets_one_line(run: CommandRunner) -> None:
    with FakeServer(dataset="empty") as server:
        port = server.url.rsplit(":", 1)[1]
        done = run("serve", "--dataset", "empty", "--port", port)
    assert done.returncode == 2
    assert done.stderr == (
        f"fake-server: 127.0.0.1:{port} is in use;"
        " choose another --port, or --port 0 for a free one\n"
    )


def test_a_mistake_in_a_dataset_gets_file_and_line(run: CommandRunner, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("seed: 1\nfabmanager:\n  nonesuch: 3\n")
    done = run("serve", "--port", "0", "--dataset", str(wrong))
    assert done.returncode == 2
    assert done.stderr.startswith(f"fake-server: {wrong}:3: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_a_cache_that_cannot_be_written_is_done_without(
    serve: Serve, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FAKE_SERVER_CACHE", str(tmp_path / "file" / "cache"))
    assert serve("--dataset", "empty", "--store", store).end() == (0, "")
