"""No credential is in a report, however it is spelled, and wherever a text is cut."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from fake_server.cli.verify.runs import documents
from fake_server.verify.outcome_errors import brief, shortened_by
from fake_server.verify.report.page import as_html
from fake_server.verify.report.report_files import as_json, as_junit
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import Report
from fake_server.verify.run.suite import verify
from fake_server.verify.server.client import Rules
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.wsgi_transport import WsgiTransport
from tests.verify.conftest import RunSuite
from tests.verify.faulty import PATH, TOKEN, Lab
from tests.verify.tables import table_of

SECRETS = ["canary-secret-7421", "s3cr&t/x+y=12345", "pässwört€-1234-ü", "a\"b\\c'd<e>f&g h1"]


def spelled(secret: str) -> Iterator[str]:
    """Yield ways in which a server may write a secret."""
    raw = secret.encode()
    yield secret
    yield quote(secret, safe="")
    for digits in ("%{:02X}", "%{:02x}", "%25{:02x}", "%2525{:02X}"):
        yield "".join(digits.format(byte) for byte in raw)
    yield secret[:5] + "".join(f"%{byte:02x}" for byte in secret[5:9].encode()) + secret[9:]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(json.dumps(secret))[3:-3]
    yield "".join(f"\\u{ord(letter):04x}" for letter in secret)
    yield "".join(f"\\u{ord(letter):04X}" for letter in secret)
    yield "".join(f"&#{ord(letter)};" for letter in secret)
    yield repr(secret)[1:-1]
    yield repr(raw)[2:-1]
    for before in (b"", b"u"):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(before + raw).decode()
            yield from (text, text.rstrip("="), quote(text, safe=""), f"{text[:8]}\n{text[8:]}")
    yield "-".join(re.findall(".{1,4}", secret))
    yield " ".join(secret)
    yield "\n".join(re.findall(".{1,5}", secret))


def cut(secret: str) -> Iterator[str]:
    """Yield a secret as programs shorten it."""
    yield secret[:12] + "…"
    yield secret[:12] + "..."
    yield secret[:12] + "\n // Output truncated..."
    yield secret[:6] + "..." + secret[-6:]
    yield quote(secret[:12], safe="") + "…"
    yield base64.b64encode(secret.encode()[:12]).decode() + "…"


@pytest.mark.parametrize("secret", SECRETS)
def test_every_spelling_is_hidden_and_nothing_else(secret: str) -> None:
    mask = CredentialMask({"token": secret})
    for text in spelled(secret):
        hidden = mask.hide(f"before {text} after")
        assert hidden in {
            "before $TOKEN after",
            "before $(printf %s $TOKEN | base64) after",
        }, text


@pytest.mark.parametrize("secret", SECRETS)
def test_what_another_program_left_of_a_secret_is_hidden(secret: str) -> None:
    mask = CredentialMask({"token": secret})
    for text in cut(secret):
        hidden = mask.hide(f"before {text} after")
        assert secret[:4] not in hidden
        assert secret[-4:] not in hidden
        assert "$TOKEN" in hidden


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("shown", [1, 6, 15])
def test_a_secret_is_hidden_before_its_text_is_cut(secret: str, shown: int) -> None:
    mask = CredentialMask({"token": secret})
    for text in spelled(secret):
        whole = "x" * (300 - shown) + " " + text + " y" * 10_000
        for shortened in (mask.brief(whole, 300), _within_a_run(mask, whole)):
            assert shortened.startswith("x" * (300 - shown))
            rest = shortened[300 - shown :].partition("…")[0].strip()
            assert "$TOKEN | base64)".startswith(rest) or rest[:1] in {"", "$"}


def test_many_secrets_before_a_cut_do_not_show_the_last_one() -> None:
    mask = CredentialMask({"t": "Zx9Qw7Lm2Kp4Rt8" * 20})
    shortened = mask.brief("Zx9Qw7Lm2Kp4Rt8" * 20 * 400, 600)
    assert "Zx9Q" not in shortened


def _within_a_run(mask: CredentialMask, text: str) -> str:
    with shortened_by(mask.brief):
        return brief(text)


def test_ordinary_words_stay() -> None:
    mask = CredentialMask({"token": "api-token", "client_secret": "12345678"})
    for text in ("the api's tokens...", "[1, 2, 3, 4, 5]", "YXBp", "secret…", "$TOKEN", "%41%zz\\"):
        assert mask.hide(text) == text


def outputs(report: Report) -> Iterator[str]:
    """Yield a report in all its forms."""
    yield from (as_json([report]), as_junit([report]), as_html([report]), table_of(report))
    yield json.dumps(report.shapes)


FAILING = {
    "expect": "expect('x', 'a', 'z' * {pad} + token + 'z' * 500)",
    "expect_that": "expect_that('x', False, 'a', ['z' * {pad}, token])",
    "same members": "expect_same_members('x', [token * 3] * ({pad} + 1), [])",
    "distinct": "expect_distinct('x', ['z' * {pad} + token + 'z' * 300] * 2)",
    "ordered": "expect_ordered('x', ['z' * {pad} + token, 'a'], lambda one: one)",
    "assert": "assert 'z' * {pad} + token + 'z' * 900 == 'another'",
    "assert alike": "assert 'z' * {pad} + token + '1' == 'z' * {pad} + token + '2'",
    "assert list": "assert ['z' * {pad} + token, 1] == ['y']",
    "message": "raise AssertionError('z' * {pad} + token + 'z' * 900)",
    "exception": "raise ValueError('z' * {pad} + token + 'z' * 900)",
    "key error": "raise KeyError('z' * {pad} + token)",
    "not shown": "need(False, 'z' * {pad} + token)",
    "status": "fabmanager.get(LIST).expect_status(201)",
    "header": "fabmanager.get(LIST).expect_header('X-Echo', 'a')",
    "body": "fabmanager.get(LIST).expect_json({{}})",
    "request": "fabmanager.get(LIST + '?q=' + token, headers={{'X': token}}).expect_status(201)",
}


class Echo(Lab):
    """Repeats the credentials behind so many letters: in a header's name and value and the body."""

    def __init__(self, pad: int) -> None:
        super().__init__()
        self.pad = pad

    def _page(self, environ: dict[str, object], start: object) -> list[bytes]:
        text = "z" * self.pad + TOKEN + "z" * 300
        headers = [("Content-Type", "application/json"), ("X-Echo", text), (TOKEN, "1")]
        start("200 OK", [*headers, ("Total", "1")])  # type: ignore[operator]  # that of WSGI
        record = {"id": 1, "start_at": text, TOKEN: 1}
        return [json.dumps({"availabilities": [record]}).encode()]


@pytest.mark.parametrize("name", FAILING)
@pytest.mark.parametrize("pad", [135, 288])
def test_no_part_of_a_token_is_in_any_form_of_a_report(run: RunSuite, name: str, pad: int) -> None:
    tests = f"""
    from fake_server.verify import (
        behaviour, expect, expect_distinct, expect_ordered, expect_same_members, expect_that, need
    )
    LIST = "{PATH}"

    @behaviour("fabmanager.order")
    def test_order(fabmanager):
        token = fabmanager.credential("token")
        {FAILING[name].format(pad=pad)}

    @behaviour("fabmanager.total")
    @behaviour("fabmanager.total", live=True)
    def test_total(fabmanager):
        assert fabmanager.get(LIST).status == 201
    """
    report = run(Echo(pad), tests=tests)
    assert {behaviour.verdict.value for behaviour in report.behaviours} <= {"broken", "not shown"}
    for text in outputs(report):
        for start in range(len(TOKEN) - 4):
            assert TOKEN[start : start + 5] not in text


@pytest.mark.parametrize("pad", [0, 560])
def test_no_part_of_a_token_is_in_a_failure_of_the_schema_layer(
    pad: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fake_server.verify.run.suite.entries", lambda api: {})
    options = RunOptions(only=(), documents=documents, suite=Path("/nowhere"))
    suite_run = Run(
        "fabmanager", WsgiTransport(Echo(pad)), {"token": TOKEN}, Rules(), max_requests=60
    )
    report = verify(suite_run, options)
    assert report.failed is None
    assert any(operation.failures for operation in report.operations)
    for text in outputs(report):
        for start in range(len(TOKEN) - 4):
            assert TOKEN[start : start + 5] not in text
