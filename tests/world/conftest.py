import json
from pathlib import Path

import pytest

from fake_server import data_files
from tests.world.shop import API, SCHEMA


@pytest.fixture
def shop_schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the shop be the only API there is, with a cache of its own; return its folder."""
    schemas = tmp_path / "schemas"
    (schemas / "shop").mkdir(parents=True)
    frame = (data_files.schemas() / "dataset.json").read_text()
    (schemas / "dataset.json").write_text(frame)
    (schemas / "shop" / "dataset.json").write_text(json.dumps(SCHEMA))
    (schemas / "shop" / "api.yaml").write_text(API)
    monkeypatch.setattr(data_files, "schemas", lambda: schemas)
    monkeypatch.setenv("FAKE_SERVER_CACHE", str(tmp_path / "cache"))
    return schemas
