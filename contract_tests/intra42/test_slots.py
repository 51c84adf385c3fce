"""The list of slots."""

from datetime import UTC, datetime, timedelta

from fake_server.contract import (
    Target,
    behaviour,
    expect,
    expect_ordered,
    expect_same_members,
    expect_that,
    need,
)

from .helpers import (
    SLOTS,
    a_project,
    a_user,
    first_ones,
    graph,
    ids,
    known_ids,
    listed,
    moment,
    page,
    school,
    slot,
    total,
    window,
    within,
)

KEYS = ["id", "begin_at", "end_at", "scale_team", "user"]
TEAM_KEYS = {"id", "begin_at", "created_at", "correcteds", "corrector"}
ROLED = {"uid": "Your application uid", "secret": "Your application secret", "roles": ["Mentor"]}
NOON = "2026-05-20T12:00:00Z"
BOOKED = {"scale_team_id": 70, "project_id": 11, "corrected_id": 2}


@behaviour("intra42.slots.list")
def test_the_list_holds_free_and_booked_slots(intra42: Target) -> None:
    _, records = window(intra42, SLOTS)
    expect("the slots of some ids", known_ids(records), known_ids(within(intra42, SLOTS)))
    free = [record for record in records if record["scale_team"] is None]
    need(0 < len(free) < len(records), "free and booked slots")
    parts = [total(intra42, SLOTS, {"filter[future]": flag}) for flag in ("true", "false")]
    expect("the slots of past and future", total(intra42, SLOTS), sum(parts))


@behaviour("intra42.slots.list", needs=("data",))
def test_the_list_holds_every_slot(intra42: Target) -> None:
    slots = [
        slot(1, "2020-05-01T08:00:00Z"),
        slot(2, "2020-05-01T08:00:00Z", **BOOKED),
        slot(3, "2030-05-01T08:00:00Z", user_id=2),
        slot(4, "2030-05-01T08:00:00Z", **BOOKED),
    ]
    with school(intra42, slots=slots, at=NOON) as own:
        answer = page(own, SLOTS)
        expect("the slots", [1, 2, 3, 4], known_ids(own.records(answer)))
        answer.expect_header("X-Total", "4")


@behaviour("intra42.slots.shape")
def test_the_keys_and_their_order(intra42: Target) -> None:
    for record in window(intra42, SLOTS, 1)[1]:
        expect("the keys of a slot", KEYS, list(record))
        expect_that("an id", type(record["id"]) is int, "a number", record["id"])
        later = record["end_at"] is None or moment(record["end_at"]) > moment(record["begin_at"])
        expect_that("a slot's end", later, "one after its begin", record)


@behaviour("intra42.slots.shape", needs=("data",))
def test_a_slot_is_shown_as_it_is(intra42: Target) -> None:
    end = "2026-05-01T08:45:00.25+00:00"
    with school(intra42, slots=[slot(7, "2026-05-01T10:00:00+02:00", end_at=end)]) as own:
        expected = {
            "id": 7,
            "begin_at": "2026-05-01T08:00:00.000Z",
            "end_at": "2026-05-01T08:45:00.250Z",
            "scale_team": None,
            "user": "invisible",
        }
        expect("the list", [expected], listed(own, SLOTS))


@behaviour("intra42.slots.user")
def test_who_offers_a_slot(intra42: Target) -> None:
    answer = page(intra42, SLOTS)
    records = intra42.records(answer)
    need(records, "a slot")
    roles = answer.headers.get("X-Application-Roles")
    for record in records:
        if roles == "None":
            expect("the user of a slot", "invisible", record["user"])
        elif record["user"] != "invisible":
            expect("the keys of the user", ["id", "login", "url"], list(record["user"]))


@behaviour("intra42.slots.user", needs=("data",))
def test_a_role_shows_who_offers_a_slot(intra42: Target) -> None:
    slots = [slot(1, "2026-05-01T08:00:00Z", user_id=3)]
    with school(intra42, slots=slots, credentials={"applications": [ROLED]}) as own:
        url = f"{own.base_url}/v2/users/cleo"
        user = listed(own, SLOTS)[0]["user"]
        expect("the user", [("id", 3), ("login", "cleo"), ("url", url)], list(user.items()))


@behaviour("intra42.slots.scale_team")
def test_booked_slots_have_an_evaluation(intra42: Target) -> None:
    _, records = window(intra42, SLOTS)
    booked = [record for record in records if record["scale_team"] is not None]
    need(0 < len(booked) < len(records), "free and booked slots")
    for record in booked:
        team = record["scale_team"]
        shown = isinstance(team, dict) and team.keys() >= TEAM_KEYS
        expect_that("the scale_team of a booked slot", shown, "an object", team)
        expect("when the evaluation begins", record["begin_at"], team["begin_at"])


@behaviour("intra42.slots.scale_team", needs=("data",))
def test_an_evaluation_is_that_of_its_slot(intra42: Target) -> None:
    slots = [slot(1, "2026-05-01T08:00:00Z", **BOOKED), slot(2, "2026-05-01T09:00:00Z")]
    with school(intra42, slots=slots) as own:
        by_id = {record["id"]: record["scale_team"] for record in listed(own, SLOTS)}
        expect("the evaluation of a booked slot", 70, by_id[1]["id"])
        expect("the evaluation of a free slot", None, by_id[2])


@behaviour("intra42.slots.order")
def test_the_last_to_begin_comes_first(intra42: Target) -> None:
    seen = within(intra42, SLOTS)
    by_time = sorted(
        seen, key=lambda record: (moment(record["begin_at"]), record["id"]), reverse=True
    )
    need(ids(by_time) != sorted(ids(seen), reverse=True), "slots whose ids are not in order")
    expect("the slots of some ids", ids(by_time), ids(seen))
    first = listed(intra42, SLOTS) + listed(intra42, SLOTS, {"page": 2})
    need(len(set(ids(first))) == len(first), "two pages that are unlike each other")
    expect_ordered(
        "slots", first, lambda record: (record["begin_at"], record["id"]), descending=True
    )


@behaviour("intra42.slots.order", live=True)
def test_the_greatest_id_comes_first(intra42: Target) -> None:
    seen = within(intra42, SLOTS)
    by_time = sorted(
        seen, key=lambda record: (moment(record["begin_at"]), record["id"]), reverse=True
    )
    need(ids(by_time) != sorted(ids(seen), reverse=True), "slots whose ids are not in order")
    expect("the slots of some ids", sorted(ids(seen), reverse=True), ids(seen))
    expect_ordered("slots", listed(intra42, SLOTS), lambda record: record["id"], descending=True)


SHUFFLED = [
    slot(number, f"2026-05-{day:02}T08:00:00Z")
    for number, day in enumerate((3, 1, 2, 3, 2, 1, 3), start=1)
]


@behaviour("intra42.slots.order", needs=("data",))
def test_slots_by_begin_then_id(intra42: Target) -> None:
    with school(intra42, slots=SHUFFLED) as own:
        paged_list = own.read_pages(SLOTS, {"per_page": 3})
        expect("the slots", [7, 4, 1, 5, 3, 6, 2], ids(paged_list.records))


@behaviour("intra42.slots.order", live=True, needs=("data",))
def test_slots_by_id(intra42: Target) -> None:
    with school(intra42, slots=SHUFFLED) as own:
        paged_list = own.read_pages(SLOTS, {"per_page": 3})
        expect("the slots", [7, 6, 5, 4, 3, 2, 1], ids(paged_list.records))


OF_MANY = [
    slot(1, "2026-05-01T08:00:00Z", user_id=1),
    slot(2, "2026-05-02T08:00:00Z", user_id=2, scale_team_id=5, project_id=11, corrected_id=1),
    slot(3, "2026-05-03T08:00:00Z", user_id=2, scale_team_id=6, project_id=12, corrected_id=3),
    slot(4, "2030-05-04T08:00:00Z", user_id=1, scale_team_id=7, project_id=11, corrected_id=2),
]


@behaviour("intra42.slots.of_user", needs=("data",))
def test_slots_of_evaluator_and_evaluated(intra42: Target) -> None:
    with school(intra42, slots=OF_MANY, at=NOON) as own:
        for user, expected in ((1, [1, 2, 4]), ("bob", [2, 3, 4]), (3, [3]), ("dan", [])):
            answer = page(own, f"/v2/users/{user}/slots")
            expect(f"the slots of {user}", expected, known_ids(own.records(answer)))
            answer.expect_header("X-Total", str(len(expected)))


@behaviour("intra42.slots.of_project", needs=("data",))
def test_slots_booked_for_a_project(intra42: Target) -> None:
    with school(intra42, slots=OF_MANY, at=NOON) as own:
        for project, expected in ((11, [2, 4]), ("printf", [3])):
            answer = page(own, f"/v2/projects/{project}/slots")
            expect(f"the slots of {project}", expected, known_ids(own.records(answer)))
            answer.expect_header("X-Total", str(len(expected)))


def expect_part_of_all(target: Target, path: str) -> list[int]:
    """Return the ids of nested slots, which must be some, but not all, of the whole list's."""
    nested = listed(target, path, {"per_page": 100})
    need(nested, f"slots at {path}")
    some = ",".join(map(str, ids(nested)))
    params = {"filter[id]": some, "per_page": 100}
    expect_same_members("slots of the whole list", ids(nested), ids(listed(target, SLOTS, params)))
    whole = total(target, SLOTS)
    expect_that(f"the total of {path}", total(target, path) < whole, f"less than {whole}", "all")
    return [record["id"] for record in nested if record["scale_team"] is None]


@behaviour("intra42.slots.of_user")
def test_slots_of_a_user_are_some(intra42: Target) -> None:
    expect_part_of_all(intra42, f"/v2/users/{a_user(intra42)['id']}/slots")


@behaviour("intra42.slots.of_project")
def test_slots_of_a_project_are_booked(intra42: Target) -> None:
    project = a_project(intra42)["id"]
    free = expect_part_of_all(intra42, f"/v2/projects/{project}/slots")
    expect("the free slots of a project", [], free)
    past = (datetime(1970, 1, 1, tzinfo=UTC), intra42.now() - timedelta(days=1))
    span = ",".join(instant.strftime("%Y-%m-%dT%H:%M:%SZ") for instant in past)
    nested = graph(intra42, f"/v2/projects/{project}/slots", "on/begin_at/by/day")
    expected = sum(number for day, number in nested.items() if day < f"{past[1]:%Y-%m-%d}")
    seen = total(intra42, f"/v2/projects/{project}/slots", {"range[begin_at]": span})
    expect_that("the past slots of a project", seen >= expected, f"{expected} or more", seen)


@behaviour("intra42.slots.scope")
def test_the_scope_public_lists_slots(intra42: Target) -> None:
    info = intra42.get("/oauth/token/info").expect_status(200).json
    need(info["scopes"] == ["public"], "a token with the scope public alone")
    need(first_ones(intra42, SLOTS), "a slot")
    page(intra42, SLOTS)


@behaviour("intra42.slots.scope", needs=("data",))
def test_a_token_of_the_scope_public_lists_slots(intra42: Target) -> None:
    tokens = [{"token": "of-public", "application": ROLED["uid"], "scopes": ["public"]}]
    credentials = {"applications": [ROLED], "tokens": tokens}
    with school(intra42, slots=SHUFFLED, credentials=credentials) as own:
        headers = {"Authorization": "Bearer of-public"}
        seen = listed(own, SLOTS, headers=headers, auth=False)
        expect("how many slots there are", len(SHUFFLED), len(seen))
