import pytest
import requests
from companion import lines, person_of

SKILLS = [
    {"id": 3, "name": "Rigor", "level": 1.5},
    {"id": 4, "name": "Algorithms", "level": 4.2},
]


def test_a_person_is_shown(fake_world, intra):
    fake_world.load(
        {
            "intra42": {
                "users": [
                    {"id": 9000, "login": "norminet", "wallet": 42, "correction_point": 3},
                ],
                "cursus_users": [
                    {"id": 9000, "user_id": 9000, "cursus_id": 21, "level": 7.42, "skills": SKILLS},
                ],
                "projects_users": [
                    {"user_id": 9000, "project_id": 1314, "final_mark": 125},
                    {"user_id": 9000, "project_id": 1315, "final_mark": 0},
                ],
                "coalitions_users": [{"id": 9000, "user_id": 9000, "coalition_id": 1}],
            }
        }
    )
    person = person_of(intra, "norminet")
    assert (person.wallet, person.points) == (42, 3)
    assert person.levels["42cursus"] == 7.42
    assert list(person.skills["42cursus"].values()) == [4.2, 1.5]
    assert person.marks == {"Libft": 125}
    assert "42cursus: level 7.42" in lines(person)


def test_everybody_can_be_shown(intra):
    people = [person_of(intra, user["login"]) for user in intra.get("users")]
    for person in people:
        assert "\n".join(lines(person)).startswith(person.name)
    assert any(person.coalition for person in people)
    assert any(person.marks for person in people)


def test_nobody_is_shown_by_a_wrong_login(intra):
    with pytest.raises(requests.HTTPError, match="404"):
        person_of(intra, "nobody")
