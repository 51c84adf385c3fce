"""Tags, notions and their parts, against the rows behind them."""

import pytest

from fake_server.world.records.data import remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.tags.shape", "intra42.tags.parents", "intra42.tags.cursus")
def test_tags_tie_users_projects_and_cursus(demo: Intra) -> None:
    rows = demo.rows(tables.of("tags"))
    assert len(rows) == 8
    for row in rows:
        assert row.user_ids
        assert row.project_ids
    tagged = sorted(row.id for row in rows if 1314 in row.project_ids)
    assert sorted(demo.ids("/v2/projects/1314/tags")) == tagged
    user_id = rows[0].user_ids[0]
    assert rows[0].id in demo.ids(f"/v2/users/{user_id}/tags")
    assert len(demo.ids("/v2/tags?filter[cursus_id]=9,21")) == 8
    assert demo.get("/v2/tags?filter[cursus_id]=x").status_code == 422


@pytest.mark.behaviour(
    "intra42.notions.shape", "intra42.notions.parents", "intra42.subnotions.shape"
)
def test_notions_go_with_their_tags_and_take_their_parts_along(demo: Intra) -> None:
    notion = demo.json("/v2/notions/shell-basics")
    names = [part["name"].rpartition(": ")[2] for part in notion["subnotions"]]
    assert names == ["first steps", "common mistakes", "going further"]
    tag_id = notion["tags"][0]["id"]
    assert demo.json(f"/v2/tags/{tag_id}")["subnotions"] == notion["subnotions"]
    remove(demo.world, "intra42", "tags", str(tag_id))
    assert demo.json("/v2/notions/shell-basics")["tags"] == []
    remove(demo.world, "intra42", "notions", str(notion["id"]))
    assert demo.get(f"/v2/subnotions/{notion['subnotions'][0]['id']}").status_code == 404
