"""Groups of users."""

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.fabmanager.dialect.resource import LabResource

_NAMES = ("Standard", "Students", "Companies", "Associations")


class _Groups(LabResource):
    name = "groups"

    def invented(self, number: int, tables: Tables) -> Values:
        rounds, position = divmod(number - 1, len(_NAMES))
        name = f"{_NAMES[position]} {rounds + 1}" if rounds else _NAMES[position]
        slug = name.lower().replace(" ", "-")
        return {"id": number, "name": name, "slug": slug, "disabled": False}


resource = _Groups()
