"""Reads recordings of every form, and writes the own one."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from fake_server.errors import VerificationError
from fake_server.verify.recording.assigning import belongs_to
from fake_server.verify.recording.cassette import cassette_exchanges
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.har import har_exchanges
from fake_server.verify.recording.own_form import KEY, own_exchanges, own_form
from fake_server.verify.recording.secrets import mask_credentials
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.yaml_classes import Loader

LARGEST_FILE = 512 * 1024 * 1024
"""How many bytes a recording may have."""


def read_exchanges(
    file: Path, api: str, *, hosts: tuple[str, ...] = (), mask: CredentialMask | None = None
) -> list[Exchange]:
    """Return the exchanges of a recording that belong to an API, in the order of the file.

    The file is HAR 1.2, a cassette of vcrpy (YAML or JSON), or in the own form. `hosts`: further
    hosts of the API. `mask`: masks the credentials of all exchanges from now on; the answers have
    it. Raises `VerificationError`, one line with the file and the position, for any other file.
    """
    exchanges, recorded_api = read_recording(file, mask or CredentialMask())
    if recorded_api == api:
        return exchanges
    return [exchange for exchange in exchanges if belongs_to(exchange.answer, api, hosts)]


def read_recording(file: Path, mask: CredentialMask) -> tuple[list[Exchange], str | None]:
    """Return all exchanges of a recording, and the API that the file names; None for none."""
    document = _document(file)
    name = file.name
    try:
        if isinstance(document, dict) and KEY in document:
            exchanges = list(own_exchanges(document, name, mask))
        elif isinstance(document, dict) and "log" in document:
            exchanges = list(har_exchanges(document, name, mask))
        elif isinstance(document, list) or (
            isinstance(document, dict) and "interactions" in document
        ):
            exchanges = list(cassette_exchanges(document, name, mask))
        else:
            raise VerificationError(
                f"{file}: no recording: expected HAR (log), a cassette of vcrpy (interactions) or"
                f" {KEY}"
            )
    except RecursionError:
        raise VerificationError(f"{file}: nested too deeply") from None
    for exchange in exchanges:
        mask_credentials(exchange, mask)
    recorded_api = document.get("api") if isinstance(document, dict) and KEY in document else None
    return exchanges, recorded_api if isinstance(recorded_api, str) else None


def write_exchanges(file: Path, exchanges: Iterable[Exchange], api: str = "") -> None:
    """Write exchanges in the own form, with their credentials; raises `VerificationError`."""
    try:
        file.write_text(own_form(exchanges, api), encoding="utf-8")
    except OSError as error:
        raise VerificationError(f"{file}: cannot be written: {error.strerror}") from None


def _document(file: Path) -> Any:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise VerificationError(f"{file}: has more than {LARGEST_FILE // 2**20} MiB")
        raw = file.read_bytes()
    except OSError as error:
        raise VerificationError(f"{file}: cannot be read: {error.strerror}") from None
    try:
        # HAR files of Windows' tools begin with a byte order mark.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise VerificationError(f"{file}: not UTF-8: byte {error.start}") from None
    try:
        if text.lstrip()[:1] in {"{", "["}:
            return json.loads(text)
        _require_shallow(file, text)
        return yaml.load(text, Loader=_CassetteLoader)
    except json.JSONDecodeError as error:
        raise VerificationError(f"{file}:{error.lineno}: not JSON: {error.msg}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        position = f"{file}:{mark.line + 1}" if mark else str(file)
        problem = getattr(error, "problem", None) or str(error)
        raise VerificationError(f"{position}: not YAML: {' '.join(problem.split())}") from None
    except RecursionError:
        raise VerificationError(f"{file}: nested too deeply") from None
    except ValueError as error:
        # Dates that no calendar has, and numbers with too many digits.
        raise VerificationError(f"{file}: cannot be read: {' '.join(str(error).split())}") from None


_DEEPEST = 100
"""How deep the values of a cassette may lie in each other."""


def _require_shallow(file: Path, text: str) -> None:
    """Raise `VerificationError` for YAML whose depth would end the process: the loader recurs."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise VerificationError(f"{file}: nested too deeply")


class _CassetteLoader(Loader):
    """Reads cassettes: dates are text, and the texts of Python 2 are texts."""


_CassetteLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}
for _tag in ("unicode", "str"):
    _CassetteLoader.add_constructor(
        f"tag:yaml.org,2002:python/{_tag}", lambda loader, node: str(node.value)
    )
