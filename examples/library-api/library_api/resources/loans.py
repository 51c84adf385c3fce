"""Loans: who has which book until when."""

from flask import Response
from sqlalchemy import MetaData

from fake_server.api.declare import Call, StandardResource, Values
from fake_server.api.invent import DAY, HOUR, SECOND, SeededRandom, milliseconds
from fake_server.api.records import Row, Tables
from fake_server.api.serve import ApiError, AttributeReader, instant_text, write_record
from library_api.resources import API, RESOURCES

TERM = 21 * DAY
TITLES = ("Emma", "Dune", "Beloved", "Middlemarch", "Solaris", "Walden", "Kindred", "Ulysses")


def give_back(resource: "Loans", call: Call) -> Response:
    """Answer a loan that is returned now; one that was returned before is a conflict."""
    loan = resource.named(call)
    if loan.returned_at is not None:
        raise ApiError(409, {"error": "already returned"})
    return write_record(resource, call, loan, {"status": "returned", "returned_at": resource.now()})


class Loans(StandardResource):
    """The loans of the library."""

    api = API
    tables = MetaData()
    resources = RESOURCES
    name = "loans"
    views = {"return": give_back}

    def invented(self, number: int, tables: Tables) -> Values:
        random, start = (
            SeededRandom(tables.inputs.seed, self.name, number),
            milliseconds(tables.inputs.start),
        )
        lent_at = (start - random.integer(HOUR, 60 * DAY)) // SECOND * SECOND
        returned_at = lent_at + random.integer(HOUR, 2 * TERM) // SECOND * SECOND
        is_returned = returned_at < start
        return {
            "id": number,
            "member_id": random.integer(1, 12),
            "title": random.choice(TITLES),
            "status": "returned" if is_returned else "open",
            "lent_at": lent_at,
            "due_at": lent_at + TERM,
            "returned_at": returned_at if is_returned else None,
        }

    def new_row(self, values: Values) -> Values:
        now = self.now()
        return super().new_row({"lent_at": now, "due_at": now + TERM, **values})

    def check_body(self, body: AttributeReader, row: Row | None) -> None:
        due_at = body.values.get("due_at")
        if due_at is not None and due_at < self.now():
            body.refuse("due_at", "too_small", limit=instant_text(self.now()))


resource = Loans()
