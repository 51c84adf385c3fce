"""The people of a world who log in: by a page, or because the world says who does."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from fake_server.api.records import Row
from fake_server.api.serve import World
from fake_server.apis.intra42.resources import API, RESOURCES

MOST_LISTED = 50
"""The most people that a page offers."""


def preset_login(world: World) -> str | None:
    """Return the login of the person who logs in without a page, or None."""
    preset = world.section(API).get("login")
    return preset if isinstance(preset, str) else None


def denies_logins(world: World) -> bool:
    """Return whether every application is denied without a page."""
    preset = world.section(API).get("login")
    return isinstance(preset, Mapping) and preset.get("deny") is True


def preset_user_id(world: World) -> int | None:
    """Return the id of the person who logs in without a page; None: there is nobody."""
    login = preset_login(world)
    person = None if login is None else person_of(world, login)
    return None if person is None else int(person.id)


def person_of(world: World, login: str) -> Row | None:
    """Return the row of a person by login, or None."""
    table = RESOURCES["users"].table
    return world.store(API).row(select(table).where(table.c.login == login))


def people_like(world: World, text: str) -> Sequence[Row]:
    """Return the first people, by login, whose login has a text in it."""
    table = RESOURCES["users"].table
    matching = table.c.login.icontains(text, autoescape=True)
    query = select(table).where(matching).order_by(table.c.login).limit(MOST_LISTED)
    return world.store(API).rows(query)


def logins(world: World) -> Sequence[str]:
    """Return the logins of all people of a world."""
    column = RESOURCES["users"].table.c.login
    return [row.login for row in world.store(API).rows(select(column))]
