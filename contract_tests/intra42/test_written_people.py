"""What requests write of what users have: cursus, titles."""

from fake_server.contract import Target, behaviour, expect

from . import keys
from .helpers import ids, listed, page, school
from .writers import AT, CREDENTIALS, expect_refused, write

BEGIN = "2026-05-04T08:00:00.000Z"
TITLES = {"records": [{"id": 5, "name": "Gardener %login"}]}


@behaviour("intra42.cursus_users.create", needs=("data", "clock"))
@behaviour("intra42.cursus_users.refused", needs=("data", "clock"))
def test_a_user_begins_a_cursus(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        for path, attributes in (
            ("cursus_users", {"user_id": "1", "cursus_id": 9, "has_coalition": "false"}),
            ("users/bob/cursus_users", {"cursus_id": 21, "skip_begin_validation": True}),
        ):
            record = write(own, "POST", path, cursus_user={"begin_at": BEGIN, **attributes}).json
            expect("the keys", keys.CURSUS_USER, list(record))
            beginner = [record["grade"], record["level"], record["skills"], record["end_at"]]
            expect("what a beginner has", [None, 0.0, [], None], beginner)
            expect("whether it has coalitions", path != "cursus_users", record["has_coalition"])
            expect("the record", record, page(own, f"/v2/cursus_users/{record['id']}").json)
        expect("those in the cursus", [1, 2, 3], sorted(ids(listed(own, "/v2/cursus/21/users"))))
        for attributes, fields in (
            ({"user_id": 1, "cursus_id": 9, "begin_at": BEGIN}, ["cursus_id"]),
            ({"user_id": 4, "cursus_id": 99}, ["begin_at", "cursus_id"]),
            ({"user_id": 4, "cursus_id": 9, "begin_at": BEGIN, "end_at": AT}, ["end_at"]),
        ):
            errors = expect_refused(own, "POST", "cursus_users", cursus_user=attributes)
            expect(f"what is wrong with {attributes}", fields, sorted(errors))


@behaviour("intra42.cursus_users.change", needs=("data", "clock"))
def test_a_user_ends_a_cursus_and_leaves_it(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        (record,) = listed(own, "/v2/users/ada/cursus_users")
        path, end = f"cursus_users/{record['id']}", "2027-05-04T08:00:00.000Z"
        for method, value in (("PATCH", end), ("PUT", None)):
            write(own, method, path, cursus_user={"end_at": value})
            changed = page(own, f"/v2/{path}").json
            expect("the end", value, changed["end_at"])
            expect("the level", record["level"], changed["level"])
        write(own, "DELETE", path, "app", 403)
        write(own, "DELETE", path)
        expect("those in the cursus", [3], ids(listed(own, "/v2/cursus/21/users")))


@behaviour("intra42.titles.write", needs=("data", "clock"))
def test_titles_are_made_and_renamed(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS, titles=TITLES) as own:
        errors = expect_refused(own, "POST", "titles", title={"name": ""})
        expect("what is wrong", ["name"], list(errors))
        record = write(own, "POST", "titles", title={"name": "Early %login"}).json
        expect("the title", {"id": 6, "name": "Early %login"}, record)
        for method, attributes in (("PATCH", {"name": "Late"}), ("PUT", {"title": {"name": "L"}})):
            write(own, method, "titles/6", **attributes)
        expect("its name", "L", page(own, "/v2/titles/6").json["name"])
        write(own, "PATCH", "titles/6", status=422, title={"name": None})


@behaviour("intra42.titles_users.write", needs=("data", "clock"))
@behaviour("intra42.titles_users.selected", needs=("data", "clock"))
def test_users_get_titles_and_bear_one(intra42: Target) -> None:
    titles = {"records": [*TITLES["records"], {"id": 6, "name": "Early"}]}
    with school(intra42, at=AT, credentials=CREDENTIALS, titles=titles) as own:
        errors = expect_refused(own, "POST", "titles_users", titles_user={"title_id": 9})
        expect("what is wrong", ["title_id", "user_id"], sorted(errors))
        for title_id, is_borne in ((5, True), (6, False)):
            titles_user = {"title_id": title_id, "user_id": 1, "selected": is_borne}
            record = write(own, "POST", "titles_users", titles_user=titles_user).json
            expect("whether it is borne", is_borne, record["selected"])
        again = {"title_id": 5, "user_id": 1}
        errors = expect_refused(own, "POST", "titles_users", titles_user=again)
        expect("what is wrong", ["title_id"], list(errors))
        write(own, "PATCH", "titles_users/2", titles_user={"selected": True})
        borne = [
            [record["title_id"], record["selected"]] for record in listed(own, "/v2/titles_users")
        ]
        expect("the titles", [[5, False], [6, True]], sorted(borne))
        write(own, "DELETE", "titles_users/1", "app", 403)
        write(own, "DELETE", "titles_users/1")
        expect("the titles of ada", [6], ids(listed(own, "/v2/users/ada/titles")))
