"""A cache of parsed YAML, kept for later processes: parsing YAML is slow."""

import json
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Any, TypeVar

from fake_server.data_files.cache import keep, recall
from fake_server.data_files.code_version import code_version

_DAY = "$day"
_TIME = "$time"


_Text = TypeVar("_Text", str, bytes)


def document_of(text: _Text, read: Callable[[_Text], Any]) -> Any:
    """Return `read(text)`, from the cache if possible; raises the errors of `read`.

    The cache holds JSON, which has fewer types than YAML. It therefore keeps a document only if
    the JSON loads as an equal document.
    """
    raw = text if isinstance(text, bytes) else text.encode()
    reader = getattr(read, "__qualname__", type(read).__qualname__)
    digest = sha256(f"{code_version()} {reader} ".encode() + raw)
    name = f"document-{digest.hexdigest()[:32]}"
    cached = recall(name)
    if cached is not None:
        return _loaded(cached)
    document = read(text)
    try:
        data = json.dumps(document, default=_tagged).encode()
        comes_back = _loaded(data) == document
    except (TypeError, ValueError, RecursionError):
        return document
    if comes_back:
        keep(name, data)
    return document


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    raise TypeError(f"{type(value).__name__}: not kept")


def _loaded(data: bytes) -> Any:
    return json.loads(data, object_hook=_untagged)


def _untagged(value: dict[str, Any]) -> Any:
    if value.keys() == {_TIME}:
        return datetime.fromisoformat(value[_TIME])
    if value.keys() == {_DAY}:
        return date.fromisoformat(value[_DAY])
    return value
