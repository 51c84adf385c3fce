"""A world, a server, a test or a dataset says who logs in."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import yaml

from fake_server import FakeServer
from fake_server.errors import UserError
from fake_server.world.export import exported
from tests.intra42.conftest import ORACLE, Intra
from tests.intra42.logins import (
    ASKED,
    HOME,
    allow,
    authorize,
    exchange_code,
    preset_login,
    sent_back,
)
from tests.support.client import CheckedClient, JsonResponse


@pytest.mark.parametrize("scope", ["public", "public projects"])
def test_a_world_says_who_logs_in(intra: Intra, scope: str) -> None:
    preset_login(intra, "grace")
    sent = sent_back(authorize(intra, state="s", scope=scope))
    assert sent["state"] == "s"
    token = exchange_code(intra, sent["code"]).json
    assert intra.json("/v2/me", token=token["access_token"])["login"] == "grace"


def test_a_world_says_that_everybody_denies(intra: Intra) -> None:
    preset_login(intra, {"deny": True})
    assert sent_back(authorize(intra))["error"] == "access_denied"
    assert sent_back(allow(intra))["error"] == "access_denied"


@pytest.mark.parametrize("auth", ["any", "off"])
def test_a_world_that_lets_anybody_in_says_who_it_is(
    intra_with: Callable[..., Intra], auth: str
) -> None:
    anybody = intra_with(auth=auth)
    assert anybody.get("/v2/me", token="whatever").status_code == 404
    preset_login(anybody, "alan")
    assert anybody.json("/v2/me", token="whatever")["login"] == "alan"
    preset_login(anybody, {"deny": True})
    assert anybody.get("/v2/me", token="whatever").status_code == 404


def patch_login(intra: Intra, login: object, api: str = "intra42") -> JsonResponse:
    sent = {"login": {api: login}}
    return intra.client.patch("/_fake/worlds/default", json=sent, headers={"Host": "localhost"})


def test_the_control_plane_says_who_logs_in(intra: Intra) -> None:
    assert patch_login(intra, "grace").json["login"] == {"intra42": "grace"}
    token = exchange_code(intra, sent_back(authorize(intra))["code"]).json["access_token"]
    assert intra.json("/v2/me", token=token)["login"] == "grace"
    assert patch_login(intra, {"deny": True}).status_code == 200
    assert sent_back(authorize(intra))["error"] == "access_denied"
    assert patch_login(intra, None).json["login"] == {}
    assert "Authorization required" in authorize(intra).text
    patch_login(intra, "ada")
    intra.world.reset()
    assert "Authorization required" in authorize(intra).text


def test_nobody_logs_in_who_is_not_there(intra: Intra) -> None:
    refused = patch_login(intra, "grase")
    assert refused.status_code == 422
    assert "login: nobody is called 'grase'; meant grace?" in refused.json["detail"]
    assert patch_login(intra, {"deny": False}).status_code == 422
    other = patch_login(intra, "ada", api="xurrent")
    assert other.status_code == 422
    assert "nobody logs in to 'xurrent'" in other.json["detail"]


def test_a_server_says_who_logs_in(intra_with: Callable[..., Intra]) -> None:
    intra = intra_with(login="grace")
    assert "code" in sent_back(authorize(intra))
    intra.world.reset()
    assert "code" in sent_back(authorize(intra))
    with pytest.raises(UserError, match="nobody is called 'nobody'"):
        intra_with(login="nobody")


def test_a_test_says_who_logs_in() -> None:
    with FakeServer(dataset=ORACLE) as server, server.create_world() as world:
        asked = f"/w/{world.name}/oauth/authorize?{urlencode(ASKED)}"

        def sent_back() -> str:
            with httpx.Client(base_url=server.url, trust_env=False) as client:
                return str(client.get(asked).headers.get("Location", ""))

        assert sent_back() == ""
        world.intra42.login("ada")
        assert sent_back().startswith(f"{HOME}?code=")
        world.intra42.login(deny=True)
        assert sent_back().startswith(f"{HOME}?error=access_denied")
        world.intra42.login()
        assert sent_back() == ""
        with pytest.raises(UserError, match="nobody is called"):
            world.intra42.login("nobody")


_DATASET = """
start: 2026-03-01T12:30:00Z
intra42:
  login: {login}
  credentials:
    applications: [{{uid: ours, secret: ours-secret}}]
  users:
    records: [{{id: 1, login: ada}}]
"""


def test_a_dataset_says_who_logs_in(
    client_for: Callable[..., CheckedClient], tmp_path: Path
) -> None:
    for login, parameter in (("ada", "code"), ("{deny: true}", "error")):
        file = tmp_path / f"{parameter}.yaml"
        file.write_text(_DATASET.format(login=login))
        intra = Intra(client_for(dataset=str(file)), "")
        assert parameter in sent_back(authorize(intra))
        assert exported(intra.world)["intra42"]["login"] == yaml.safe_load(login)


def test_a_dataset_names_somebody_who_is_there(
    client_for: Callable[..., CheckedClient], tmp_path: Path
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(_DATASET.format(login="aba"))
    with pytest.raises(UserError, match=r"wrong.yaml:4: .*nobody is called 'aba'; meant ada\?"):
        client_for(dataset=str(file)).get("/v2/campus")
    file.write_text(
        _DATASET.format(login="ada").replace("ours-secret", "x, redirect_uris: ['data:x']")
    )
    with pytest.raises(UserError, match="redirect_uris"):
        client_for(dataset=str(file), seed=2).get("/v2/campus")
