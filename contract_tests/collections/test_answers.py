"""Answers: HEAD, ETag, and the shape of what they hold."""

from typing import Any

from fake_server.verify import OperationUnderTest, behaviour, expect, expect_that, need
from fake_server.verify.target.shape import misplaced_keys, schema_mistakes

_VOLATILE = {"date", "x-request-id", "x-runtime", "age", "content-length", "transfer-encoding"}
_VALIDATED = 30
"""How many rows of a page are validated."""


def steady(headers: Any) -> dict[str, str]:
    """Return the headers that are the same for the same question asked twice."""
    return {
        name.lower(): value
        for name, value in headers
        if name.lower() not in _VOLATILE and "ratelimit" not in name.lower()
    }


@behaviour("*.collections.head")
@behaviour("*.records.head")
@behaviour("*.graphs.head")
def test_head_is_get_without_a_body(operation: OperationUnderTest) -> None:
    need(records(operation), "an answer that holds something")
    answer = operation.get()
    head = operation.target.head(operation.path).expect_status(200)
    expect("the body of HEAD", b"", head.body)
    expect("the headers of HEAD", steady(answer.headers), steady(head.headers))


@behaviour("*.collections.etag")
@behaviour("*.records.etag")
@behaviour("*.graphs.etag")
def test_a_known_etag_is_not_modified(operation: OperationUnderTest) -> None:
    need(records(operation), "an answer that holds something")
    answer = operation.get()
    etag = answer.headers.get("ETag")
    expect_that("the ETag", etag, "one", etag)
    again = operation.target.get(operation.path, headers={"If-None-Match": etag})
    again.expect_status(304).expect_header("ETag", etag)
    expect("the body of 304", b"", again.body)
    other = operation.target.get(operation.path, headers={"If-None-Match": 'W/"another"'})
    other.expect_status(200).expect_header("ETag", etag)


def records(operation: OperationUnderTest) -> list[Any]:
    """Return the content of an answer: rows, or the one record or graph."""
    if operation.declared.action != "list":
        return [operation.record]
    rows = operation.rows()
    need(rows, f"rows in {operation.path}")
    return rows[:_VALIDATED]


@behaviour("*.collections.shape")
@behaviour("*.records.shape")
@behaviour("*.graphs.shape")
def test_it_is_as_the_schema_has_it(operation: OperationUnderTest) -> None:
    for record in records(operation):
        expect("what is not as the schema has it", "", schema_mistakes(operation.declared, record))


@behaviour("*.collections.fields")
def test_a_list_shows_the_fields_that_are_asked_for(operation: OperationUnderTest) -> None:
    rows = operation.require_rows().rows
    ((parameter, text),) = operation.all_fields.items()
    names = operation.turns([name for name in text.split(",") if name in rows[0] and name != "id"])
    need(len(names) > 1, "two fields to ask for")
    seen = {name: set(operation.rows({parameter: name})[0]) for name in names}
    # What every answer shows, such as an id, needs no asking.
    always = set.intersection(*seen.values())
    for name, shown in seen.items():
        others = set(rows[0]) - always - {name}
        expect(f"the field that {parameter}={name} shows", {name}, shown & {name})
        expect(f"further fields that {parameter}={name} shows", set(), shown & others)
    expect_that("what is shown unasked", always < set(rows[0]), "less than a row", sorted(always))


@behaviour("*.collections.keys")
@behaviour("*.records.keys")
def test_keys_stand_in_their_order(operation: OperationUnderTest) -> None:
    for record in records(operation):
        declared = [key for key in record if operation.declared.property(key) is not None]
        need(len(declared) > 1, "two keys that the schema has")
        expected, seen = misplaced_keys(operation.declared, record)
        expect("the order of its keys", expected, seen)


@behaviour("*.collections.roles")
def test_a_list_is_refused_without_its_role(operation: OperationUnderTest) -> None:
    answer = operation.target.get(operation.path)
    header = operation.declared.listing.roles or ""
    roles = (answer.headers.get(header) or "").casefold()
    need(roles, f"{header} in the answer of {operation.path}")
    names = [role for role in operation.declared.roles if role.casefold() in roles]
    need(not names, f"a credential without the role {', '.join(names)}")
    answer.expect_status(403)
