"""The calls that the documents print, verbatim but for the host."""

import json
import os
import subprocess
from typing import Any

import pytest

from fake_server import FakeServer
from tests.support.programs import require_program

INTRA = "https://api.intra.42.fr"
XURRENT = "https://api.r-service.tech"


def shell(command: str, real: str, server: FakeServer) -> Any:
    """Run a printed command line against the fake; return the JSON it prints."""
    require_program("curl", "curl")
    assert real in command
    ran = subprocess.run(
        ["bash", "-c", f"{command.replace(real, server.url)}; wait"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return json.loads(ran.stdout)


@pytest.mark.behaviour("intra42.graph.example.projects_users", "intra42.token.forms")
def test_curl_of_the_projects_users_graph(documented: FakeServer) -> None:
    answer = shell(
        'curl  -H "Authorization: Bearer YOUR_ACCESS_TOKEN"'
        ' "https://api.intra.42.fr/v2/projects_users/graph/on/created_at/by/day"',
        INTRA,
        documented,
    )
    assert answer == {"2017-11-22": 68}


FIRST_DURATION = (
    'curl -u "api-token:x" -X GET -H "X-4me-Account: wdc" {quote}https://api.r-service.tech/v1'
    "/calendars/42/duration?start=2020-01-01T00:00:00Z&end=2020-02-01T00:00:00Z{quote}"
)


def test_curl_of_the_first_duration_unquoted_sends_no_end(documented: FakeServer) -> None:
    answer = shell(FIRST_DURATION.format(quote=""), XURRENT, documented)
    assert set(answer) == {"message"}
    assert "end" in answer["message"]


def test_curl_of_the_first_duration_quoted_is_a_month_of_minutes(documented: FakeServer) -> None:
    answer = shell(FIRST_DURATION.format(quote='"'), XURRENT, documented)
    assert answer == {"duration": 31 * 24 * 60}


def test_curl_of_the_second_duration_sends_json_in_the_body(documented: FakeServer) -> None:
    answer = shell(
        'curl -u "api-token:x" -X GET -H "X-4me-Account: wdc" -d \'{"start":"2020-01-20T09:00:00'
        '-05:00", "end":"2020-01-20T17:00:00-05:00", "time_zone":"Central Time (US & Canada)"}\''
        ' "https://api.r-service.tech/v1/calendars/42/duration"',
        XURRENT,
        documented,
    )
    assert answer == {"duration": 8 * 60}


RUBY = """
require "oauth2"
UID = "Your application uid"
SECRET = "Your application secret"
client = OAuth2::Client.new(UID, SECRET, site: "https://api.intra.42.fr")
token = client.client_credentials.get_token

response = token.get("/v2/{resource}/graph/on/{field}/by/day")
puts response.status
puts JSON.generate(response.parsed)
"""


@pytest.mark.parametrize(
    ("resource", "field", "expected"),
    [
        (
            "slots",
            "begin_at",
            {
                "2017-11-20": 123,
                "2017-11-21": 0,
                "2017-11-22": 0,
                "2017-11-23": 0,
                "2017-11-24": 1266,
            },
        ),
        ("projects_users", "created_at", {"2017-11-22": 68}),
    ],
)
def test_ruby_snippet(
    documented: FakeServer, resource: str, field: str, expected: dict[str, int]
) -> None:
    ruby = require_program("ruby", "ruby-oauth2")
    script = RUBY.format(resource=resource, field=field).replace(INTRA, documented.url)
    ran = subprocess.run(
        [ruby, "-W0", "-e", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert ran.returncode == 0, ran.stderr
    status, parsed = ran.stdout.splitlines()
    assert status == "200"
    # From version 2 on the gem spells the keys of what it has parsed with underscores.
    assert {key.replace("_", "-"): count for key, count in json.loads(parsed).items()} == expected
