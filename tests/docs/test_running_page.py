"""docs/running.md: its commands run in the order of the page, and what it names is there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.measure import free_port
from fake_server import FakeServer
from fake_server.cli.serve_command import serve
from tests.support.commands import environment
from tests.support.pages import held_by, run_sample, samples
from tests.support.programs import require_program

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
COMMANDS = {title: "".join(samples(text, "bash")) for title, text in SECTIONS.items()}


def run(script: str, port: int, folder: Path) -> str:
    """Run commands as the page has them but for the port, and return what they print."""
    python = shlex.quote(sys.executable)
    function = (
        "fake-server() {\n"
        f'  if [ "$1" = serve ]; then exec {python} -m fake_server "$@" --port {port}; fi\n'
        f'  {python} -m fake_server "$@"\n'
        "}\n"
        # Whatever becomes of the commands, no server is left. One that they have ended is let end:
        # a second signal kills it, with another status.
        "trap 'status=$?; [ $status = 0 ] || kill $(jobs -p) 2> /dev/null || true; wait' EXIT\n"
    )
    script = script.replace(":8042", f":{port}")
    script = script.replace("curl -s", "curl --silent --fail --write-out '\\n'")
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", function + script],
        cwd=folder,
        env=environment(PATH=os.environ["PATH"], FAKE_SERVER_URL=f"http://127.0.0.1:{port}"),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("title", [title for title, text in COMMANDS.items() if text])
def test_the_commands_run(title: str, tmp_path: Path) -> None:
    require_program("curl", "curl")
    printed = run(COMMANDS[title], free_port(), tmp_path)
    answers = [line for line in printed.splitlines() if line.startswith(("[", "{"))]
    assert len(answers) == COMMANDS[title].count("curl ")
    assert [answer for answer in answers if not json.loads(answer)] == []
    assert not (tmp_path / "fake.json").exists()


def test_there_are_commands() -> None:
    assert sum(bool(text) for text in COMMANDS.values()) == 4


def test_the_ready_file_is_as_the_page_has_it(tmp_path: Path) -> None:
    (shown,) = samples(PAGE, "json")
    port = free_port()
    script = COMMANDS["Until it is ready"].replace("kill $!", "cp fake.json copy.json\nkill $!")
    run(script, port, tmp_path)
    ready = json.loads((tmp_path / "copy.json").read_bytes())
    assert held_by(json.loads(shown.replace(":8042", f":{port}")), ready)


def test_the_sample_runs() -> None:
    (sample,) = samples(PAGE, "python")
    run_sample(sample, "docs/running.md")


def test_every_option_and_no_other_is_on_the_page() -> None:
    options = {name for option in serve.params for name in (*option.opts, *option.secondary_opts)}
    shown = set(re.findall(r"`(--[a-z-]+)`", SECTIONS["Options of `serve`"]))
    assert shown == options


def test_every_variable_and_no_other_is_on_the_page() -> None:
    with FakeServer(dataset="demo", proxy=True) as server:
        world = server.app.test_client().get("/_fake/worlds/default").json
    table = SECTIONS["Variables"].partition("| variable | is |")[2].partition("\n\n")[0]
    shown = set(re.findall(r"`([A-Z0-9_]+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.M))))
    assert world is not None
    assert shown == {"FAKE_SERVER_URL", *world["environment"]}


def test_links_lead_to_files() -> None:
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (ROOT / "docs" / target).exists(), target


CLIENTS = {
    "python": (
        "SSL_CERT_FILE",
        [sys.executable, "-c", "import sys, urllib.request as u; u.urlopen(sys.argv[1])"],
    ),
    "httpx": (
        "SSL_CERT_FILE",
        [sys.executable, "-c", "import sys, httpx; httpx.get(sys.argv[1])"],
    ),
    "requests": (
        "REQUESTS_CA_BUNDLE",
        [sys.executable, "-c", "import sys, requests; requests.get(sys.argv[1])"],
    ),
    "ruby": ("SSL_CERT_FILE", ["ruby", "-e", "require 'net/http'; Net::HTTP.get(URI(ARGV[0]))"]),
    "node": (
        "NODE_EXTRA_CA_CERTS",
        ["node", "-e", "fetch(process.argv[1]).catch(() => process.exit(1))"],
    ),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_trusts_the_authority_by_its_variable(name: str) -> None:
    variable, command = CLIENTS[name]
    assert f"`{variable}=authority.pem`" in SECTIONS["HTTPS, and clients with a hard-coded host"]
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {name}")
    with FakeServer(dataset="empty", tls=True) as server:
        for variables, status in (({variable: str(server.ca_file)}, 0), ({}, 1)):
            done = subprocess.run(
                [*command, f"{server.url}/_fake/health"],
                env=environment(**variables),
                capture_output=True,
                timeout=60,
                check=False,
            )
            assert (done.returncode == 0) == (status == 0), done


CALENDARS = "https://api.4me.com/v1/calendars"
PROXIED = {
    "curl": ({"CURL_CA_BUNDLE"}, ["curl", "--silent", "--fail", CALENDARS]),
    "Python's own, httpx": (
        {"SSL_CERT_FILE"},
        [
            sys.executable,
            "-c",
            "import sys, httpx, urllib.request as u; u.urlopen(sys.argv[1]);"
            "httpx.get(sys.argv[1]).raise_for_status()",
            CALENDARS,
        ],
    ),
    "requests": (
        {"REQUESTS_CA_BUNDLE"},
        [
            sys.executable,
            "-c",
            "import sys, requests; requests.get(sys.argv[1]).raise_for_status()",
            CALENDARS,
        ],
    ),
    "Ruby": (
        {"SSL_CERT_FILE"},
        ["ruby", "-e", "require 'net/http'; Net::HTTP.get_response(URI(ARGV[0])).value", CALENDARS],
    ),
    "Node before 24": (
        {"NODE_EXTRA_CA_CERTS"},
        [
            *("node", "--import", str(ROOT / "examples" / "proxy-node" / "proxy.mjs")),
            *("-e", "fetch(process.argv[1]).then((a) => process.exit(a.ok ? 0 : 1))", CALENDARS),
        ],
    ),
}
ROWS = dict(re.findall(r"^\| (.*?) \| (.*?) \|$", SECTIONS["A proxy of the real hosts"], re.M))


@pytest.mark.parametrize("name", PROXIED)
def test_a_client_reaches_a_real_host_by_the_variables_of_its_row(name: str) -> None:
    trusting, command = PROXIED[name]
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {name}")
    named = set(re.findall(r"`([A-Za-z_]+)`", ROWS[name]))
    proxies = named & {"HTTPS_PROXY", "http_proxy"}
    assert trusting <= named
    assert len(proxies) == 1
    with FakeServer(dataset="documented", auth="off", proxy=True) as server:
        variables = dict.fromkeys(proxies, server.proxy_url)
        variables |= dict.fromkeys(trusting, str(server.ca_file))
        done = subprocess.run(
            command, env=environment(**variables), capture_output=True, timeout=60, check=False
        )
    assert done.returncode == 0, done
