"""Titles that users may bear. `%login` stands where the login goes."""

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.intra42.dialect.written import WritableResource
from fake_server.apis.intra42.invention.belongings import numbered

_WORDS = ("Gardener", "Early", "Sleepless", "Patient", "Doctor", "Captain", "Helpful", "Curious")


class _Titles(WritableResource):
    name = "titles"

    def invented(self, number: int, tables: Tables) -> Values:
        return {"id": number, "name": f"{numbered(_WORDS, number)} %login"}


resource = _Titles()
