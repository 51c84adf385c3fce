"""Coalitions: groups of students that collect points."""

from collections.abc import Sequence

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.invent import HOUR, SeededRandom
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.blocs import students

_FIRST = ("Amber", "Silver", "Quiet", "Northern", "Golden", "Wild", "Early")
_SECOND = ("Herons", "Otters", "Lynxes", "Magpies", "Badgers")


class _Coalitions(IntraResource):
    name = "coalitions"

    def invented(self, number: int, tables: Tables) -> Values:
        blocs = tables.story(_blocs)
        require_source(self.api, self.name, "blocs", blocs)
        turn, index = divmod(number - 1, len(blocs))
        bloc = blocs[index]
        people = tables.story(students).get((bloc.campus_id, bloc.cursus_id), ())
        require_source(self.api, self.name, "users in the cursus of a bloc", people)
        again, name = divmod(number - 1, len(_FIRST) * len(_SECOND))
        words = ["The", _FIRST[name % len(_FIRST)], _SECOND[name % len(_SECOND)]]
        words += [str(again + 1)] if again else []
        slug = "-".join(words).lower()
        files = f"https://cdn.intra.42.fr/coalition/{{}}/{number}/{slug}"
        created = bloc.created_at + (turn + 1) * HOUR
        return {
            "id": number,
            "name": " ".join(words),
            "slug": slug,
            "image": f"{files.format('image')}.svg",
            "cover": f"{files.format('cover')}.jpg",
            "color": f"#{SeededRandom(tables.inputs.seed, self.name, number).hexadecimal(6)}",
            "score": 0,
            "user_id": people[turn % len(people)],
            "bloc_id": bloc.id,
            "created_at": created,
            "updated_at": created,
        }


def _blocs(tables: Tables) -> Sequence[Row]:
    table = RESOURCES["blocs"].table
    return tables.rows(select(table).order_by(table.c.id))


resource = _Coalitions()
