"""Single records: shown, created, changed, deleted."""

from typing import Any

LOAN = {
    "id": 2,
    "member_id": 2,
    "status": "open",
    "title": "Dune",
    "pages": 20,
    "due_on": "2026-03-03",
    "created_at": "1970-01-01T00:00:01Z",
}


def test_a_record_is_shown_or_not_found(client: Any) -> None:
    assert client.get("/library/loans/2").json == LOAN
    for unknown in ("9", "x", "1/loans/9"):
        assert client.get(f"/library/loans/{unknown}").json == {"error": "Not Found"}


def test_a_record_is_named_by_a_column_of_the_arguments_name(client: Any) -> None:
    assert client.get("/library/members/bob").json == {"member": {"id": 2, "name": "bob"}}
    assert client.get("/library/members/2").status_code == 404


def test_a_nested_record_is_one_of_its_parents(client: Any) -> None:
    assert client.get("/library/members/2/loans/2").json == LOAN
    assert client.get("/library/members/1/loans/2").status_code == 404
    assert client.get("/library/members/9/loans/2").status_code == 404


def test_a_record_is_created(client: Any) -> None:
    created = client.post("/library/loans", json={"member_id": 2, "due_on": "2026-04-01"})
    assert (created.status_code, created.headers["Location"]) == (
        201,
        "http://localhost/library/loans/4",
    )
    assert created.json == {
        "id": 4,
        "member_id": 2,
        "status": "open",
        "title": "",
        "pages": 0,
        "due_on": "2026-04-01",
        "created_at": "2026-03-02T09:00:00Z",
    }
    assert client.get("/library/loans/4").json == created.json


def test_a_record_is_created_below_its_parent(client: Any) -> None:
    created = client.post("/library/members/3/loans", json={"title": "Emma"})
    assert (created.status_code, created.json["member_id"], created.json["title"]) == (
        201,
        3,
        "Emma",
    )
    assert "Location" not in created.headers
    assert client.post("/library/members/9/loans", json={"title": "Emma"}).status_code == 404


def test_all_mistakes_of_a_body_are_told(client: Any) -> None:
    attributes = {"member_id": 9, "status": "x", "color": "y", "title": "Ulysses"}
    refused = client.post("/library/loans", json=attributes)
    assert refused.status_code == 422
    assert refused.json == {
        "errors": [
            {"field": "status", "message": "must be one of open, returned"},
            {"field": "color", "message": "is not known"},
            {"field": "member_id", "message": "does not exist"},
            {"field": "title", "message": "has already been taken"},
        ]
    }
    assert client.post("/library/loans", data="[").status_code == 400


def test_a_record_is_changed(client: Any) -> None:
    changed = client.patch("/library/loans/1", json={"status": "returned"})
    assert (changed.status_code, changed.json["status"]) == (200, "returned")
    assert changed.json["title"] == "Emma"
    assert client.patch("/library/loans/1", json={}).status_code == 200
    assert client.patch("/library/loans/9", json={}).status_code == 404


def test_a_record_that_is_put_has_what_is_required(client: Any) -> None:
    assert client.put("/library/loans/1", json={"title": "Dune"}).json == {
        "errors": [{"field": "member_id", "message": "is required"}]
    }
    put = client.put("/library/loans/1", json={"member_id": 2, "title": "Dune"}).json
    assert (put["member_id"], put["title"]) == (2, "Dune")


def test_a_record_is_deleted(client: Any) -> None:
    gone = client.delete("/library/loans/1")
    assert (gone.status_code, gone.data) == (204, b"")
    assert client.get("/library/loans/1").status_code == 404
    assert client.delete("/library/loans/1").status_code == 404


def test_a_resource_answers_actions_of_its_own(client: Any) -> None:
    touched = client.post("/library/loans/2/touch")
    assert (touched.status_code, touched.json) == (202, LOAN)
