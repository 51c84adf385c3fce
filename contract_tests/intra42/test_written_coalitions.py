"""What requests write of coalitions: scores and memberships."""

from fake_server.contract import Target, behaviour, expect

from .coalitions import BLOCS, COALITION_SECTIONS, COALITIONS, MEMBERS
from .helpers import ids, page, school
from .writers import AT, CREDENTIALS, expect_refused, write


def _scores(own: Target, coalition: int, member: int) -> list[int]:
    """Return the score of a coalition, and that of a member with the member's rank."""
    membership = page(own, f"{MEMBERS}/{member}").json
    return [
        page(own, f"{COALITIONS}/{coalition}").json["score"],
        membership["score"],
        membership["rank"],
    ]


@behaviour("intra42.scores.create", needs=("data", "clock"))
@behaviour("intra42.scores.delete", needs=("data", "clock"))
def test_a_score_counts_until_it_is_taken_back(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS, **COALITION_SECTIONS) as own:
        write(own, "POST", "coalitions_users", coalitions_user={"coalition_id": 5, "user_id": 2})
        nulls = dict.fromkeys(("scoreable_id", "scoreable_type", "calculation_id"))
        score = {"reason": "Event", "value": 7, "coalitions_user_id": 4, **nulls}
        record = write(own, "POST", "coalitions/c5/scores", score=score).json
        expect("what was written", score, {name: record[name] for name in score})
        expect("the coalition", 5, record["coalition_id"])
        expect("the scores", [12, 7, 1], _scores(own, 5, 4))
        expect("the scores of the other", [12, 5, 2], _scores(own, 5, 1))
        alone = {"reason": "Mess", "value": "-3"}
        write(own, "POST", "coalitions/5/scores", score=alone)
        expect("the scores", [9, 7, 1], _scores(own, 5, 4))
        path = f"scores/{record['id']}"
        write(own, "DELETE", f"coalitions/6/{path}", status=404)
        write(own, "DELETE", f"coalitions/5/{path}", "app", 403)
        write(own, "DELETE", f"coalitions/5/{path}")
        own.get(f"/v2/{path}").expect_status(404)
        expect("the scores", [2, 0, 2], _scores(own, 5, 4))


@behaviour("intra42.scores.refused", needs=("data", "clock"))
def test_a_score_needs_a_value_and_a_reason(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS, **COALITION_SECTIONS) as own:
        errors = expect_refused(own, "POST", "coalitions/5/scores", score={"value": "many"})
        expect("what is wrong", ["reason", "value"], sorted(errors))
        write(own, "POST", "coalitions/99/scores", status=404, score={})


@behaviour("intra42.scores.below", needs=("data",))
def test_a_score_is_shown_below_what_it_belongs_to(intra42: Target) -> None:
    with school(intra42, **COALITION_SECTIONS) as own:
        score = page(own, "/v2/scores/2").json
        for parent in (f"{COALITIONS}/c6", f"{MEMBERS}/2", f"{BLOCS}/1"):
            expect(parent, score, page(own, f"{parent}/scores/2").json)
        for parent in (f"{COALITIONS}/5", f"{MEMBERS}/1", f"{BLOCS}/2", f"{COALITIONS}/99"):
            own.get(f"{parent}/scores/2").expect_status(404)


@behaviour("intra42.coalitions_users.create", needs=("data", "clock"))
@behaviour("intra42.coalitions_users.change", needs=("data", "clock"))
def test_a_user_becomes_a_member_and_gets_points(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS, **COALITION_SECTIONS) as own:
        wanting = {"coalition_id": 5, "user_id": 1}
        errors = expect_refused(own, "POST", "coalitions_users", coalitions_user=wanting)
        expect("what is wrong", ["user_id"], list(errors))
        member = {"coalition_id": 5, "user_id": 2, "this_year_score": 9}
        record = write(own, "POST", "coalitions_users", coalitions_user=member).json
        expect("the member", [4, 9, 1], [record["id"], record["score"], record["rank"]])
        members = page(own, f"{COALITIONS}/5/users").json
        expect("the members", [2, 1], ids(members))
        for method, points, rank in (("PATCH", 4, 2), ("PUT", "6", 1)):
            write(own, method, "coalitions_users/4", coalitions_user={"this_year_score": points})
            expect("the scores", [5, int(points), rank], _scores(own, 5, 4))
        write(own, "PATCH", "coalitions_users/4", "app", 403)
