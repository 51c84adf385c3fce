"""YAML files of an API's folder, parsed once and kept as JSON in the cache folder."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from fake_server.data_files.cache import keep, recall
from fake_server.rest.spec import read_yaml


def parsed(path: Path) -> Any:
    """Return what a YAML file holds, dates as the text they are.

    A file whose bytes were parsed before is not parsed again. Raises OSError.
    """
    raw = path.read_bytes()
    name = f"yaml-{sha256(raw).hexdigest()[:32]}"
    kept = recall(name)
    if kept is None:
        kept = json.dumps(read_yaml(raw)).encode()
        keep(name, kept)
    return json.loads(kept)
