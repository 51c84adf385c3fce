"""`serve --ready-file` and `fake-server env`: how other programs find a running server."""

import json
import os
import shlex
import signal
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener, urlopen

import pytest

from bench.measure import free_port
from fake_server import FakeServer
from tests.support.commands import CommandRunner, Serving

Serve = Callable[..., Serving]
NAMES = [
    "INTRA42_BASE_URL",
    "INTRA42_TOKEN",
    "INTRA42_CLIENT_ID",
    "INTRA42_CLIENT_SECRET",
    "FABMANAGER_BASE_URL",
    "FABMANAGER_TOKEN",
    "XURRENT_BASE_URL",
    "XURRENT_TOKEN",
    "XURRENT_ACCOUNT",
]


def test_the_file_tells_how_to_reach_a_server_that_answers(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    served = serve("--dataset", "demo", "--ready-file", str(file))
    ready = json.loads(file.read_bytes())
    assert (ready["url"], ready["pid"]) == (served.url, served.process.pid)
    assert set(ready) == {"url", "pid", "id", "apis", "environment"}
    with urlopen(f"{served.url}/_fake/health") as health:
        assert json.load(health)["id"] == ready["id"]
    assert ready["apis"]["xurrent"]["base_url"] == f"{served.url}/v1"
    assert "applications" in ready["apis"]["intra42"]["credentials"]
    for api, path in (("intra42", "cursus"), ("fabmanager", "machines"), ("xurrent", "calendars")):
        access = ready["apis"][api]
        assert access["token"]
        if api != "fabmanager":
            with urlopen(
                Request(f"{access['base_url']}/{path}", headers=access["headers"])
            ) as page:
                assert json.load(page)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]
    assert served.end() == (0, "")
    assert not file.exists()


def test_a_folder_that_is_missing_is_not_made(run: CommandRunner, tmp_path: Path) -> None:
    file = tmp_path / "new" / "ready.json"
    done = run("serve", "--port", "0", "--dataset", "empty", "--ready-file", str(file))
    assert done.returncode == 2
    assert done.stderr == (
        f"fake-server: {file}: cannot be written: there is no folder {file.parent}\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_file_holds_the_token_of_an_open_server(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    file.write_text("of a server that was killed")
    served = serve("--dataset", "empty", "--host", "0.0.0.0", "--ready-file", str(file))
    token = json.loads(file.read_bytes())["control_token"]
    assert f"control token: {token}" in served.banner
    assert served.end(signal.SIGINT) == (0, "")
    assert not file.exists()


def test_the_file_of_another_server_stays(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    first = serve("--dataset", "empty", "--ready-file", str(file))
    second = serve("--dataset", "empty", "--ready-file", str(file))
    assert first.end() == (0, "")
    assert json.loads(file.read_bytes())["pid"] == second.process.pid
    assert second.end() == (0, "")
    assert not file.exists()


def test_the_file_of_an_https_server_names_its_authority(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    served = serve(
        *("--dataset", "demo", "--tls", "--tls-host", "lab.example.org"),
        *("--tls-host", "xurrent=desk.example.org"),
        *("--ready-file", str(file)),
    )
    ready = json.loads(file.read_bytes())
    authority = Path(ready["ca_file"])
    assert ready["url"] == served.url
    assert served.url.startswith("https://127.0.0.1:")
    assert f"authority to trust: {authority}" in served.banner
    curls = [line.strip() for line in served.banner if line.strip().startswith("curl ")]
    assert len(curls) == 3
    for command in curls:
        subprocess.run(
            [*shlex.split(command), "--fail", "--silent"],
            check=True,
            timeout=20,
            capture_output=True,
        )
    assert served.end() == (0, "")
    assert not authority.parent.exists()


def test_banner_file_and_variables_name_the_proxy(
    serve: Serve,
    evaluated: Callable[..., dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("files")
    file, authority = folder / "ready.json", folder / "authority.pem"
    served = serve(
        *("--dataset", "documented", "--ready-file", str(file), "--proxy"),
        *("--tls-host", "lab.example.org", "--tls-ca-file", str(authority)),
    )
    ready = json.loads(file.read_bytes())
    assert served.url.startswith("http://127.0.0.1:")
    assert f"proxy of the real hosts: {ready['proxy_url']}" in served.banner
    assert f"authority to trust: {authority}" in served.banner
    assert ready["ca_file"] == str(authority)
    assert not [line for line in served.banner if "--cacert" in line]
    variables = evaluated("--url", served.url)
    names = {"FAKE_SERVER_PROXY": ready["proxy_url"], "FAKE_SERVER_CA_FILE": str(authority)}
    for name, value in names.items():
        assert variables[name] == ready["environment"][name] == value
    proxies = ProxyHandler({"https": ready["proxy_url"]})
    trusting = HTTPSHandler(context=ssl.create_default_context(cafile=authority))
    request = Request(
        "https://lab.example.org/open_api/v1/availabilities",
        headers={"Authorization": f"Token {ready['apis']['fabmanager']['token']}"},
    )
    with build_opener(proxies, trusting).open(request, timeout=20) as page:
        assert json.load(page)["availabilities"]
    assert served.end() == (0, "")


def test_the_proxy_may_have_a_port_of_its_own(serve: Serve, run: CommandRunner) -> None:
    port = free_port()
    served = serve("--dataset", "empty", "--proxy", str(port), "--tls")
    assert served.url.startswith("https://")
    assert f"proxy of the real hosts: http://127.0.0.1:{port}" in served.banner
    second = run("serve", "--port", "0", "--dataset", "empty", "--proxy", str(port))
    assert (second.returncode, second.stdout, second.stderr) == (
        2,
        "",
        f"fake-server: 127.0.0.1:{port} is in use; choose another --proxy, or --proxy 0 for a free"
        " one\n",
    )
    assert served.end() == (0, "")


def test_commands_trust_the_authority_that_the_environment_names(
    serve: Serve, run: CommandRunner, tmp_path: Path
) -> None:
    authority = tmp_path / "authority.pem"
    served = serve("--dataset", "empty", "--tls", "--tls-ca-file", str(authority))
    said = f"{served.url}: {{}}its certificate is not trusted: name its authority's file in"
    waited = run("wait", served.url, "--timeout", "0.1")
    assert (waited.returncode, waited.stdout) == (1, "")
    assert waited.stderr.startswith(said.format("not ready after 0.1 s: "))
    listing = run("world", "list", "--url", served.url)
    assert (listing.returncode, listing.stdout) == (2, "")
    assert listing.stderr.startswith(f"fake-server: {said.format('')}")
    trusting = {"SSL_CERT_FILE": str(authority), "FAKE_SERVER_URL": served.url}
    assert run("wait", served.url, **trusting).returncode == 0
    assert run("world", "list", **trusting).stdout == f"default {served.url} empty\n"
    assert served.end() == (0, "")
    assert authority.exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--ready-file", "/dev/null/ready"], "/dev/null/ready: cannot be written: "),
        (["--tls", "--tls-ca-file", "/dev/null/a.pem"], "/dev/null/a.pem: cannot be written: "),
        (["--tls-host", "a"], "--tls-ca-file and --tls-host need --tls or --proxy"),
        (["--tls", "--tls-host", "a:1"], "host of fabmanager: expected a name such as fake.test"),
        (["--tls", "--tls-host", "xurent=a"], "host a: no such API; meant xurrent?"),
        (
            ["--tls", "--tls-host", "a", "--api", "xurrent"],
            "--tls-host a: which API lives there? expected xurrent=a",
        ),
        (["--tls", "--allow-host", "a_b"], "no certificate can be made for the allowed hosts"),
    ],
)
def test_a_mistake_gets_one_line_and_status_2(
    run: CommandRunner, options: list[str], expected: str
) -> None:
    done = run("serve", "--port", "0", "--dataset", "empty", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("fake-server: ")
    assert expected in done.stderr


def test_what_is_no_file_is_left_alone(run: CommandRunner, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for options in (["--ready-file", str(pipe)], ["--tls", "--tls-ca-file", str(pipe)]):
        done = run("serve", "--port", "0", "--dataset", "empty", *options)
        said = f"fake-server: {pipe}: cannot be written: it is there, and no file\n"
        assert (done.returncode, done.stderr) == (2, said)
        assert pipe.is_fifo()


@pytest.fixture
def evaluated(run: CommandRunner, tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Return the environment of a shell that evaluated what `fake-server env` prints."""

    def evaluate(*arguments: str) -> dict[str, str]:
        printed = run("env", *arguments)
        assert printed.returncode == 0, printed.stderr
        script = f"cd {shlex.quote(str(tmp_path))}\nset -eu\n{printed.stdout}\nexec env -0"
        shell = subprocess.run(
            ["sh", "-c", script], env={"PATH": os.environ["PATH"]}, check=True, capture_output=True
        )
        lines = shell.stdout.decode().rstrip("\0").split("\0")
        assert not list(tmp_path.iterdir())
        return dict(line.split("=", 1) for line in lines)

    return evaluate


def test_a_shell_evaluates_what_env_prints(evaluated: Callable[..., dict[str, str]]) -> None:
    with FakeServer(dataset="demo") as server:
        server.app.test_client().post("/_fake/worlds", json={"name": "mine"})
        for name, url in (("default", server.url), ("mine", f"{server.url}/w/mine")):
            variables = evaluated("--url", server.url, "--world", name)
            assert variables["FAKE_SERVER_URL"] == server.url
            assert variables["FAKE_SERVER_WORLD_URL"] == url
            assert variables["INTRA42_BASE_URL"] == f"{url}/v2"
            assert variables["FABMANAGER_BASE_URL"] == f"{url}/open_api/v1"
            assert variables["XURRENT_BASE_URL"] == f"{url}/v1"
            assert variables["INTRA42_CLIENT_SECRET"] == "Your application secret"
            assert (variables["XURRENT_TOKEN"], variables["XURRENT_ACCOUNT"]) == (
                "api-token",
                "wdc",
            )
            assert set(NAMES) <= set(variables)


AWKWARD = "it's; $(touch a) `touch b`\n\"\\ é"


@pytest.fixture
def awkward() -> Any:
    """Serve a dataset whose secret no shell must take for a command."""
    with FakeServer(dataset="empty") as server:
        application = {"uid": "mine", "secret": AWKWARD}
        content = {"intra42": {"credentials": {"applications": [application]}}}
        answer = server.app.test_client().post(
            "/_fake/worlds", json={"name": "mine", "dataset": content}
        )
        assert answer.status_code == 201, answer.text
        yield server


def test_what_env_prints_is_quoted(
    awkward: FakeServer, evaluated: Callable[..., dict[str, str]], run: CommandRunner
) -> None:
    chosen = ("--url", awkward.url, "--world", "mine")
    assert evaluated(*chosen)["INTRA42_CLIENT_SECRET"] == AWKWARD
    assert (
        json.loads(run("env", *chosen, "--format", "json").stdout)["INTRA42_CLIENT_SECRET"]
        == AWKWARD
    )
    github = run("env", *chosen, "--format", "github").stdout
    assert f"FABMANAGER_BASE_URL={awkward.url}/w/mine/open_api/v1\n" in github
    opening, _, rest = github.partition("INTRA42_CLIENT_SECRET<<")[2].partition("\n")
    assert rest.startswith(f"{AWKWARD}\n{opening}\n")
    assert opening not in AWKWARD


def test_mistakes_of_env_get_one_line(run: CommandRunner) -> None:
    with FakeServer(dataset="empty") as server:
        unknown = run("env", "--url", server.url, "--world", "mine")
        url = server.url
    gone = run("env", "--url", url)
    for done, said in ((unknown, "there is no world called 'mine' here"), (gone, "refused")):
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
