"""What requests write of coalitions: scores and memberships."""

from typing import Any

import pytest

from tests.intra42.writers import Writer


def _points(writer: Writer, coalition: int, member: int) -> list[int]:
    """Return the score of a coalition, that of a member, and the member's rank."""
    membership = writer.json(f"/v2/coalitions_users/{member}")
    score = writer.json(f"/v2/coalitions/{coalition}")["score"]
    return [score, membership["score"], membership["rank"]]


@pytest.mark.behaviour("intra42.scores.create", "intra42.scores.delete")
def test_scores_add_up(writer: Writer) -> None:
    new = {"coalition_id": 5, "user_id": 2, "this_year_score": 19}
    assert writer.made("coalitions_users", coalitions_user=new)["rank"] == 2
    score: dict[str, Any] = {"value": "2", "reason": "Helped", "coalitions_user_id": 3}
    record = writer.made("coalitions/c5/scores", score=score)
    assert record == {
        "id": 1,
        "coalition_id": 5,
        **dict.fromkeys(("scoreable_id", "scoreable_type", "calculation_id")),
        **score,
        "value": 2,
        "created_at": "2026-05-02T12:02:00.000Z",
        "updated_at": "2026-05-02T12:02:00.000Z",
    }
    assert _points(writer, 5, 3) == [22, 21, 1]
    assert _points(writer, 5, 1) == [22, 20, 2]
    assert writer.ids("/v2/coalitions_users?filter[this_year_score_updated]=true") == [3]
    writer.made("coalitions/5/scores", score={"value": -30, "reason": "Mess"})
    assert _points(writer, 5, 3) == [-8, 21, 1]
    writer.change("DELETE", "coalitions/5/scores/1")
    assert _points(writer, 5, 3) == [-10, 19, 2]
    assert writer.ids("/v2/scores") == [2]


@pytest.mark.behaviour("intra42.scores.refused", "intra42.scores.below", "intra42.scores.delete")
def test_scores_that_are_refused(writer: Writer) -> None:
    body = {"score": {"value": 1.5, "coalitions_user_id": 9}}
    assert writer.refusal("POST", "coalitions/5/scores", "staff", json=body) == {
        "value": ["is not a number"],
        "reason": ["can't be blank"],
        "coalitions_user_id": ["must exist"],
    }
    good: dict[str, Any] = {"score": {"value": 1, "reason": "R", "coalitions_user_id": 1}}
    for token in ("ada", "app"):
        assert writer.ask("POST", "coalitions/5/scores", token, json=good).status_code == 403
    assert writer.ask("POST", "scores", "staff", json=good).status_code == 404
    assert writer.ask("POST", "coalitions/9/scores", "staff", json=good).status_code == 404
    record = writer.made("coalitions/5/scores", **good)
    for parent in ("coalitions/c5", "coalitions_users/1", "blocs/1"):
        assert writer.json(f"/v2/{parent}/scores/1") == record
    for parent in ("coalitions/6", "coalitions_users/2", "blocs/9"):
        assert writer.get(f"/v2/{parent}/scores/1").status_code == 404
    for path in ("coalitions/6/scores/1", "coalitions/5/scores/2", "scores/1"):
        assert writer.ask("DELETE", path, "staff").status_code == 404


@pytest.mark.behaviour("intra42.coalitions_users.create", "intra42.coalitions_users.change")
def test_members_move_and_change_ranks(writer: Writer) -> None:
    record = writer.made("coalitions_users", coalitions_user={"coalition_id": 6, "user_id": 1})
    assert (record["score"], record["rank"]) == (0, 2)
    body = {"coalitions_user": {"coalition_id": 6, "user_id": 1}}
    taken = {"user_id": ["has already been taken"]}
    assert writer.refusal("POST", "coalitions_users", "staff", json=body) == taken
    assert writer.refusal("PATCH", "coalitions_users/1", "staff", json=body) == taken
    changed = {"this_year_score": 30, "this_year_score_updated_at": "2026-05-01"}
    writer.change("PATCH", "coalitions_users/3", coalitions_user=changed)
    assert _points(writer, 6, 3) == [20, 30, 1]
    assert _points(writer, 6, 2) == [20, 20, 2]
    writer.change("PUT", "coalitions_users/2", coalitions_user={"coalition_id": 5})
    assert _points(writer, 5, 2) == [20, 20, 2]
    assert writer.ids("/v2/coalitions/5/users") == [2, 1]
