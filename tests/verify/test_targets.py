"""Where a run goes and as whom."""

from pathlib import Path

import pytest

from fake_server.app import create_app
from fake_server.data_files import registry
from fake_server.errors import UserError, VerificationError
from fake_server.verify.api_files.api_under_test import api_under_test, apis
from fake_server.verify.run.targets import (
    TargetServer,
    apis_of_server,
    chosen_apis,
    credentials_for,
    target_server,
)
from fake_server.verify.server.credential_headers import identify
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.pace import Budget
from fake_server.verify.server.sender import Sender
from fake_server.verify.server.wsgi_transport import WsgiTransport

TOML = """
[lab]
url = "https://lab.example.org"
api = "fabmanager"
credentials = {token = "$LAB_TOKEN"}
rate = 0.5
allow_invalid = true
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "targets.toml"
    path.write_text(TOML)
    return path


def test_a_table_is_a_place(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_TOKEN", "canary")
    server = target_server("lab", file)
    assert server == TargetServer(
        "https://lab.example.org",
        ("fabmanager",),
        {"token": "canary"},
        rate=0.5,
        allow_invalid=True,
    )
    assert apis_of_server(server, ()) == ("fabmanager",)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[lab]\napi = 'fabmanager'", "url is missing"),
        ("[lab]\nurl = 1", "url: expected str, found 1"),
        ("[lab]\nurl = 'https://h'\nrate = true", "rate: expected int or float"),
        ("[lab]\nurl = 'https://h'\nspeed = 1", "speed is no setting"),
        ("[lab]\nurl = 'https://h'\napi = 'other'", "no such API"),
        ("[other]", "no target is called 'lab'; expected other"),
        ("[", "not TOML"),
        (TOML, "the environment has no LAB_TOKEN"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, text: str, mistake: str) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(text)
    with pytest.raises(VerificationError, match=mistake) as raised:
        target_server("lab", path)
    assert "\n" not in str(raised.value)


def test_a_name_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="expected a URL, or a name"):
        target_server("lab", tmp_path / "nothing.toml")


def test_the_api_follows_from_the_host() -> None:
    assert apis_of_server(TargetServer("https://api.intra.42.fr"), ()) == ("intra42",)
    assert apis_of_server(TargetServer("http://127.0.0.1:8042"), ()) == tuple(apis())
    assert apis_of_server(TargetServer("https://example.org"), ("xurrent",)) == ("xurrent",)
    with pytest.raises(VerificationError, match="which API is it"):
        apis_of_server(TargetServer("https://example.org"), ())
    with pytest.raises(VerificationError, match="no such API"):
        chosen_apis(("other",))


def test_options_beat_the_file_and_the_file_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = api_under_test("fabmanager")
    monkeypatch.setenv("FABMANAGER_TOKEN", "environment")
    server = TargetServer("https://example.org", credentials={"token": "file"})
    assert credentials_for(known, server, ("token=option",)) == {"token": "option"}
    assert credentials_for(known, server, ("xurrent.token=other",)) == {"token": "file"}
    assert credentials_for(known, TargetServer("https://example.org"), ()) == {
        "token": "environment"
    }
    monkeypatch.delenv("FABMANAGER_TOKEN")
    assert credentials_for(known, TargetServer("https://example.org"), ()) == {}
    assert (
        credentials_for(known, TargetServer("http://127.0.0.1:1"), ()) == known.credentials[0].fake
    )


def test_others_than_the_target_s_own_are_taken_and_masked() -> None:
    known = api_under_test("intra42")
    texts = ("client_id=me", "client_secret=my-secret", "person_token=a-person-s-token")
    values = credentials_for(known, TargetServer("https://h"), texts)
    assert values["person_token"] == "a-person-s-token"
    mask = CredentialMask()
    app = create_app("demo", apis=["intra42"])
    sender = Sender(WsgiTransport(app), budget=Budget(None), pace=None, mask=mask)
    identity = identify(known, {**known.fake, **dict([values.popitem()])}, sender, mask)
    assert identity.values["person_token"] == "a-person-s-token"
    assert mask.hide("curl a-person-s-token") == "curl $PERSON_TOKEN"


def test_unknown_credentials_are_refused_without_showing_them() -> None:
    with pytest.raises(VerificationError) as raised:
        credentials_for(api_under_test("fabmanager"), TargetServer("https://h"), ("toke=canary",))
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("api", apis())
def test_every_description_is_complete(api: str) -> None:
    known = api_under_test(api)
    assert known.rate > 0
    for credential in known.credentials:
        assert set(credential.fake) <= {*credential.fields, *credential.optional}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "target.yaml: is missing: it says how contract tests reach the API"),
        ("title: Toys\n", "target.yaml: probe is missing: expected path and query of a GET"),
    ],
)
def test_a_mistake_in_a_target_file_gets_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, message: str
) -> None:
    package = registry.package("xurrent")._replace(schemas=tmp_path)
    if text is not None:
        (tmp_path / "target.yaml").write_text(text)
    monkeypatch.setattr(registry, "package", lambda api: package)
    with pytest.raises(UserError, match=message):
        api_under_test.__wrapped__("xurrent")
