"""Coalitions, their blocs, members and scores."""

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .coalitions import BLOCS, COALITION_SECTIONS, COALITIONS, MEMBERS, SCORES
from .helpers import NOBODY, expect_keys_of_some, ids, listed, page, school, total


@behaviour("intra42.coalitions.shape")
def test_a_coalition_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, COALITIONS, keys.COALITION)[:3]:
        for name in (record["id"], record["slug"]):
            expect("the coalition", record, page(intra42, f"{COALITIONS}/{name}").json)


@behaviour("intra42.coalitions.parents")
def test_coalitions_are_listed_under_bloc_and_user(intra42: Target) -> None:
    for bloc in expect_keys_of_some(intra42, BLOCS, keys.BLOC)[:2]:
        nested = listed(intra42, f"{BLOCS}/{bloc['id']}/coalitions", {"per_page": 100})
        expect("the coalitions", sorted(ids(bloc["coalitions"])), sorted(ids(nested)))
    for member in expect_keys_of_some(intra42, MEMBERS, keys.COALITIONS_USER)[:2]:
        nested = listed(intra42, f"/v2/users/{member['user_id']}/coalitions")
        expect("whether it is there", True, member["coalition_id"] in ids(nested))
    intra42.get(f"{BLOCS}/{NOBODY}/coalitions").expect_status(404)


@behaviour("intra42.coalitions.parents", needs=("data",))
def test_coalitions_of_others_are_left_out(intra42: Target) -> None:
    with school(intra42, **COALITION_SECTIONS) as own:
        expect("those of ada", [5], ids(listed(own, "/v2/users/ada/coalitions")))
        expect("those of cleo", [7, 6], ids(listed(own, "/v2/users/cleo/coalitions")))
        expect("those of bob", [], listed(own, "/v2/users/bob/coalitions"))
        expect("those of bloc 1", [6, 5], ids(listed(own, f"{BLOCS}/1/coalitions")))


@behaviour("intra42.blocs.shape")
def test_a_bloc_has_its_coalitions(intra42: Target) -> None:
    blocs = expect_keys_of_some(intra42, BLOCS, keys.BLOC)
    coalitions = [coalition for bloc in blocs for coalition in bloc["coalitions"]]
    need(bool(coalitions), "a bloc with coalitions")
    for coalition in coalitions:
        expect("the keys of a coalition", keys.COALITION, list(coalition))
    for bloc in blocs[:3]:
        expect("the bloc", bloc, page(intra42, f"{BLOCS}/{bloc['id']}").json)


@behaviour("intra42.coalitions_users.shape")
def test_a_membership_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, MEMBERS, keys.COALITIONS_USER)[:3]:
        expect("the membership", record, page(intra42, f"{MEMBERS}/{record['id']}").json)


@behaviour("intra42.coalitions_users.parents")
def test_memberships_are_listed_under_coalition_and_user(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, MEMBERS, keys.COALITIONS_USER)[:3]:
        params = {"filter[id]": record["id"]}
        user, coalition = record["user_id"], record["coalition_id"]
        for parent in (f"/v2/users/{user}", f"{COALITIONS}/{coalition}"):
            expect(parent, [record], listed(intra42, f"{parent}/coalitions_users", params))
        for nested in listed(intra42, f"{COALITIONS}/{coalition}/coalitions_users"):
            expect("the coalition", coalition, nested["coalition_id"])
        for nested in listed(intra42, f"/v2/users/{user}/coalitions_users"):
            expect("the user", user, nested["user_id"])


@behaviour("intra42.coalitions_users.updated")
def test_a_change_of_the_score_parts_memberships(intra42: Target) -> None:
    parts = [
        total(intra42, MEMBERS, {"filter[this_year_score_updated]": value})
        for value in ("true", "false")
    ]
    need(all(parts), "memberships with and without a changed score")
    expect("how many there are", total(intra42, MEMBERS), sum(parts))
    # The range alone tells when a score changed, for rows do not.
    changed = {"filter[this_year_score_updated]": "true", "sort": "this_year_score_updated_at"}
    since = {"range[this_year_score_updated_at]": "1970-01-01T00:00:00Z,2199-01-01T00:00:00Z"}
    expect("how many changed at some time", parts[0], total(intra42, MEMBERS, since))
    seen = listed(intra42, MEMBERS, {**changed, "per_page": 100})
    expect(
        "those that changed",
        ids(seen),
        ids(listed(intra42, MEMBERS, {**changed, **since, "per_page": 100})),
    )


@behaviour("intra42.coalitions_users.updated", needs=("data",))
def test_memberships_whose_score_changed(intra42: Target) -> None:
    with school(intra42, **COALITION_SECTIONS) as own:
        for value, expected in (("true", [2]), ("false", [3, 1])):
            params = {"filter[this_year_score_updated]": value}
            expect(value, expected, ids(listed(own, MEMBERS, params)))


@behaviour("intra42.scores.shape")
def test_a_score_has_these_keys(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, SCORES, keys.SCORE)[:3]:
        expect("the score", record, page(intra42, f"{SCORES}/{record['id']}").json)


@behaviour("intra42.scores.parents")
def test_scores_are_listed_under_their_coalition(intra42: Target) -> None:
    for record in expect_keys_of_some(intra42, SCORES, keys.SCORE)[:2]:
        for nested in listed(intra42, f"{COALITIONS}/{record['coalition_id']}/scores"):
            expect("the coalition", record["coalition_id"], nested["coalition_id"])


@behaviour("intra42.scores.parents", needs=("data",))
def test_scores_of_others_are_left_out(intra42: Target) -> None:
    with school(intra42, **COALITION_SECTIONS) as own:
        expect("those of coalition 6", [3, 2], ids(listed(own, f"{COALITIONS}/c6/scores")))
        expect("those of bloc 1", [3, 2, 1], ids(listed(own, f"{BLOCS}/1/scores")))
        expect("those of membership 2", [2], ids(listed(own, f"{MEMBERS}/2/scores")))
