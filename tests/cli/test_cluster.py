"""`serve --processes`: equal processes behind nginx, which hashes by world."""

import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from fake_server.cli.cluster import nginx
from fake_server.errors import UnknownWorldError, UnreachableServerError, UserError
from fake_server.testing import FakeWorld, RunningServer
from tests.support.commands import CommandRunner, Serving
from tests.support.programs import require_program

TOKEN = "s3cret"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
WORLDS = 500
PROCESSES = 4
AT_A_TIME = 16


class Cluster:
    """A running `serve --processes`."""

    def __init__(self, file: Path, *options: str) -> None:
        arguments = ("--dataset", "documented", "--control-token", TOKEN, *options)
        self.serving = Serving(*arguments, "--ready-file", str(file))
        self.ready = json.loads(file.read_bytes())
        self.url: str = self.ready["url"]
        self.server = RunningServer(self.url, TOKEN)

    def ask(
        self, method: str, target: str, body: bytes | None = None, /, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        """Send a request whose target reaches the proxy as it is."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def control(self, method: str, path: str, world: str | None = None) -> Any:
        """Return the JSON of an answer of the control plane."""
        named = {} if world is None else {"X-Fake-World": world}
        return json.loads(self.ask(method, f"/_fake{path}", **BEARER, **named)[1])

    def send(self, data: bytes) -> bytes:
        """Return all bytes that are answered to bytes until the connection ends."""
        parts = urlsplit(self.url)
        with socket.create_connection((parts.hostname, parts.port), 20) as connection:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def children(self) -> list[int]:
        """Return the ids of the processes that it started."""
        pid = self.serving.process.pid
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def calendars(world: FakeWorld) -> requests.Response:
    """Return Xurrent's answer in a world, on a connection of its own."""
    with world.xurrent.session() as session:
        return session.get("/calendars")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Serve with four processes; they live as long as all tests of this file."""
    require_program("nginx", "nginx")
    started = Cluster(tmp_path_factory.mktemp("cluster") / "ready.json", "--processes", "4")
    yield started
    assert started.serving.end() == (0, "")
    for stream in (started.serving.process.stdout, started.serving.process.stderr):
        if stream is not None:
            stream.close()


@pytest.fixture
def world(cluster: Cluster) -> Iterator[FakeWorld]:
    """A world of the cluster."""
    with cluster.server.create_world() as made:
        yield made


def test_no_world_is_answered_by_another_process(cluster: Cluster) -> None:
    """Make, use and delete 500 worlds in parallel; each stays in its process all the time."""

    def use(number: int) -> tuple[str, str]:
        with cluster.server.create_world() as world:
            process = world.describe()["process"]
            session = world.xurrent.session()
            name = f"calendar {number}"
            assert session.post("/calendars", json={"name": name}).status_code == 201
            names = [row["name"] for row in session.get("/calendars?per_page=100").json()]
            assert [each for each in names if each.startswith("calendar ")] == [name]
            listed = cluster.control("GET", "/worlds", world.name)
            assert listed["process"] == process == world.describe()["process"]
            assert world.name in {row["name"] for row in listed["worlds"]}
            assert len(world.requests.lines()) == 2
        with pytest.raises(UnknownWorldError, match=f"process {process} was asked"):
            world.describe()
        return world.name, process

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        used = dict(pool.map(use, range(WORLDS)))
    assert len(used) == WORLDS
    by_process = [list(used.values()).count(process) for process in set(used.values())]
    assert len(by_process) == PROCESSES
    assert min(by_process) > WORLDS / PROCESSES / 2
    for name in list(used)[:50]:
        assert [row["name"] for row in cluster.control("GET", "/worlds", name)["worlds"]] == [
            "default"
        ]


def test_what_names_no_world_is_for_default(cluster: Cluster) -> None:
    process = cluster.control("GET", "/worlds/default")["process"]
    assert cluster.ready["id"] == process
    assert cluster.control("GET", "/health")["id"] == process
    assert cluster.control("GET", "/worlds")["process"] == process
    assert cluster.control("POST", "/worlds/default/reset")["process"] == process
    assert cluster.control("GET", "/worlds/default", "default")["process"] == process


def test_a_new_world_needs_its_name_in_the_header(cluster: Cluster) -> None:
    refused, _ = cluster.ask("POST", "/_fake/worlds", **BEARER)
    assert refused.status == 400


def own_address() -> str:
    """Return an address of this machine that is not loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        address: str = probe.getsockname()[0]
    assert not address.startswith("127.")
    return address


def test_nobody_drives_it_without_the_token(tmp_path: Path) -> None:
    require_program("nginx", "nginx")
    address = own_address()
    cluster = Cluster(tmp_path / "ready.json", "--processes", "2", "--host", "0.0.0.0")
    try:
        port = urlsplit(cluster.url).port
        for host in (address, "127.0.0.1"):
            cluster.url = f"http://{host}:{port}"
            for named in (f"{host}:{port}", "localhost"):
                answer, body = cluster.ask("GET", "/_fake/worlds", Host=named)
                assert answer.status == 401, body
                assert answer.headers["WWW-Authenticate"] == 'Bearer realm="fake-server"'
                assert cluster.ask("GET", "/_fake/worlds", Host=named, **BEARER)[0].status == 200
    finally:
        assert cluster.serving.end() == (0, "")


def test_a_process_that_ends_loses_its_worlds_alone(tmp_path: Path) -> None:
    require_program("nginx", "nginx")
    cluster = Cluster(tmp_path / "ready.json", "--processes", "4")
    worlds = [cluster.server.create_world() for _ in range(40)]
    homes = {world.name: world.describe()["process"] for world in worlds}
    default = cluster.ready["id"]
    (pid, *_), lost = cluster.children(), None
    os.kill(pid, signal.SIGKILL)
    errors = cluster.serving.process.stderr
    assert errors is not None
    line = errors.readline()
    match = re.fullmatch(
        r"fake-server: process ([0-9a-f]{32}) ended with status -9: its worlds are lost, and"
        r" requests for them get 502\n",
        line,
    )
    assert match is not None, line
    lost = match[1]
    assert lost in homes.values()
    for _ in range(3):
        for world in worlds:
            status = calendars(world).status_code
            assert status == (502 if homes[world.name] == lost else 200)
            if homes[world.name] == lost:
                reason = f"no answer for world {world.name}: its process has ended"
                with pytest.raises(UnreachableServerError, match=reason):
                    world.describe()
            else:
                assert world.describe()["process"] == homes[world.name]
        status = cluster.ask("GET", "/_fake/health")[0].status
        assert status == (502 if default == lost else 200)
    assert cluster.serving.end() == (0, "")


def test_the_process_of_default_has_no_stand_in(tmp_path: Path) -> None:
    """End the process of `default`: the others have a `default` of their own, and never answer."""
    require_program("nginx", "nginx")
    cluster = Cluster(tmp_path / "ready.json", "--processes", "2")
    pids = {}
    for pid in cluster.children():
        arguments = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        if "--ready-file" in arguments:
            file = Path(arguments[arguments.index("--ready-file") + 1])
            pids[json.loads(file.read_bytes())["id"]] = pid
    os.kill(pids[cluster.ready["id"]], signal.SIGKILL)
    errors = cluster.serving.process.stderr
    assert errors is not None
    assert cluster.ready["id"] in errors.readline()
    for target in ("/", "/v1/calendars", "/_fake/worlds/default", "/w/default/v1/calendars"):
        for _ in range(5):
            answer, body = cluster.ask("GET", target)
            assert (answer.status, answer.headers["X-Fake-Server"]) == (502, "problem")
            assert "no answer for world default" in json.loads(body)["detail"]
    assert cluster.serving.end() == (0, "")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/w/{}/v1/calendars", 200),
        ("//w/{}/v1/calendars", 200),
        ("/w//{}//v1//calendars", 200),
        ("/%77/{}/v1/calendars", 200),
        ("/w/{}/v1/calendars?per_page=%35", 200),
        ("http://other.test/w/{}/v1/calendars", 200),
        ("/w/{}/../default/v1/calendars", 421),
        ("/w/{}/%2e%2e/default/v1/calendars", 421),
        ("/w/{}", 200),
        ("/w/é", 404),
    ],
)
def test_a_path_reaches_its_process_however_it_is_spelled(
    cluster: Cluster, world: FakeWorld, target: str, status: int
) -> None:
    path = target.format(world.name).encode()
    credentials = "\r\n".join(f"{name}: {value}" for name, value in world.xurrent.headers.items())
    data = b"GET %s HTTP/1.1\r\nHost: fake.test\r\nConnection: close\r\n%s\r\n\r\n" % (
        path,
        credentials.encode(),
    )
    answer = cluster.send(data)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:300]


def test_a_header_names_a_world_too(cluster: Cluster, world: FakeWorld) -> None:
    headers = {**world.xurrent.headers, "X-Fake-World": world.name}
    assert cluster.ask("GET", "/v1/calendars", **headers)[0].status == 200
    assert len(world.requests.lines()) == 1
    both = cluster.ask("GET", "/w/other/v1/calendars", **headers)[0]
    assert both.status == 400


def test_host_and_date_are_the_clients_and_the_worlds(cluster: Cluster, world: FakeWorld) -> None:
    world.clock.freeze("2026-03-02T09:00:00Z")
    path = urlsplit(world.xurrent.base_url).path
    answer, _ = cluster.ask("GET", f"{path}/calendars", **world.xurrent.headers)
    assert answer.headers.get_all("Date") == ["Mon, 02 Mar 2026 09:00:00 GMT"]
    assert "nginx" not in str(answer.headers)
    _, body = cluster.ask("GET", "/", Host="fake.test:99", Accept="application/json")
    assert json.loads(body)["apis"]["xurrent"]["base_url"] == "http://fake.test:99/v1"
    bare = cluster.send(b"GET /_fake/health HTTP/1.0\r\n\r\n")
    assert bare.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("method", "status"),
    [("PROPFIND", 404), ("M-SEARCH", 404), ("get", 400), ("TRACE", 405), ("CONNECT", 405)],
)
def test_a_method_that_no_api_has(cluster: Cluster, method: str, status: int) -> None:
    answer = cluster.send(
        b"%s /v9/things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % method.encode()
    )
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:300]
    assert (b"nginx" in answer) == (status != 404)


@pytest.mark.parametrize(
    ("size", "status", "is_own"), [(16_000, 401, True), (20_000, 414, True), (80_000, 414, False)]
)
def test_the_length_of_a_target(cluster: Cluster, size: int, status: int, is_own: bool) -> None:
    answer, body = cluster.ask("GET", f"/v1/calendars?a={'b' * size}")
    assert answer.status == status
    assert (b"nginx" not in body) == is_own


@pytest.mark.parametrize(("size", "status", "is_own"), [(60_000, 401, True), (80_000, 400, False)])
def test_the_length_of_a_header(cluster: Cluster, size: int, status: int, is_own: bool) -> None:
    answer, body = cluster.ask("GET", "/v1/calendars", **{"X-Long": "b" * size})
    assert answer.status == status
    assert (b"nginx" not in body) == is_own


def test_a_body_has_the_limit_of_the_process(cluster: Cluster, world: FakeWorld) -> None:
    path = f"{urlsplit(world.xurrent.base_url).path}/calendars"
    headers = {**world.xurrent.headers, "Content-Type": "application/json"}
    answer, body = cluster.ask("POST", path, b"a" * 3_000_000, **headers)
    assert (answer.status, b"nginx" in body) == (413, False)
    assert len(world.requests.lines()) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /../x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_a_400_of_the_proxy(cluster: Cluster, data: bytes) -> None:
    answer = cluster.send(data)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"nginx" in answer


def test_requests_of_one_connection_are_answered_in_order(cluster: Cluster) -> None:
    targets = ("/_fake/health", "/w/none/v1/calendars", "/_fake/health", "/w/other/v1/calendars")
    requests = [f"GET {target} HTTP/1.1\r\nHost: a\r\n" for target in targets]
    data = "\r\n".join([*requests, "Connection: close\r\n\r\n"]).replace("a\r\n\r\nC", "a\r\nC")
    answer = cluster.send(data.encode())
    statuses = [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", answer)]
    assert statuses == [200, 404, 200, 404]


def test_a_client_that_asks_first_may_go_on(cluster: Cluster, world: FakeWorld) -> None:
    path = f"{urlsplit(world.xurrent.base_url).path}/calendars"
    headers = "".join(f"{name}: {value}\r\n" for name, value in world.xurrent.headers.items())
    body = b'{"name": "Mine"}'
    head = (
        f"POST {path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    )
    answer = cluster.send(head.encode() + body)
    assert b"HTTP/1.1 201 " in answer, answer


def test_a_fault_that_closes_becomes_a_502(cluster: Cluster, world: FakeWorld) -> None:
    world.fail("xurrent.*", close="before", times=1)
    answer = calendars(world)
    assert (answer.status_code, answer.headers["X-Fake-Server"]) == (502, "problem")
    assert answer.json()["detail"].endswith("or a fault closed the connection")
    assert calendars(world).status_code == 200


def test_a_fault_that_cuts_an_answer_cuts_it_for_the_client(
    cluster: Cluster, world: FakeWorld
) -> None:
    world.fail("xurrent.*", close="mid")
    headers = "".join(f"{name}: {value}\r\n" for name, value in world.xurrent.headers.items())
    path = f"{urlsplit(world.xurrent.base_url).path}/calendars"
    answer = cluster.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    assert length is not None, head
    assert len(body) < int(length[1])


def test_a_status_of_a_fault_is_not_taken_for_one_of_the_proxy(world: FakeWorld) -> None:
    world.fail("xurrent.*", status=502)
    answer = calendars(world)
    assert answer.status_code == 502
    assert "X-Fake-Fault" in answer.headers


def test_a_fault_that_waits_holds_nobody_else_back(cluster: Cluster, world: FakeWorld) -> None:
    world.fail("xurrent.*", latency=2)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(calendars, world)
        began = time.monotonic()
        for _ in range(20):
            assert cluster.control("GET", "/health", world.name)["status"] == "ready"
        assert time.monotonic() - began < 1.5
        assert waiting.result().status_code == 200


def test_the_ready_file_and_the_commands_are_those_of_a_server(
    cluster: Cluster, run: CommandRunner
) -> None:
    ready = cluster.ready
    assert ready["pid"] == cluster.serving.process.pid
    assert ready["control_token"] == TOKEN
    assert ready["apis"]["xurrent"]["base_url"] == f"{cluster.url}/v1"
    assert cluster.serving.banner[:2] == [
        f"Understudy 0.1.0 on {cluster.url}",
        "4 processes behind nginx",
    ]
    more = {"FAKE_SERVER_URL": cluster.url, "FAKE_SERVER_CONTROL_TOKEN": TOKEN}
    assert run("wait", **more).stdout == f"{cluster.url}: ready\n"
    made = run("world", "create", **more)
    name, url = made.stdout.split()
    assert url == f"{cluster.url}/w/{name}"
    assert run("clock", "freeze", "--world", name, **more).returncode == 0
    assert f"/w/{name}/v1" in run("env", "--world", name, **more).stdout
    assert run("world", "delete", name, **more).stdout == f"{name}: deleted\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_all_processes(
    tmp_path: Path, run: CommandRunner, number: signal.Signals
) -> None:
    require_program("nginx", "nginx")
    file = tmp_path / "ready.json"
    cluster = Cluster(file, "--processes", "2")
    assert run("wait", "--ready-file", str(file)).returncode == 0
    children = cluster.children()
    assert len(children) == 3
    assert cluster.serving.end(number) == (0, "")
    assert not file.exists()
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def test_tls_is_that_of_one_process(tmp_path: Path, run: CommandRunner) -> None:
    require_program("nginx", "nginx")
    authority, file = tmp_path / "authority.pem", tmp_path / "ready.json"
    cluster = Cluster(file, "--processes", "2", "--tls", "--tls-ca-file", str(authority))
    try:
        assert cluster.url.startswith("https://127.0.0.1:")
        assert cluster.ready["ca_file"] == str(authority)
        assert f"authority to trust: {authority}" in cluster.serving.banner
        assert any(f"curl --cacert {authority} " in line for line in cluster.serving.banner)
        assert run("wait", "--ready-file", str(file)).returncode == 0
        trusting = {"SSL_CERT_FILE": str(authority), "FAKE_SERVER_CONTROL_TOKEN": TOKEN}
        made = run("world", "create", "--url", cluster.url, **trusting)
        name, url = made.stdout.split()
        assert url == f"{cluster.url}/w/{name}"
        refused = run("world", "list", "--url", cluster.url, FAKE_SERVER_CONTROL_TOKEN=TOKEN)
        assert "its certificate is not trusted" in refused.stderr
    finally:
        assert cluster.serving.end() == (0, "")


def test_a_killed_parent_takes_its_processes_with_it(tmp_path: Path) -> None:
    require_program("nginx", "nginx")
    cluster = Cluster(tmp_path / "ready.json", "--processes", "2")
    children = cluster.children()
    cluster.serving.end(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while living := [pid for pid in children if _lives(pid)]:
        assert time.monotonic() < deadline, living
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_without_nginx_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nginx, "_SYSTEM_FOLDERS", str(tmp_path))
    with pytest.raises(UserError, match="--processes: there is no nginx here; install it"):
        nginx.program()


@pytest.mark.parametrize("option", ["--tls-host=a.test", "--proxy", "--behind-proxy"])
def test_some_options_go_without_processes(run: CommandRunner, option: str) -> None:
    done = run("serve", "--processes", "2", option)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "fake-server: --processes goes without --tls-host, --proxy and --behind-proxy\n"
    )


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--dataset", "nothing"], "nothing"),
        (["--port", "TAKEN"], "is in use; choose another --port"),
    ],
)
def test_a_start_that_fails_ends_with_one_line(
    run: CommandRunner, options: list[str], line: str, tmp_path: Path
) -> None:
    require_program("nginx", "nginx")
    file = tmp_path / "ready.json"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        options = [port if option == "TAKEN" else option for option in options]
        done = run("serve", "--processes", "2", "--port", "0", *options, "--ready-file", str(file))
    assert done.returncode == 2
    assert line in done.stderr
    assert not file.exists()


def test_a_contract_run_has_a_world_of_its_own(cluster: Cluster, run: CommandRunner) -> None:
    before = cluster.control("GET", "/worlds/default/requests")
    options = ("--profile", "documented", "--only", "fabmanager.availabilities.*", "--rate", "0")
    token = {"FAKE_SERVER_CONTROL_TOKEN": TOKEN}
    done = run("verify", "fabmanager", "--target", cluster.url, *options, **token)
    assert done.returncode == 0, done.stdout + done.stderr
    assert cluster.control("GET", "/worlds/default/requests") == before
