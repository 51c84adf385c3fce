"""The invented people of a fab lab."""

from typing import Any

from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import ImageInputs, part
from fake_server.apis.fabmanager.invention.inventory import slug_of

_WOMEN = ("Ada", "Chloé", "Emma", "Inès", "Jeanne", "Léa", "Manon", "Nadia", "Sofia", "Zoé")
_MEN = ("Adam", "Basile", "Émile", "Hugo", "Jules", "Karim", "Louis", "Marc", "Noé", "Théo")
_FAMILIES = (
    *("Arnaud", "Benali", "Chevalier", "Dupont", "Fabre", "Garnier", "Lambert", "Marchand"),
    *("Moreau", "Nguyen", "Perrin", "Richard", "Schmitt", "Traoré", "Vidal", "Weber"),
)
_STREETS = ("rue des Lilas", "quai de la Loire", "avenue du Parc", "place du Marché")


def person(inputs: ImageInputs, number: int) -> dict[str, Any]:
    """Return the row of an invented user."""
    random = SeededRandom(inputs.seed, "users", number)
    is_woman = random.chance(0.5)
    first, last = random.choice(_WOMEN if is_woman else _MEN), random.choice(_FAMILIES)
    groups = part(inputs.section, "groups")
    ids = [record["id"] for record in groups.get("records", ())] or list(
        range(1, groups.get("count", 0) + 1)
    )
    return {
        "id": number,
        "email": f"{slug_of(first)}.{slug_of(last)}{number}@example.org",
        "first_name": first,
        "last_name": last,
        "created_at": milliseconds(inputs.start) - random.integer(DAY, 900 * DAY),
        "gender": "woman" if is_woman else "man",
        "invoicing_profile_id": number,
        "external_id": None,
        "organization": random.chance(0.1),
        "address": f"{random.integer(1, 90)} {random.choice(_STREETS)}, 44000 Nantes",
        "group_id": random.choice(ids) if ids else None,
        "role": "admin" if number == 1 else "member",
        "deleted": False,
    }
