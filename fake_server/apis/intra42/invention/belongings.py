"""What users have besides: groups, titles, achievements and the like, in turn for every user."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.invent import SeededRandom, milliseconds
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.resources import API, RESOURCES

_STRIDE = 7919
_T = TypeVar("_T")


class Owned(NamedTuple):
    """An invented record of a user.

    - `turn`: how many records of the kind the user has before this one.
    - `everybody`: how many users take turns.
    - `created_at`: an instant between the user's beginning and the dataset's start.
    """

    user: Row
    turn: int
    everybody: int
    created_at: int
    random: SeededRandom

    def different(self, ids: Sequence[int]) -> int:
        """Return one of `ids`: another one at each turn of the user, as long as there are some."""
        return ids[(int(self.user.id) + self.turn) % len(ids)]

    def row(self, number: int) -> Values:
        """Return the columns that the records of users share."""
        times = dict.fromkeys(("created_at", "updated_at"), self.created_at)
        return {"id": number, "user_id": self.user.id, **times}


def owned(name: str, number: int, tables: Tables) -> Owned:
    """Return the user of a record, and what it is invented from; the users take turns.

    Raises `RecordError` without users.
    """
    people = tables.story(_people)
    require_source(API, name, "users", people)
    turn, index = divmod(number - 1, len(people))
    user = in_turn(people, index)
    random = SeededRandom(tables.inputs.seed, name, number)
    latest = max(user.joined_at, milliseconds(tables.inputs.start))
    created = random.integer(user.joined_at, latest)
    return Owned(user, turn, len(people), created, random)


def in_turn(everybody: Sequence[_T], turn: int) -> _T:
    """Return whose turn it is. In as many turns as there are members, each has one."""
    stride = _STRIDE if len(everybody) % _STRIDE else 1
    return everybody[turn * stride % len(everybody)]


def _people(tables: Tables) -> Sequence[Row]:
    users = RESOURCES["users"].table
    return tables.rows(select(users).order_by(users.c.id))


def ids_of(name: str, owner: str, tables: Tables) -> Sequence[int]:
    """Return the ids of a resource that records of `owner` refer to; `RecordError` without any."""
    ids = tables.story(_ids)[name]
    require_source(API, owner, name, ids)
    return ids


def _ids(tables: Tables) -> Mapping[str, Sequence[int]]:
    names = ("groups", "titles", "achievements", "languages", "expertises")
    return {name: tables.ids(RESOURCES[name].table) for name in names}


def numbered(words: Sequence[str], number: int) -> str:
    """Return the word of a number from 1; beyond the last word, the words have numbers."""
    again, index = divmod(number - 1, len(words))
    return f"{words[index]} {again + 1}" if again else words[index]


def slug_of(name: str) -> str:
    """Return a name as it stands in URLs."""
    return name.lower().replace(" & ", "-").replace(" ", "-")
