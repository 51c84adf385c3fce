"""Pictures that requests upload, and those that a dataset names."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from fake_server import FakeServer
from fake_server.apis.fabmanager.dialect import uploads
from tests.fabmanager.recorded_exchanges import DATASET, HEAD
from tests.support.browser import page_of
from tests.support.client import CheckedClient, JsonResponse

MACHINES = "/open_api/v1/machines"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
PICTURE = "machine[machine_image_attributes][attachment]"
ALLOWED = "allowed types: jpg, jpeg, gif, png"


@pytest.fixture
def lab(client_for: Callable[..., CheckedClient]) -> CheckedClient:
    return client_for(dataset=str(DATASET), profile="live")


def post(lab: CheckedClient, data: bytes, name: str = "p.png", **more: str) -> JsonResponse:
    """Create a machine with a picture."""
    fields = {"machine[name]": "Neuve", "machine[description]": "d", **more}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    picture = f'--b\r\nContent-Disposition: form-data; name="{PICTURE}"; filename="{name}"\r\n\r\n'
    return lab.post(
        MACHINES,
        data=f"{''.join(parts)}{picture}".encode() + data + b"\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
        headers={"Authorization": f"Token {HEAD['token']}", "Accept": "application/json"},
        base_url="http://fablab.example.org/",
    )


def served_path(response: JsonResponse) -> str:
    """Return the path of the picture in an answer."""
    return str(response.json["image"]).removeprefix("https://fablab.example.org")


@pytest.mark.behaviour("fabmanager.machines.picture")
def test_picture_is_served_as_it_came(lab: CheckedClient) -> None:
    response = post(lab, PNG, "../../etc/passwd.PNG")
    assert response.status_code == 201
    assert served_path(response) == "/uploads/machine_image/77/machine_image.PNG"
    picture = lab.get(served_path(response))
    assert picture.data == PNG
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Content-Security-Policy"] == "sandbox"
    assert "Content-Disposition" not in picture.headers


def test_numbers_are_not_given_out_again(lab: CheckedClient) -> None:
    first, second = (served_path(post(lab, PNG)) for _ in range(2))
    assert first.split("/")[3] == "77"
    assert second.split("/")[3] == "78"


def test_large_picture_arrives_whole(lab: CheckedClient) -> None:
    large = PNG + b"\1" * (3 * uploads.MEBIBYTE)
    assert lab.get(served_path(post(lab, large))).data == large


@pytest.mark.parametrize("size", [uploads.LARGEST + 1, uploads.LARGEST + 2 * uploads.MEBIBYTE])
def test_larger_picture_is_refused(lab: CheckedClient, size: int) -> None:
    response = post(lab, PNG.ljust(size, b"\1"))
    assert response.status_code == 413
    assert lab.get("/uploads/machine_image/77/machine_image.png").status_code == 404


def test_pictures_of_a_world_are_bounded(
    lab: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_IN_ALL", 2 * len(PNG))
    assert [post(lab, PNG).status_code for _ in range(3)] == [201, 201, 413]


def test_reset_drops_pictures(lab: CheckedClient) -> None:
    path = served_path(post(lab, PNG))
    lab.world.reset()
    assert lab.get(path).status_code == 404
    assert served_path(post(lab, PNG)) == path


@pytest.mark.parametrize("name", ["p", "p.", ".png", "p.png.html"])
def test_name_without_a_known_extension(lab: CheckedClient, name: str) -> None:
    response = post(lab, PNG, name)
    assert response.status_code == 422
    assert ALLOWED in response.json["machine_image.attachment"][0]


@pytest.mark.behaviour("fabmanager.machines.picture.kind")
@pytest.mark.parametrize("data", [b"", b"<html>", b"<svg/>"])
def test_no_picture(lab: CheckedClient, data: bytes) -> None:
    response = post(lab, data)
    assert response.status_code == 422
    expected = ["Failed to manipulate, maybe it is not an image?"]
    assert response.json == {"machine_image.attachment": expected}


@pytest.mark.parametrize(
    ("path", "kind", "start"),
    [
        ("/uploads/machine_image/62/machine_image.jpg", "image/jpeg", b"\xff\xd8\xff"),
        ("/uploads/space_image/66/space_image.png", "image/png", b"\x89PNG"),
        ("/uploads/event_image/72/large_event_image.gif", "image/gif", b"GIF89a"),
        ("/uploads/event_image/72/small_event_image.gif", "image/gif", b"GIF89a"),
    ],
)
def test_pictures_of_a_dataset(lab: CheckedClient, path: str, kind: str, start: bytes) -> None:
    response = lab.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == kind
    assert response.data.startswith(start)


@pytest.mark.parametrize(
    "path", ["/uploads/machine_image/1/machine_image.png", "/uploads/machine_image/62/other.jpg"]
)
def test_what_no_record_names(lab: CheckedClient, path: str) -> None:
    assert lab.get(path).status_code == 404


def test_world_without_a_public_host(client_for: Callable[..., CheckedClient]) -> None:
    lab = client_for()
    token = "7Yq3hKc9WnB5tRf2XvM8sZdE"
    shown = lab.get(f"{MACHINES}/1", headers={"Authorization": f"Token {token}"})
    address = shown.json["image"]
    assert address == "http://localhost/uploads/machine_image/1/machine_image.png"
    assert lab.get(address.removeprefix("http://localhost")).data.startswith(b"\x89PNG")


@pytest.mark.parametrize("markup", ["<html><body>", "<svg xmlns='http://www.w3.org/2000/svg'>"])
def test_an_upload_drives_no_browser(tmp_path: Path, markup: str) -> None:
    script = "<script>document.documentElement.setAttribute('data-driven', 'yes')</script>"
    token = "7Yq3hKc9WnB5tRf2XvM8sZdE"
    with FakeServer(dataset="documented") as server:
        answer = requests.post(
            f"{server.url}{MACHINES}",
            data={"machine[name]": "Lathe", "machine[description]": "Turns."},
            files={PICTURE: ("p.png", PNG + f"{markup}{script}".encode(), "text/html")},
            headers={"Authorization": f"Token {token}"},
            timeout=10,
        )
        assert answer.status_code == 201
        document = page_of(answer.json()["image"], tmp_path)
    assert "<img" in document
    assert "driven" not in document
