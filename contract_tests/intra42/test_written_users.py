"""What requests write of users: profiles, correction points, campus, expertises; and of pools."""

from typing import Any

from fake_server.contract import Target, behaviour, expect

from .helpers import Record, ids, listed, page, school
from .writers import AT, CREDENTIALS, DENIED, expect_refused, write

TIMES = {"created_at": AT, "updated_at": AT}
EXPERTISES = {
    "records": [{"id": 7, "name": "Databases", "slug": "databases", "kind": "sector", **TIMES}]
}


def _user(own: Target) -> Record:
    record: Record = page(own, "/v2/users/ada").json
    return record


@behaviour("intra42.users.change", needs=("data", "clock"))
@behaviour("intra42.users.refused", needs=("data", "clock"))
def test_a_user_gets_other_names(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        before = _user(own)
        changed = {"first_name": "Ada", "last_name": "King", "usual_first_name": "Addie"}
        shown = {**changed, "usual_full_name": "Addie King", "displayname": "Addie King"}
        write(own, "PATCH", "users/ada", user={**changed, "password": "Secret-1"})
        after = _user(own)
        for name in before.keys() - {"updated_at", "projects_users", "cursus_users"}:
            expect(name, shown.get(name, before[name]), after[name])
        write(own, "PUT", "users/1", user={"login": "king", "usual_first_name": None})
        own.get("/v2/users/ada").expect_status(404)
        names = [page(own, "/v2/users/king").json[name] for name in ("id", "displayname")]
        expect("id and name", [1, "Ada King"], names)
        for attributes, field in (
            ({"login": "bob"}, "login"),
            ({"email": page(own, "/v2/users/bob").json["email"]}, "email"),
            ({"kind": "robot"}, "kind"),
            ({"usual_first_name": "A" * 43}, "usual_first_name"),
        ):
            errors = expect_refused(own, "PATCH", "users/1", user=attributes)
            expect(f"what is wrong with {attributes}", [field], list(errors))


@behaviour("intra42.correction_points.change", needs=("data", "clock"))
@behaviour("intra42.correction_points.least", needs=("data", "clock"))
@behaviour("intra42.correction_points.refused", needs=("data", "clock"))
def test_correction_points_are_given_and_taken(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        points = _user(own)["correction_point"]
        changes: list[list[Any]] = []
        for path, method, amount, change in (
            ("add", "POST", {}, 1),
            ("add", "POST", {"amount": "4"}, 4),
            ("remove", "DELETE", {"amount": 2}, -2),
            ("remove", "DELETE", {"amount": 999}, -points - 3),
        ):
            points += change
            changes.append(["Help", change, points])
            status = 201 if method == "POST" else 200
            path = f"users/ada/correction_points/{path}"
            user = write(own, method, path, status=status, reason="Help", **amount).json
            expect("the points", points, user["correction_point"])
            expect("the points", points, _user(own)["correction_point"])
        history = listed(own, "/v2/users/ada/correction_point_historics")
        lines = [[line["reason"], line["sum"], line["total"]] for line in history]
        expect("the historics", changes, lines)
        for wrong in ("some", 2**31):
            path = "users/ada/correction_points/add"
            errors = expect_refused(own, "POST", path, amount=wrong)
            expect("what is wrong", ["amount", "reason"], sorted(errors))


@behaviour("intra42.users.kept", needs=("data", "clock"))
def test_a_user_keeps_image_campus_and_cursus(intra42: Target) -> None:
    changed = {"image": "i.jpg", "campus_ids": [2], "cursus_ids": [9], "last_name": "King"}
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:
        before = _user(own)
        write(own, "PATCH", "users/ada", user=changed)
        after = _user(own)
        for name in ("image", "campus", "campus_users"):
            expect(name, before[name], after[name])
        cursus = [[item["cursus_id"] for item in user["cursus_users"]] for user in (before, after)]
        expect("the cursus", *cursus)
        expect("the name", "King", after["last_name"])


@behaviour("intra42.expertises_users.write", needs=("data", "clock"))
@behaviour("intra42.expertises_users.refused", needs=("data", "clock"))
def test_people_say_what_they_know(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS, expertises=EXPERTISES) as own:
        known = {"expertise_id": 7, "value": 4}
        for path, token, attributes in (
            ("expertises_users", "ada", known),
            ("expertises/databases/expertises_users", "staff", {"user_id": 2, "value": "5"}),
            ("users/cleo/expertises_users", "staff", known),
        ):
            record = write(own, "POST", path, token, expertises_user=attributes).json
            flags = [record["interested"], record["contact_me"]]
            expect("the flags", [False, False], flags)
            expect("the expertise", 7, record["expertise"]["id"])
            expect("the record", record, page(own, f"/v2/expertises_users/{record['id']}").json)
        expect("who knows it", [1, 2, 3], sorted(ids(listed(own, "/v2/expertises/7/users"))))
        write(own, "PATCH", "expertises_users/1", "ada", expertises_user={"value": 2})
        expect("the value", 2, page(own, "/v2/expertises_users/1").json["value"])
        for value in (0, 6):
            body = {"expertises_user": {"value": value}}
            answer = write(own, "PUT", "expertises_users/1", "ada", 422, **body)
            expect("what is wrong", ["value"], list(answer.json["errors"]))
        write(own, "DELETE", "expertises_users/2", "ada", 403).expect_json(DENIED)
        write(own, "DELETE", "expertises_users/1", "ada")


@behaviour("intra42.campus_users.write", needs=("data", "clock"))
@behaviour("intra42.campus_users.primary", needs=("data", "clock"))
def test_users_move_to_another_campus(intra42: Target) -> None:
    with school(intra42, at=AT, credentials=CREDENTIALS) as own:

        def campus() -> list[list[Any]]:
            records = listed(own, "/v2/users/ada/campus_users")
            return sorted([record["campus_id"], record["is_primary"]] for record in records)

        write(own, "POST", "users/ada/campus_users", campus_user={"campus_id": 2})
        new = {"campus_id": 74, "user_id": 1, "is_primary": True}
        record = write(own, "POST", "campus_users", campus_user=new).json
        expect("what was written", new, {name: record[name] for name in new})
        expect("the campus", [[1, False], [2, False], [74, True]], campus())
        there = listed(own, "/v2/users", {"filter[primary_campus_id]": 74})
        expect("the users there", [4, 1], ids(there))
        errors = expect_refused(own, "POST", "campus_users", campus_user=new)
        expect("what is wrong", ["campus_id"], list(errors))
        path = f"campus_users/{record['id']}"
        write(own, "PATCH", path, campus_user={"is_primary": False})
        expect("the campus", [[1, False], [2, False], [74, False]], campus())
        write(own, "DELETE", path)
        expect("the campus", [[1, False], [2, False]], campus())


@behaviour("intra42.pools.points", needs=("data", "clock"))
@behaviour("intra42.pools.bounds", needs=("data", "clock"))
def test_points_of_a_pool(intra42: Target) -> None:
    counts = {"current_points": 10, "max_points": 20, "cursus_id": 21, "campus_id": 1}
    pools = {"records": [{"id": 3, **counts, **TIMES}]}
    with school(intra42, at=AT, credentials=CREDENTIALS, pools=pools) as own:
        for method, path, status, points, after in (
            ("POST", "add", 201, 10, 20),
            ("POST", "add", 422, 1, 20),
            ("DELETE", "remove", 200, "20", 0),
            ("DELETE", "remove", 422, 1, 0),
        ):
            path = f"pools/3/points/{path}"
            answer = write(own, method, path, status=status, points=points)
            if status == 422:
                expect("what is wrong", ["points"], list(answer.json["errors"]))
            else:
                expect("the pool", {"id": 3, **counts, "current_points": after}, answer.json)
        write(own, "POST", "pools/3/points/add", "app", 403, points=1)
