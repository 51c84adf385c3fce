"""Languages: those that campus speak, under the ids that campus refer to."""

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.cities import LANGUAGES, Language


class _Languages(IntraResource):
    name = "languages"

    def invented(self, number: int, tables: Tables) -> Values:
        unknown = Language(f"Language {number}", f"l{number}", "2015-11-02T16:00:00.000Z")
        language = LANGUAGES.get(number, unknown)
        created = as_instant(language.created_at)
        return {
            "id": number,
            "name": language.name,
            "identifier": language.identifier,
            "created_at": created,
            "updated_at": created,
        }


resource = _Languages()
