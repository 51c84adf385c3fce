"""The names, logins and profiles of users, by Faker."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from fake_server.api.invent import DAY, HOUR, SeededRandom, milliseconds
from fake_server.api.records import ImageInputs
from fake_server.apis.intra42.dialect.timestamps import as_instant, optional_timestamp, timestamp
from fake_server.apis.intra42.invention.cities import BUSY_CAMPUS
from fake_server.apis.intra42.invention.piscines import Enrolment, Intake

_SIZES = ("large", "medium", "small", "micro")
_PINNABLE_INSTANTS = (
    "anonymize_date",
    "data_erasure_date",
    "created_at",
    "updated_at",
    "alumnized_at",
)


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in bare.lower() if letter.isalpha())


def _login(first: str, last: str, logins: set[str]) -> str:
    """Return a login of the school's form: initials, then the name, eight letters at most."""
    first, last = _plain(first) or "x", _plain(last) or "x"
    for length in range(1, len(first) + 1):
        login = (first[:length] + last)[:8]
        if login not in logins:
            return login
    number = 2
    while f"{(first[0] + last)[:7]}{number}" in logins:
        number += 1
    return f"{(first[0] + last)[:7]}{number}"


def make_users(
    inputs: ImageInputs,
    ids: Sequence[int],
    pinned: Mapping[int, Mapping[str, Any]],
    logins: set[str],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of users, the pinned ones among them, in the order of `ids`.

    A user without a pinned login gets one that is not in `logins`. Each login is added to `logins`.
    """
    intake = Intake(inputs)
    for user_id in ids:
        record = pinned.get(user_id, {})
        random = SeededRandom(inputs.seed, "users", user_id)
        first, last = _names(random.bits(), record)
        login = str(record.get("login", "")) or _login(first, last, logins)
        logins.add(login)
        enrolment = intake.enrolment(random, user_id, record)
        profile = _profile(inputs, random, record, enrolment, user_id, (login, first, last))
        yield {"id": user_id, "login": login, "joined_at": enrolment.joined_at, "profile": profile}


def _names(seed: int, record: Mapping[str, Any]) -> tuple[str, str]:
    if "first_name" in record and "last_name" in record:
        return record["first_name"], record["last_name"]
    faker = _faker()
    faker.seed_instance(seed)
    first, last = str(faker.format("first_name")), str(faker.format("last_name"))
    return record.get("first_name", first), record.get("last_name", last)


@cache
def _faker() -> Any:
    from faker import Factory

    return Factory.create("fr_FR", providers=["faker.providers.person"])


def _profile(
    inputs: ImageInputs,
    random: SeededRandom,
    record: Mapping[str, Any],
    enrolment: Enrolment,
    user_id: int,
    names: tuple[str, str, str],
) -> str:
    login, first, last = names
    start = milliseconds(inputs.start)
    link = f"https://cdn.intra.42.fr/users/{random.hexadecimal(32)}"
    forgotten = timestamp(start + random.integer(400 * DAY, 1500 * DAY))
    seat = f"c{random.integer(1, 3)}r{random.integer(1, 12)}s{random.integer(1, 8)}"
    profile: dict[str, Any] = {
        "id": user_id,
        "email": f"{login}@student.42.fr",
        "login": login,
        "first_name": first,
        "last_name": last,
        "usual_full_name": f"{first} {last}",
        "usual_first_name": None,
        "url": "",
        "phone": "hidden",
        "displayname": f"{first} {last}",
        "kind": "student",
        "image": {
            "link": f"{link}/{login}.jpg",
            "versions": {size: f"{link}/{size}_{login}.jpg" for size in _SIZES},
        },
        "staff?": False,
        "correction_point": random.integer(0, 12),
        "pool_month": enrolment.pool_month,
        "pool_year": enrolment.pool_year,
        "location": seat if random.chance(0.2) else None,
        "wallet": random.integer(0, 900),
        "anonymize_date": forgotten,
        "data_erasure_date": forgotten,
        "created_at": timestamp(enrolment.created_at),
        "updated_at": timestamp(max(enrolment.created_at, start - random.integer(0, 48 * HOUR))),
        "alumnized_at": None,
        "alumni?": False,
        "active?": True,
    }
    for name, value in record.items():
        if name in _PINNABLE_INSTANTS:
            profile[name] = optional_timestamp(None if value is None else as_instant(value))
        elif name == "image":
            # A dataset may have the members in any order; answers have them in one.
            versions = {size: value["versions"][size] for size in _SIZES}
            profile[name] = {"link": value["link"], "versions": versions}
        elif name in profile:
            profile[name] = value
    return json.dumps(profile, ensure_ascii=False)


def make_memberships(
    seed: int, user_id: int, record: Mapping[str, Any], campus: Sequence[int], cursus: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Return the ids of the campus and of the cursus that a user is in."""
    random = SeededRandom(seed, "memberships", user_id)
    busy = [number for number in BUSY_CAMPUS if number in campus] or campus
    own_campus = random.sample(busy, 1)
    if random.chance(0.1):
        own_campus += random.sample([number for number in campus if number not in own_campus], 1)
    own_cursus = [
        number
        for number, chance in ((9, 1.0), (21, 0.75))
        if number in cursus and random.chance(chance)
    ]
    if random.chance(0.15) or not own_cursus:
        own_cursus += random.sample([number for number in cursus if number not in own_cursus], 1)
    return list(record.get("campus_ids", own_campus)), list(record.get("cursus_ids", own_cursus))
