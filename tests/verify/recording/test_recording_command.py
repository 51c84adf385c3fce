"""The command with recordings: its reports, its APIs, its options, and what it never shows."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner

from fake_server.cli.verify.command import verify
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.passive_checks import PassiveChecks
from fake_server.verify.recording.recording_files import write_exchanges
from fake_server.verify.recording.secrets import mask_credentials
from fake_server.verify.server.credential_mask import CredentialMask
from tests.verify.recording.sessions import FAB_TOKEN, SECRET, SESSIONS, as_har


def run(*arguments: Any) -> tuple[int, str]:
    """Return the status and output of the command."""
    done = CliRunner().invoke(verify, [str(each) for each in arguments], standalone_mode=False)
    if isinstance(done.exception, click.ClickException):
        return 2, done.exception.format_message()
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.output


def with_wrong_total(exchanges: list[Exchange]) -> list[Exchange]:
    """Return exchanges whose second answers a total that is wrong."""
    answer = exchanges[1].answer
    headers = answer.headers.copy()
    headers["Total"] = "150"
    changed = exchanges[1]._replace(answer=replace(answer, headers=headers))
    return [exchanges[0], changed, *exchanges[2:]]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a HAR file with a wrong total in its second entry."""
    file = tmp_path / "session.har"
    file.write_text(json.dumps(as_har(with_wrong_total(SESSIONS["fabmanager"]()))))
    return file


def test_a_sound_recording_of_all_apis_breaks_nothing(tmp_path: Path) -> None:
    file, report = tmp_path / "all.har", tmp_path / "report.json"
    exchanges = [each for make in SESSIONS.values() for each in make()]
    file.write_text(json.dumps(as_har(exchanges)))
    status, output = run("--recording", file, "--profile", "documented", "--report", report)
    assert status == 0, output
    read = json.loads(report.read_bytes())["apis"]
    assert list(read) == list(SESSIONS)
    for api, make in SESSIONS.items():
        assert (read[api]["exchanges"], read[api]["requests"]) == (len(make()), 0)
        assert read[api]["counts"]["behaviour"]["held"] > 30
        assert read[api]["counts"]["schema"]["broken"] == 0
    assert f"{len(SESSIONS['xurrent']())} recorded exchanges" in output


def test_the_live_sentences_are_known_deviations(tmp_path: Path) -> None:
    file, report = tmp_path / "live.json", tmp_path / "report.json"
    write_exchanges(file, SESSIONS["intra42"]("live"), "intra42")
    status, output = run("intra42", "--recording", file, "--report", report)
    assert status == 0, output
    read = json.loads(report.read_bytes())["apis"]["intra42"]
    assert read["profile"] == "live"
    known = {each["id"] for each in read["behaviours"] if each["verdict"] == "known deviation"}
    assert {"intra42.slots.order", "intra42.oauth.token_type"} <= known
    assert run("intra42", "--recording", file, "--profile", "documented")[0] == 1


def test_what_is_broken_is_reported_with_its_position(broken: Path, tmp_path: Path) -> None:
    reports = [tmp_path / name for name in ("r.json", "r.xml", "r.html")]
    options = [word for report in reports for word in ("--report", report)]
    status, output = run("fabmanager", "--recording", broken, *options)
    assert status == 1
    assert "session.har: entry 2" in output
    assert "per_page=140&page=2" in output
    for report in reports:
        assert "session.har: entry 2" in report.read_text(encoding="utf-8"), report.name
    suite = ElementTree.parse(reports[1]).getroot()[0]
    failures = {case.get("name") for case in suite if case.find("failure") is not None}
    assert "fabmanager.collections.total:list_availabilities" in failures
    read = json.loads(reports[0].read_bytes())["apis"]["fabmanager"]
    total = next(each for each in read["behaviours"] if each["id"] == "fabmanager.pages.total")
    assert (total["verdict"], total["tests"]) == ("broken", ["session.har: entry 2"])
    unseen = next(each for each in read["behaviours"] if each["id"] == "fabmanager.limits.none")
    assert unseen["missing"]["text"] == "an exchange of the recording that shows it"


def test_only_some_behaviours(broken: Path) -> None:
    assert run("--recording", broken, "--only", "fabmanager.headers.*")[0] == 0
    status, output = run("--recording", broken, "--only", "*.collections.total:list_availabilities")
    assert status == 1
    assert "fabmanager.pages.total" not in output


def moved(exchanges: list[Exchange], base_url: str) -> list[Exchange]:
    """Return exchanges with another server."""
    return [each._replace(answer=replace(each.answer, base_url=base_url)) for each in exchanges]


def test_a_host_of_ones_own(tmp_path: Path) -> None:
    lab, other = tmp_path / "lab.har", tmp_path / "other.har"
    exchanges = SESSIONS["fabmanager"]()
    lab.write_text(json.dumps(as_har(moved(exchanges, "https://lab.example.org"))))
    other.write_text(json.dumps(as_har(moved(exchanges, "https://api.intra.42.fr"))))
    assert run("--recording", lab, "--host", "fabmanager=lab.example.org")[0] == 0
    assert run("fabmanager", "--recording", lab)[0] == 0
    status, output = run("fabmanager", "--recording", other)
    assert status == 2
    assert output == (
        f"{other}: none of {len(exchanges)} exchanges belongs to fabmanager;"
        " name its host with --host"
    )


def test_what_does_not_go_with_recordings(broken: Path, tmp_path: Path) -> None:
    for option in (("--target", "lab"), ("--allow-writes",), ("--record", tmp_path / "s.json")):
        status, output = run("--recording", broken, *option)
        assert (status, output) == (
            2,
            f"{option[0]} does not go with --recording, which sends nothing",
        )
    status, output = run("--recording", broken, "--only", "nothing.*")
    assert status == 2
    assert "nothing.*" in output
    status, output = run("nobody", "--recording", broken)
    assert (status, "nobody" in output) == (2, True)


SECRETS = {
    "cookie": "c00kie-5ecret",
    "set": "5et-c00kie-5ecret",
    "query": "qu3ry-t0ken",
    "basic": "ba5ic-pa55word",
    "key": "x-4pi-k3y",
    "body": "b0dy-pa55word",
    "answer": "an5wer-t0ken",
}


def test_no_credential_gets_into_a_report(tmp_path: Path) -> None:
    exchanges = with_wrong_total(SESSIONS["fabmanager"]()) + SESSIONS["intra42"]()
    basic = base64.b64encode(f"user:{SECRETS['basic']}".encode()).decode()
    changed = []
    for each in exchanges:
        request, headers = each.answer.request, each.answer.headers.copy()
        added = {
            "Cookie": f"session={SECRETS['cookie']}",
            "Proxy-Authorization": f"Basic {basic}",
            "X-Api-Key": SECRETS["key"],
        }
        headers["Set-Cookie"] = f"session={SECRETS['set']}; Path=/"
        headers["X-Frame-Options"] = (
            f"{SECRETS['cookie']} {SECRETS['set']} {SECRETS['key']} {basic}"
        )
        separator = "&" if "?" in request.target else "?"
        target = f"{request.target}{separator}access_token={SECRETS['query']}"
        body = json.dumps({"password": SECRETS["body"]}).encode()
        sent = replace(
            request,
            target=target,
            headers=(*request.headers, *added.items()),
            body=body if each.answer.status in {401, 404} else request.body,
        )
        content = each.answer.body
        if each.answer.status == 404:
            content = json.dumps({"refresh_token": SECRETS["answer"]}).encode()
        answer = replace(each.answer, request=sent, headers=headers, body=content)
        changed.append(each._replace(answer=answer))
    file = tmp_path / "secrets.har"
    file.write_text(json.dumps(as_har(changed)))
    reports = [tmp_path / name for name in ("r.json", "r.xml", "r.html")]
    options = [word for report in reports for word in ("--report", report)]
    status, output = run("--recording", file, *options)
    assert status == 1
    token = json.loads(SESSIONS["intra42"]()[0].answer.body)["access_token"]
    texts = [output, *(report.read_text(encoding="utf-8") for report in reports)]
    for text in texts:
        assert "entry 2" in text
        for secret in (*SECRETS.values(), basic, FAB_TOKEN, SECRET, token):
            assert secret not in text
    assert "$TOKEN" in texts[1]


@pytest.mark.parametrize(
    "name", ["sig", "accessToken", "clientSecret", "passphrase", "otp", "connect.sid", "a[apiKey]"]
)
def test_names_of_credentials_in_a_recording(name: str) -> None:
    exchange = SESSIONS["fabmanager"]()[0]
    secret = "canary-7421-secret"
    sent = replace(exchange.answer.request, target=f"/open_api/v1/users?{name}={secret}")
    mask = CredentialMask()
    mask_credentials(exchange._replace(answer=replace(exchange.answer, request=sent)), mask)
    assert secret not in mask.hide(f"it was {secret}")


def test_a_terminal_is_safe_from_a_recording() -> None:
    exchange = SESSIONS["fabmanager"]()[0]
    headers = exchange.answer.headers.copy()
    headers["X-Frame-Options"] = "\x1b[2J\x1b]0;owned\x07"
    changed = exchange._replace(answer=replace(exchange.answer, headers=headers))
    checks = PassiveChecks("fabmanager", "documented", CredentialMask())
    (finding,) = [
        each
        for each in checks.on_exchange(changed)
        if each.behaviour == "fabmanager.headers.security"
    ]
    assert "\x1b" not in finding.seen
    assert "\\x1b[2J" in finding.seen


def test_what_may_change_records_forgets_earlier_answers() -> None:
    exchanges = SESSIONS["xurrent"]()
    record = next(
        each
        for each in exchanges
        if each.answer.request.target.startswith("/v1/calendars/")
        and each.answer.request.target.rpartition("/")[2].isdigit()
    )
    renamed = {**json.loads(record.answer.body), "name": "Another"}
    other = replace(record.answer, body=json.dumps(renamed).encode())
    listed = next(each for each in exchanges if each.answer.request.target == "/v1/calendars")
    created = next(each for each in exchanges if each.answer.status == 201)

    def broken_by(*sequence: Exchange) -> set[str]:
        fresh = PassiveChecks("xurrent", "documented", CredentialMask())
        findings = [finding for each in sequence for finding in fresh.on_exchange(each)]
        return {each.behaviour for each in findings if each.verdict.value == "broken"}

    changed = record._replace(answer=other)
    assert "xurrent.records.found" in broken_by(listed, changed)
    assert "xurrent.records.found" not in broken_by(listed, created, changed)
