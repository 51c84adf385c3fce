"""`fake-server watch` as a user runs it: its report, its files, its end."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server
from xml.etree import ElementTree

import pytest

from fake_server import FakeServer
from tests.support.commands import CommandRunner, environment
from tests.support.commands import run as run
from tests.verify.faulty import PATH, TOKEN, Lab
from tests.watch.conftest import SECONDS

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
CALENDARS = "/v1/calendars?per_page=2"


class Watching:
    """A running `fake-server watch`; `url` is the proxy's."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fake_server", "watch", "--port", "0", *options],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        lines = [self.process.stdout.readline() for _ in range(2)]
        self.url = lines[0].split()[-1] if lines[0] else ""

    def get(self, path: str, authorization: str = "Bearer api-token") -> Any:
        """Return the body of an answer."""
        request = Request(self.url + path, headers={"Authorization": authorization})
        with urlopen(request, timeout=SECONDS) as answer:
            return answer.read()

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal; return exit status, the rest of standard output, and standard error."""
        self.process.send_signal(number)
        output, error = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, output, error


Watch = Callable[..., Watching]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Start `fake-server watch` on a free port with options."""
    started: list[Watching] = []

    def start(*options: str) -> Watching:
        started.append(Watching(*options))
        return started[-1]

    yield start
    for watching in started:
        if watching.process.poll() is None:
            watching.process.kill()
            watching.process.communicate(timeout=SECONDS)


@pytest.fixture(scope="module")
def fake() -> Iterator[str]:
    """The URL of a fake."""
    with FakeServer(apis=("xurrent",)) as server:
        yield server.url


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # its name there
        """Write no log."""


@pytest.fixture
def served() -> Iterator[Callable[[Any], str]]:
    """Serve WSGI applications over HTTP, each at a URL of its own."""
    servers = []

    def serve(application: Callable[..., Iterable[bytes]]) -> str:
        server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_with_every_file(
    number: int, fake: str, watch: Watch, tmp_path: Path
) -> None:
    names = ("a.json", "a.xml", "a.html")
    ready = tmp_path / "ready.json"
    files = {name: tmp_path / name for name in (*names, "shapes.json", "kept.json")}
    options = [option for name in names for option in ("--report", str(files[name]))]
    watching = watch(
        *("xurrent", "--target", fake, *options),
        *("--record", str(files["shapes.json"]), "--keep", str(files["kept.json"])),
        *("--ready-file", str(ready)),
    )
    assert json.loads(ready.read_bytes()) == {
        "url": watching.url,
        "api": "xurrent",
        "target": fake,
        "pid": watching.process.pid,
    }
    records = json.loads(watching.get(CALENDARS))
    status, output, error = watching.end(number)
    assert (status, error) == (0, "")
    assert not ready.exists()
    assert "xurrent: 1 requests in" in output
    report = json.loads(files["a.json"].read_bytes())["apis"]["xurrent"]
    assert report["counts"]["schema"]["held"] == 1
    assert report["counts"]["behaviour"]["broken"] == 0
    assert report["counts"]["behaviour"]["held"] > 0
    assert ElementTree.parse(files["a.xml"]).getroot().tag == "testsuites"
    assert "<!doctype html>" in files["a.html"].read_text(encoding="utf-8")
    shapes = json.loads(files["shapes.json"].read_bytes())
    assert list(shapes["operations"]) == ["GET /v1/calendars"]
    for name in ("shapes.json", "kept.json"):
        text = files[name].read_text(encoding="utf-8")
        assert "api-token" not in text
        for record in records:
            assert record["name"] not in text
    assert f'"id\\":{records[0]["id"]}' in files["kept.json"].read_text(encoding="utf-8")
    assert files["kept.json"].stat().st_mode & 0o077 == 0


def test_a_kept_recording_holds_what_was_held(
    watch: Watch, run: CommandRunner, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    with FakeServer(apis=("intra42",)) as server:
        watching = watch("intra42", "--target", server.url, "--keep", str(kept))
        form = b"grant_type=client_credentials&client_id=Your+application+uid"
        form += b"&client_secret=Your+application+secret"
        with urlopen(f"{watching.url}/oauth/token", form, timeout=SECONDS) as answer:
            token = json.loads(answer.read())["access_token"]
        bearer = f"Bearer {token}"
        path = "/v2/campus/1/locations"
        locations = json.loads(watching.get(f"{path}?page[size]=3", bearer))
        for query in ("page[size]=3&page[number]=2", f"filter[host]={locations[0]['host']}"):
            watching.get(f"{path}?{query}", bearer)
        status, output, _ = watching.end()
    assert status == 0, output
    login = locations[0]["user"]["login"]
    text = kept.read_text(encoding="utf-8")
    assert login not in text
    assert token not in text
    ended = run("verify", "intra42", "--recording", str(kept), "--profile", "documented")
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert "4 recorded exchanges" in ended.stdout


def test_nothing_is_written_unless_asked(
    fake: str, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    watching = watch("xurrent", "--target", fake)
    watching.get(CALENDARS)
    assert watching.end()[0] == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", ["ascending", "total-of-page"])
def test_the_report_names_the_defect_of_a_target(
    fault: str, served: Callable[[Any], str], watch: Watch, tmp_path: Path
) -> None:
    report_file = tmp_path / "report.json"
    url = served(Lab(fault))
    watching = watch("fabmanager", "--target", url, "--report", str(report_file))
    for page in (1, 2):
        watching.get(f"{PATH}?page={page}&per_page=2", f"Token token={TOKEN}")
    status, output, error = watching.end()
    report = json.loads(report_file.read_bytes())["apis"]["fabmanager"]
    broken = [each["id"] for each in report["behaviours"] if each["verdict"] == "broken"]
    print(broken, output, error)
    assert status == 1
    assert broken
    for id_ in broken:
        assert f"broken {id_}: " in error
    assert TOKEN not in output + error + report_file.read_text(encoding="utf-8")


def test_the_end_compares_with_an_earlier_recording(
    fake: str, watch: Watch, tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier.json"
    first = watch("xurrent", "--target", fake, "--record", str(earlier))
    first.get(CALENDARS)
    first.get("/v1/holidays")
    assert first.end()[0] == 0
    same = watch("xurrent", "--target", fake, "--against", str(earlier))
    same.get(CALENDARS)
    status, output, _ = same.end()
    assert status == 0
    assert "differences of 1 operations in both recordings" in output
    assert output.rstrip().endswith("no differences")
    recording = json.loads(earlier.read_bytes())
    paths = recording["operations"]["GET /v1/calendars"]["200"]["body"]
    paths["$[].id"] = {"string": 2}
    earlier.write_text(json.dumps(recording), encoding="utf-8")
    changed = watch("xurrent", "--target", fake, "--against", str(earlier))
    changed.get(CALENDARS)
    status, output, _ = changed.end()
    assert status == 1
    assert re.search(r"GET /v1/calendars 200 +\$\[\]\.id +string +integer", output)


def test_a_second_signal_ends_it_at_once(fake: str, watch: Watch) -> None:
    watching = watch("xurrent", "--target", fake)
    os.kill(watching.process.pid, signal.SIGSTOP)
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(watching.process.pid, number)
    os.kill(watching.process.pid, signal.SIGCONT)
    watching.process.communicate(timeout=SECONDS)
    assert watching.process.returncode in {-signal.SIGINT, -signal.SIGTERM}


def test_a_terminal_shows_a_table(fake: str) -> None:
    leader, follower = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "fake_server", "watch", "xurrent", "--target", fake, "--port", "0"],
        env=environment(TERM="xterm", COLUMNS="120"),
        stdout=subprocess.PIPE,
        stderr=follower,
        text=True,
    )
    os.close(follower)
    assert process.stdout is not None
    url = process.stdout.readline().split()[-1]
    shown = b""
    request = Request(url + CALENDARS, headers={"Authorization": "Bearer api-token"})
    with urlopen(request, timeout=SECONDS) as answer:
        assert answer.status == 200
    while b"GET /v1/calendars" not in shown or b"200: 1" not in shown:
        shown += os.read(leader, 4096)
    process.terminate()
    output = process.communicate(timeout=SECONDS)[0]
    os.close(leader)
    assert process.returncode == 0
    assert "xurrent: 1 requests" in output


def test_a_target_that_is_gone_is_one_line(watch: Watch) -> None:
    watching = watch("xurrent", "--target", "http://127.0.0.1:1")
    for _ in range(2):
        with pytest.raises(OSError, match="502"):
            watching.get(CALENDARS)
    status, output, error = watching.end()
    assert status == 0
    assert "not checked: 2: the target gave no whole answer" in output
    assert error == (
        "not checked: exchange 1: the target gave no whole answer: Connection refused\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--target", "http://127.0.0.1:1"], "which API is it?"),
        (["xurrent", "--target", "http://example.org"], "plain http would send credentials"),
        (["xurrent", "--target", "ftp://example.org"], "expected a URL"),
        (["xurrent", "--target", "https://example.org/?a=b"], "expected a URL without a query"),
        (["xurrent", "--target", "https://example.org", "--ca-file", "gone.pem"], "gone.pem"),
        (["xurrent", "--target", "http://127.0.0.1:1", "--against", "gone.json"], "gone.json"),
        (["xurrent", "--target", "http://127.0.0.1:1", "--accept", "x"], "--accept needs"),
        (
            ["xurrent", "--target", "http://127.0.0.1:1", "--keep", "no/x.json"],
            "there is no folder no",
        ),
        (["xurrent", "--target", "http://127.0.0.1:1", "--report", "x.txt"], "x.txt"),
        (["xurrent", "--target", "http://127.0.0.1:1", "--host", "192.0.2.1"], "--host 192.0.2.1"),
    ],
)
def test_a_mistake_is_one_line(options: list[str], message: str, run: CommandRunner) -> None:
    ended = run("watch", *options)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("fake-server: ")
    assert ended.stderr.count("\n") == 1
    assert message in ended.stderr
