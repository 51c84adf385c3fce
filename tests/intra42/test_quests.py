"""Quests, pools and balances, as they are invented and changed."""

import pytest

from fake_server.world.records.data import add, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.quests_users.shape", "intra42.quests_users.validated")
def test_users_complete_one_quest_after_the_other(demo: Intra) -> None:
    quests = {row.id: row for row in demo.rows(tables.of("quests"))}
    in_cursus = {(row.user_id, row.cursus_id) for row in demo.rows(tables.cursus_users)}
    rows = demo.rows(tables.of("quests_users"))
    by_user: dict[int, list[tuple[int, bool]]] = {}
    for row in rows:
        quest = quests[row.quest_id]
        assert (row.user_id, quest.cursus_id) in in_cursus
        assert row.validated_at is None or row.created_at < row.validated_at
        stage = (quest.position, row.validated_at is not None)
        by_user.setdefault(row.user_id, []).append(stage)
    assert len(by_user) > 50
    for progress in by_user.values():
        progress.sort()
        assert [position for position, _ in progress] == list(range(len(progress)))
        assert all(validated for _, validated in progress[:-1])


@pytest.mark.behaviour("intra42.pools.shape", "intra42.balances.shape")
def test_a_pool_has_at_most_what_it_has_room_for(demo: Intra) -> None:
    pools = demo.rows(tables.of("pools"))
    assert pools
    assert all(0 <= row.current_points <= row.max_points for row in pools)
    balances = demo.rows(tables.of("balances"))
    assert {row.pool_id for row in balances} == {row.id for row in pools}
    assert all(row.begin_at < row.end_at for row in balances)


@pytest.mark.behaviour("intra42.quests_users.parents", "intra42.balances.parents")
def test_quests_and_pools_go_with_their_cursus(demo: Intra) -> None:
    quest = demo.json("/v2/quests?per_page=1")[0]
    remove(demo.world, "intra42", "quests", str(quest["id"]))
    assert demo.ids(f"/v2/quests_users?filter[quest_id]={quest['id']}") == []
    remove(demo.world, "intra42", "cursus", str(quest["cursus_id"]))
    assert demo.ids(f"/v2/quests?filter[cursus_id]={quest['cursus_id']}") == []
    assert demo.rows(tables.of("pools")) == demo.rows(tables.of("balances")) == []


@pytest.mark.behaviour("intra42.balances.below")
def test_a_balance_is_shown_below_its_pool(demo: Intra) -> None:
    client = {"uid": "tutor", "secret": "s"}
    add(demo.world, "intra42", "applications", [{**client, "roles": ["Advanced tutor"]}])
    form = {"grant_type": "client_credentials", "client_id": "tutor", "client_secret": "s"}
    token = demo.client.post("/oauth/token", data=form).json["access_token"]
    balance = demo.rows(tables.of("balances"))[0]
    below = f"/v2/pools/{balance.pool_id}/balances/{balance.id}"
    shown = demo.json(f"/v2/balances/{balance.id}", token=token)
    assert demo.json(below, token=token) == shown
    assert demo.get(below).status_code == 403
    other = next(row.id for row in demo.rows(tables.of("pools")) if row.id != balance.pool_id)
    wrong = demo.get(f"/v2/pools/{other}/balances/{balance.id}", token=token)
    assert wrong.status_code == 404


@pytest.mark.behaviour("intra42.quests.shape", "intra42.quests.roles", "intra42.quests.parents")
def test_the_quests_of_a_user_and_of_a_cursus(demo: Intra) -> None:
    record = demo.json("/v2/quests_users?per_page=1")[0]
    shown = demo.json(f"/v2/users/{record['user']['login']}/quests?per_page=100")
    assert record["quest_id"] in [quest["id"] for quest in shown]
    assert shown[0]["cursus"]["id"] == shown[0]["cursus_id"]
    assert [{key: quest[key] for key in record["quest"]} for quest in shown].count(record["quest"])
    assert demo.ids(f"/v2/cursus/{shown[0]['cursus_id']}/quests") == list(range(1, 9))
    assert demo.ids("/v2/campus/1/quests") == []


@pytest.mark.behaviour("intra42.quests_users.campus")
def test_who_is_on_a_quest_at_a_campus(demo: Intra) -> None:
    members = {row.user_id for row in demo.rows(tables.campus_users) if row.campus_id == 1}
    expected = {row.id for row in demo.rows(tables.of("quests_users")) if row.user_id in members}
    assert {*demo.ids("/v2/quests_users?filter[campus_id]=1")} == expected
    assert demo.get("/v2/quests_users?filter[campus_id]=x").status_code == 422


@pytest.mark.behaviour("intra42.pools.roles", "intra42.exams_users.parents")
def test_what_asks_for_a_role_is_refused_before_its_record_is_sought(demo: Intra) -> None:
    for path in (
        "pools",
        "pools/1",
        "pools/99999/balances",
        "balances/99999",
        "exams/1/exams_users",
    ):
        assert demo.get(f"/v2/{path}").status_code == 403, path
    assert "X-Fake-Not-Served" in demo.get("/v2/exams_users").headers
