"""What a companion app shows of a person of 42: levels, skills, marks and coalition.

`python companion.py norminet` prints it.
"""

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from intra import Intra


class Person(NamedTuple):
    """A person: levels and skills by the name of the cursus, marks by the name of the project."""

    login: str
    name: str
    wallet: int
    points: int
    levels: dict[str, float]
    skills: dict[str, dict[str, float]]
    marks: dict[str, int]
    coalition: str | None


def person_of(intra: Intra, login: str) -> Person:
    """Return a person; raises `requests.HTTPError` with the status 404 for nobody."""
    user = intra.get(f"users/{login}")
    coalitions = intra.get(f"users/{login}/coalitions")
    cursus = {record["cursus"]["name"]: record for record in user["cursus_users"]}
    return Person(
        login=user["login"],
        name=user["usual_full_name"],
        wallet=user["wallet"],
        points=user["correction_point"],
        levels={name: record["level"] for name, record in cursus.items()},
        skills={name: skills_of(record) for name, record in cursus.items()},
        marks=marks_of(user["projects_users"]),
        coalition=coalitions[0]["name"] if coalitions else None,
    )


def skills_of(cursus_user: dict[str, Any]) -> dict[str, float]:
    """Return the levels of skills, the highest first."""
    skills = sorted(cursus_user["skills"], key=lambda skill: -skill["level"])
    return {skill["name"]: skill["level"] for skill in skills}


def marks_of(works: list[dict[str, Any]]) -> dict[str, int]:
    """Return the final marks of validated projects, by name."""
    return {
        work["project"]["name"]: work["final_mark"]
        for work in sorted(works, key=lambda work: work["project"]["name"])
        if work["validated?"]
    }


def lines(person: Person) -> Iterator[str]:
    """Yield the lines that show a person."""
    yield f"{person.name} ({person.login}), {person.coalition or 'in no coalition'}"
    yield f"wallet {person.wallet}, correction points {person.points}"
    for cursus, level in person.levels.items():
        yield f"{cursus}: level {level:.2f}"
        yield from (f"  {name} {value:.2f}" for name, value in person.skills[cursus].items())
    yield from (f"{mark:4} {project}" for project, mark in person.marks.items())


if __name__ == "__main__":
    for line in lines(person_of(Intra.of_environment(), sys.argv[1])):
        print(line)
