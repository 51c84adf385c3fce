"""Answers of one exchange: HEAD, 304, the shape of rows and records, and the order of keys."""

from fake_server.verify.assertions import expect, expect_that
from fake_server.verify.outcome_errors import need
from fake_server.verify.recording.checked_exchange import Context, is_number
from fake_server.verify.target.paths import key_field
from fake_server.verify.target.shape import misplaced_keys, schema_mistakes


def check_shape(context: Context) -> None:
    """Assert that rows, the record or the graph are as the schema has them."""
    need(context.content, "rows")
    for record in context.content:
        expect("what is not as the schema has it", "", schema_mistakes(context.declared, record))


def check_keys(context: Context) -> None:
    """Assert that the keys of rows, or of the record, stand in the order of the schema."""
    need(any(isinstance(record, dict) and len(record) > 1 for record in context.content), "keys")
    for record in context.content:
        expected, seen = misplaced_keys(context.declared, record)
        expect("the order of its keys", expected, seen)


def check_empty_head(context: Context) -> None:
    """Assert that HEAD has no body."""
    need(context.answer.request.method == "HEAD", "an answer to HEAD")
    expect("the body of HEAD", b"", context.answer.body)
    # An empty body alone says nothing of the headers: that takes the answer to the GET.
    need(False, "an answer to the GET")


def check_not_modified(context: Context) -> None:
    """Assert that 304 goes with an ETag that the request names, and 200 with any other."""
    answer = context.answer
    if_none_match = header(context, "If-None-Match")
    need(if_none_match and answer.status in {200, 304}, "a request with If-None-Match")
    etags = {_opaque(etag) for etag in if_none_match.split(",")}
    etag = answer.headers.get("ETag")
    if answer.status == 304:
        expect("the body of 304", b"", answer.body)
        if etag is not None and "*" not in etags:
            expect_that("the ETag of 304", _opaque(etag) in etags, if_none_match, etag)
        return
    if etag is not None and len(etags) == 1 and answer.request.method == "GET":
        what = "the ETag of a page that If-None-Match did not spare"
        expect_that(what, if_none_match.strip() != etag, f"another than {if_none_match}", etag)


def check_record_id(context: Context) -> None:
    """Assert that a record is the one that its path names."""
    need(context.is_success and context.declared.action == "show", "a record")
    name = context.declared.path_parameters[-1]
    argument = context.match.values[name]
    (record,) = context.content
    need(isinstance(record, dict), "a record")
    seen = record.get(key_field(context.declared, name))
    need(is_number(argument) and isinstance(seen, int), "a record asked for by its number")
    expect("the record at its path", int(argument), seen)


def header(context: Context, name: str) -> str:
    """Return a header of the request; empty without one."""
    for header_name, value in context.answer.request.headers:
        if header_name.lower() == name.lower():
            return value
    return ""


def _opaque(etag: str) -> str:
    return etag.strip().removeprefix("W/")
