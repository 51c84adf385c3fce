"""The OpenAPI documents as they were frozen and as they are, and how they differ.

Titles, the names of components and the extension keys that are new (`differences.yaml`) are left
out; `tests/support/openapi.py` says what a normalised document is.
"""

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from fake_server.data_files.api_document import api_document
from fake_server.world.profile import Profile
from tests.support.openapi import normalised

FILE = Path(__file__).parent / "documents.json.xz"
DIFFERENCES = Path(__file__).parent / "differences.yaml"
APIS = ("intra42", "fabmanager", "xurrent")
PROFILES: tuple[Profile, ...] = ("documented", "live")


class Difference(NamedTuple):
    """Where two documents differ; `what` is `added`, `removed` or `changed`."""

    where: str
    what: str
    frozen: Any
    present: Any

    def __str__(self) -> str:
        """Return one line."""
        values = f"{_shown(self.frozen)} -> {_shown(self.present)}"
        return f"{self.what} {self.where}: {values}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


def new_keys() -> list[str]:
    """Return the extension keys that the frozen documents do not have."""
    keys: list[str] = yaml.safe_load(DIFFERENCES.read_bytes())["new_keys"]
    return keys


def present_documents() -> dict[str, Any]:
    """Return the normalised documents of today by `intra42 documented`."""
    dropped = new_keys()
    return {
        f"{api} {profile}": normalised(api_document(api, profile), dropped)
        for api in APIS
        for profile in PROFILES
    }


def frozen_documents() -> dict[str, Any]:
    """Return the frozen documents by `intra42 documented`."""
    documents: dict[str, Any] = json.loads(lzma.decompress(FILE.read_bytes()))
    return documents


def write(documents: dict[str, Any]) -> None:
    """Write documents as the frozen ones."""
    text = json.dumps(documents, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    FILE.write_bytes(lzma.compress(text.encode(), preset=9))


def differences(frozen: dict[str, Any], present: dict[str, Any]) -> Iterator[Difference]:
    """Yield where the present documents differ from the frozen ones.

    `where` is such as `intra42 live GET /v2/slots: parameters.query:sort.schema.items.enum`.
    """
    for name in sorted({*frozen, *present}):
        before, now = dict(frozen.get(name, {})), dict(present.get(name, {}))
        operations = before.pop("operations", {}), now.pop("operations", {})
        yield from _compared(f"{name}:", before, now)
        for operation in sorted({*operations[0], *operations[1]}):
            where = f"{name} {operation}"
            if operation not in operations[1]:
                yield Difference(where, "removed", "...", None)
            elif operation not in operations[0]:
                yield Difference(where, "added", None, "...")
            else:
                left, right = (side[operation] for side in operations)
                yield from _compared(f"{where}:", left, right)


def _compared(where: str, frozen: Any, present: Any) -> Iterator[Difference]:
    if isinstance(frozen, dict) and isinstance(present, dict):
        for name in sorted({*frozen, *present}):
            below = f"{where} {name}" if where.endswith(":") else f"{where}.{name}"
            if name not in present:
                yield Difference(below, "removed", frozen[name], None)
            elif name not in frozen:
                yield Difference(below, "added", None, present[name])
            else:
                yield from _compared(below, frozen[name], present[name])
    elif _exact(frozen) != _exact(present):
        yield Difference(where, "changed", frozen, present)


def _exact(value: Any) -> Any:
    """Return a value that is equal to those alone that JSON writes alike: 1 is not true."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
