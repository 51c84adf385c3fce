"""Users alone, with all that belongs to them."""

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import NOBODY, Record, first_ones, ids, listed, page, school, work_on
from .login import as_person, people, token_of
from .users import MEMBERS, USERS, some_users

EMPTY = ("partnerships", "patroned", "patroning")
OWN_WORK = [name for name in keys.WORK if name not in {"user", "teams"}]
INNER_CAMPUS = [name for name in keys.CAMPUS if name != "endpoint"]
INNER_LANGUAGE = [*keys.LANGUAGE, "created_at", "updated_at"]


def a_record(target: Target) -> Record:
    """Return the record of a user who works on a project; asked for once in a run."""

    def find() -> Record:
        records = [page(target, f"{USERS}/{user['id']}").json for user in some_users(target)[:9]]
        working = [record for record in records if record.get("projects_users")]
        need(bool(working), "a user who works on a project, among the first nine")
        record: Record = working[0]
        return record

    return target.remember(("record of a user",), find)


@behaviour("intra42.users.show")
def test_a_user_alone_has_these_keys(intra42: Target) -> None:
    record = a_record(intra42)
    expect("the keys", [*keys.USER, *keys.BELONGINGS], list(record))
    expect("by login", record, page(intra42, f"{USERS}/{record['login']}").json)
    params = {"filter[id]": record["id"]}
    item = {name: record[name] for name in keys.USER}
    expect("the user of the list", [item], listed(intra42, USERS, params))
    intra42.get(f"{USERS}/{NOBODY}").expect_status(404).expect_json({})


@behaviour("intra42.users.show.cursus_users")
def test_a_user_alone_shows_each_cursus(intra42: Target) -> None:
    record = a_record(intra42)
    need(bool(record["cursus_users"]), "a user in a cursus")
    expect("the user", keys.USER, list(record["cursus_users"][0]["user"]))
    nested = listed(intra42, f"{USERS}/{record['id']}/cursus_users", {"sort": "id"})
    expect("the list", nested, sorted(record["cursus_users"], key=lambda record: int(record["id"])))


@behaviour("intra42.users.show.cursus_users")
def test_a_level_is_the_same_everywhere(intra42: Target) -> None:
    rows = first_ones(intra42, "/v2/cursus_users")
    # One digit behind the point may be all that a rounded level has.
    exact = [row for row in rows if round(row["level"], 1) != row["level"]][:2]
    need(bool(exact), "a level of two digits behind the point")
    for row in exact:
        record = page(intra42, f"{USERS}/{row['user']['id']}").json
        shown = {entry["id"]: entry["level"] for entry in record["cursus_users"]}
        expect(f"the level of {row['id']}", row["level"], shown.get(row["id"]))


@behaviour("intra42.users.show.projects_users")
def test_a_user_alone_shows_work_without_teams(intra42: Target) -> None:
    record = a_record(intra42)
    path = f"{USERS}/{record['id']}/projects_users"
    own = {entry["id"]: entry for entry in record["projects_users"]}
    for work in listed(intra42, path, {"per_page": 100}):
        expect("the keys", OWN_WORK, list(own.get(work["id"], {})))
        expect("the work", {name: work[name] for name in OWN_WORK}, own[work["id"]])


@behaviour("intra42.users.show.campus")
def test_a_user_alone_shows_each_campus(intra42: Target) -> None:
    record = a_record(intra42)
    need(bool(record["campus"]), "a user at a campus")
    for campus in record["campus"]:
        expect("the keys", INNER_CAMPUS, list(campus))
        expect("the language", INNER_LANGUAGE, list(campus["language"]))
    nested = listed(intra42, f"{USERS}/{record['id']}/campus_users", {"sort": "id"})
    expect("the list", nested, sorted(record["campus_users"], key=lambda record: int(record["id"])))
    expect("the ids", {record["campus_id"] for record in nested}, {*ids(record["campus"])})


@behaviour("intra42.users.show.order", needs=("data",))
def test_what_belongs_to_a_user_comes_by_id(intra42: Target) -> None:
    work = [work_on(3, user_id=3), work_on(1, user_id=3, project_id=12), work_on(2, user_id=2)]
    with school(intra42, users={"records": list(MEMBERS)}, work=work) as own:
        record = page(own, f"{USERS}/cleo").json
        expect("the work", [1, 3], ids(record["projects_users"]))
        expect("the campus", [1, 2], ids(record["campus"]))
        for name in ("cursus_users", "campus_users"):
            expect(name, sorted(ids(record[name])), ids(record[name]))
        cursus = [entry["cursus_id"] for entry in record["cursus_users"]]
        expect("the cursus", [9, 21], sorted(cursus))


@behaviour("intra42.users.show.empty")
def test_some_of_it_is_empty(intra42: Target) -> None:
    record = a_record(intra42)
    expect("what is empty", {name: [] for name in EMPTY}, {name: record[name] for name in EMPTY})


@behaviour("intra42.me", needs=("data", "clock"))
def test_me_is_the_record_of_the_user(intra42: Target) -> None:
    with people(intra42) as own:
        token = token_of(own)["access_token"]
        shown = as_person(own, token).expect_status(200).json
        expect("the record", as_person(own, token, f"{USERS}/ada").expect_status(200).json, shown)
        expect("the keys", [*keys.USER, *keys.BELONGINGS], list(shown))
