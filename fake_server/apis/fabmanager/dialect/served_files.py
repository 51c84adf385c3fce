"""The pictures and files under `/uploads`.

A picture that was uploaded is served as it came. One of a dataset has believable bytes.
"""

import struct
import zlib
from base64 import b64decode
from colorsys import hsv_to_rgb

from flask import Response

from fake_server.api.serve import current_request
from fake_server.apis.fabmanager.dialect.errors import FrameworkError
from fake_server.apis.fabmanager.dialect.negotiation import page_kind
from fake_server.apis.fabmanager.dialect.uploads import is_kept, picture_kind, uploads

RULE = "/uploads/<folder>/<number>/<name>"
"""The route of pictures and files."""

_SIZES = ("large_", "medium_", "small_")
_DATA = "application/octet-stream"
_PDF = "application/pdf"
_WIDTH, _HEIGHT = 320, 240
_GOLDEN = 0.618
_JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////////////////////////"
    "//////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
_GIF = b64decode("R0lGODlhAQABAIAAAGCQwP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==")
_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def show_file(folder: str, number: str, name: str) -> Response:
    """Answer a picture or a file that a record of the world has.

    Nothing of it can act as a page of this server: a browser takes its type as it is said, and
    runs nothing of it.
    """
    path = f"/uploads/{folder}/{number}/{_without_size(folder, name)}"
    if not is_kept(path):
        raise FrameworkError(404, page_kind(current_request()))
    data = uploads().read(path)
    if data is None:
        data = _believable(name, int(number) if number.isdigit() else 0)
    kind = picture_kind(data) or (_PDF if data.startswith(b"%PDF-") else _DATA)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    if kind == _DATA:
        headers["Content-Disposition"] = "attachment"
    return Response(data, 200, headers, content_type=kind)


def _without_size(folder: str, name: str) -> str:
    """Return the name under which a record has its picture: events have it in three sizes."""
    size = next((size for size in _SIZES if name.startswith(size)), "")
    return name.removeprefix(size) if folder == "event_image" else name


def _believable(name: str, number: int) -> bytes:
    """Return the bytes of a picture or file that a dataset names and nobody uploaded."""
    extension = name.rpartition(".")[2].lower()
    if extension in {"jpg", "jpeg"}:
        return _JPEG
    if extension == "pdf":
        return _PAGE
    return _GIF if extension == "gif" else _png(number)


def _png(number: int) -> bytes:
    """Return a picture of one colour, which depends on the number."""
    colour = bytes(round(255 * part) for part in hsv_to_rgb(number * _GOLDEN % 1, 0.4, 0.8))
    rows = zlib.compress((b"\0" + colour * _WIDTH) * _HEIGHT)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum
