"""Who writes in these tests: people and applications, by the tokens that they have."""

from typing import Any

from fake_server.contract import Answer, Target

from .standing import expect_gone, expect_shown

AT = "2026-05-02T12:00:00Z"
SCOPES = ["public", "projects", "profile"]
ROLES = ["Advanced tutor", "Advanced staff", "Basic staff"]
UID = "Your application uid"
DENIED = {"error": "Access Denied", "message": "You are not authorized to access this page."}
CREDENTIALS: dict[str, list[dict[str, Any]]] = {
    "applications": [
        {"uid": UID, "secret": "Your application secret", "scopes": SCOPES},
        {"uid": "staff", "secret": "secret", "scopes": SCOPES, "roles": ROLES},
    ],
    "tokens": [
        {"token": "ada", "application": UID, "user_id": 1, "scopes": SCOPES},
        {"token": "bare", "application": UID, "user_id": 1},
        {"token": "app", "application": UID, "scopes": SCOPES},
        {"token": "staff", "application": "staff"},
    ],
}

_CREATED_AT = {"register": "projects_users", "add": "users", "multiple_create": "scale_teams"}
"""The resources of which paths that end so create records, where the end is another word."""


def by(token: str) -> dict[str, Any]:
    """Return the options of a request with a token."""
    return {"headers": {"Authorization": f"Bearer {token}"}, "auth": False}


def write(
    own: Target, method: str, path: str, token: str = "staff", status: int = 0, **attributes: Any
) -> Answer:
    """Send what a request writes; assert the status of its answer, and what lists show then.

    `attributes` has those of the record under its singular name. By default POST is answered with
    201 and all else with 204.
    """
    expected = status or (201 if method == "POST" else 204)
    resource, _, number = path.partition("/")
    has_own_path = number.isdigit() and expected == 204
    before = own.get(f"/v2/{path}", **by("staff")) if has_own_path else None
    answer = own.request(method, f"/v2/{path}", json=attributes, **by(token))
    answer.expect_status(expected)
    if before is not None and method == "DELETE":
        expect_gone(own, resource, before.expect_status(200).json, **by("staff"))
    elif before is not None:
        expect_shown(own, resource, int(number), **by("staff"))
    elif expected == 201:
        last = path.rpartition("/")[2]
        resource = _CREATED_AT.get(last, last)
        created = answer.json if isinstance(answer.json, list) else [answer.json]
        for record in created:
            expect_shown(own, resource, record["id"], **by("staff"))
    return answer


def expect_refused(own: Target, method: str, path: str, **attributes: Any) -> Any:
    """Assert that an application without a role may not write; return the errors of one that has.

    What the other writes must not be valid.
    """
    write(own, method, path, "app", 403, **attributes).expect_json(DENIED)
    return write(own, method, path, "staff", 422, **attributes).json["errors"]
