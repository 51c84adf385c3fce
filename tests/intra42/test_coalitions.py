"""Coalitions, blocs, members and scores as they are invented, pinned and changed."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from fake_server.errors import UserError
from fake_server.world.records.data import remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra
from tests.support.client import CheckedClient


@pytest.mark.behaviour("intra42.coalitions.parents", "intra42.coalitions_users.shape")
def test_members_are_students_of_the_campus(demo: Intra) -> None:
    campus = {(row.user_id, row.campus_id) for row in demo.rows(tables.campus_users)}
    cursus = {(row.user_id, row.cursus_id) for row in demo.rows(tables.cursus_users)}
    blocs = {row.id: row for row in demo.rows(tables.of("blocs"))}
    coalitions = {row.id: row for row in demo.rows(tables.of("coalitions"))}
    members = demo.rows(tables.of("coalitions_users"))
    assert len(members) > 50
    assert len({row.user_id for row in members}) == len(members)
    joined = {(row.coalition_id, row.user_id) for row in members}
    for user_id, bloc in [
        *((row.user_id, blocs[coalitions[row.coalition_id].bloc_id]) for row in members),
        *((row.user_id, blocs[row.bloc_id]) for row in coalitions.values()),
    ]:
        assert (user_id, bloc.campus_id) in campus
        assert (user_id, bloc.cursus_id) in cursus
    assert {(row.id, row.user_id) for row in coalitions.values()} <= joined


@pytest.mark.behaviour("intra42.scores.shape", "intra42.scores.parents")
def test_scores_add_up(demo: Intra) -> None:
    by_coalition: dict[int, int] = defaultdict(int)
    by_member: dict[int, int] = defaultdict(int)
    created = {row.id: row.created_at for row in demo.rows(tables.of("coalitions_users"))}
    for row in demo.rows(tables.of("scores")):
        by_coalition[row.coalition_id] += row.value
        by_member[row.coalitions_user_id] += row.value
        assert row.created_at > created[row.coalitions_user_id]
    for coalition in demo.json("/v2/coalitions?per_page=100"):
        assert coalition["score"] == by_coalition[coalition["id"]]
    ranks = defaultdict(list)
    for member in demo.json("/v2/coalitions_users?per_page=100&sort=-this_year_score"):
        assert member["score"] == by_member[member["id"]]
        ranks[member["coalition_id"]].append(member["rank"])
    for places in ranks.values():
        assert sorted(places) == [*range(1, len(places) + 1)]


@pytest.mark.behaviour("intra42.coalitions_users.updated", "intra42.coalitions_users.parents")
def test_a_score_that_changed_has_a_time(demo: Intra) -> None:
    changed = set(demo.ids("/v2/coalitions_users?filter[this_year_score_updated]=true"))
    scored = {row.coalitions_user_id for row in demo.rows(tables.of("scores"))}
    assert changed == scored


@pytest.mark.behaviour("intra42.coalitions.shape", "intra42.blocs.shape")
def test_a_bloc_goes_with_all_below_it(demo: Intra) -> None:
    bloc = demo.json("/v2/blocs?per_page=1")[0]
    coalition = bloc["coalitions"][0]
    assert demo.json(f"/v2/coalitions/{coalition['slug']}") == coalition
    remove(demo.world, "intra42", "blocs", str(bloc["id"]))
    assert demo.get(f"/v2/coalitions/{coalition['id']}").status_code == 404
    assert demo.ids(f"/v2/coalitions_users?filter[coalition_id]={coalition['id']}") == []
    left = {row.id for row in demo.rows(tables.of("coalitions"))}
    assert {row.coalition_id for row in demo.rows(tables.of("scores"))} <= left


def test_coalitions_need_people(client_for: Callable[..., CheckedClient], tmp_path: Any) -> None:
    path = tmp_path / "lonely.yaml"
    for name, needed in (("blocs", "campus, cursus and users"), ("scores", "coalitions users")):
        path.write_text(f"intra42:\n  {name}: {{count: 3}}\n")
        with pytest.raises(UserError, match=f"{name}: these records need {needed}"):
            client_for(dataset=str(path))
