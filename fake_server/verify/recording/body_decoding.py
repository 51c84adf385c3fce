"""Bodies of recordings: decoded from what the connection carried."""

import gzip
import importlib
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import Headers

from fake_server.verify.recording.members import RecordingPosition

LARGEST_BODY = 64 * 1024 * 1024
"""How many bytes a body may have, decoded."""

_GZIP_MAGIC = b"\x1f\x8b"


def decoded_body(body: bytes, headers: Headers, position: RecordingPosition) -> bytes:
    """Return a body without its Content-Encoding.

    Most tools record bodies decoded beside the header of the encoded ones: what does not decode is
    taken to be decoded already, but for bytes that no text begins with.
    """
    for encoding in reversed(headers.get("Content-Encoding", "").lower().split(",")):
        decode = _DECODERS.get(encoding.strip())
        if decode is None or not body:
            continue
        try:
            body = decode(body, position)
        except (OSError, EOFError, zlib.error) as error:
            if body.startswith(_GZIP_MAGIC):
                position.refuse(f"the body is not {encoding.strip()}: {error}")
            return body
    return body


def _inflated(body: bytes, position: RecordingPosition, bits: int) -> bytes:
    inflater = zlib.decompressobj(bits)
    decoded = inflater.decompress(body, LARGEST_BODY + 1)
    if len(decoded) > LARGEST_BODY:
        position.refuse(f"the body has more than {LARGEST_BODY // 2**20} MiB, decoded")
    if not inflater.eof:
        raise EOFError("it ends early")
    return decoded


def _gunzipped(body: bytes, position: RecordingPosition) -> bytes:
    if not body.startswith(_GZIP_MAGIC):
        raise gzip.BadGzipFile("no gzip")
    return _inflated(body, position, 16 + zlib.MAX_WBITS)


def _deflated(body: bytes, position: RecordingPosition) -> bytes:
    try:
        return _inflated(body, position, zlib.MAX_WBITS)
    except zlib.error:
        return _inflated(body, position, -zlib.MAX_WBITS)


def _unbrotlied(body: bytes, position: RecordingPosition) -> bytes:
    brotli = _brotli()
    if brotli is None:
        if _is_text(body):
            return body
        position.refuse("the body is in br: install brotli to read it")
    try:
        decoded: bytes = brotli.decompress(body)
    except brotli.error:
        return body
    if len(decoded) > LARGEST_BODY:
        position.refuse(f"the body has more than {LARGEST_BODY // 2**20} MiB, decoded")
    return decoded


def _brotli() -> Any:
    for name in ("brotli", "brotlicffi"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


_DECODERS: Mapping[str, Callable[[bytes, RecordingPosition], bytes]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
}
