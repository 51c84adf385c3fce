"""Requests that write machines, and what is known of their answers."""

from typing import Any

from fake_server.contract import Answer, Target, expect_that

from .helpers import API

MACHINE_KEYS = ["id", "name", "slug", "disabled", "updated_at", "created_at"]

MACHINES = f"{API}/machines"

NEW = {"name": "Laser cutter", "description": "<p>Cuts & engraves</p>"}

MISSING = "can't be blank"

_ALLOWED = "files, allowed types: jpg, jpeg, gif, png"

GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(20)

KINDS_OF_NO_PICTURE = (
    ("p.txt", GIF, f'You are not allowed to upload "txt" {_ALLOWED}'),
    ("p.png", b"<svg/>", "Failed to manipulate, maybe it is not an image?"),
    ("p.png", b"", "Failed to manipulate, maybe it is not an image?"),
)
"""Names and bytes of files, each with the message that it is no picture."""


def create(target: Target, **attributes: Any) -> Answer:
    """Ask for a new machine."""
    return target.post(MACHINES, json={"machine": attributes})


def expect_location(answer: Answer, slug: str) -> None:
    """Assert that Location is the address of a machine in the inner API."""
    location = answer.headers.get("Location", "")
    ends = location.endswith(f"/api/machines/{slug}")
    expect_that("Location", ends, f"an address with /api/machines/{slug}", location)


def upload(target: Target, name: str, data: bytes, number: int = 1) -> Answer:
    """Give a machine a picture."""
    field = "machine[machine_image_attributes][attachment]"
    head = f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return target.patch(
        f"{MACHINES}/{number}",
        body=head.encode() + data + b"\r\n--b--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
