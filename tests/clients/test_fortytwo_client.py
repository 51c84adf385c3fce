"""The published client fortytwo-client asks everything that it can ask, at the real host."""

import asyncio
import inspect
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from freezegun import freeze_time

from fake_server.testing import FakeWorld, intercept

if sys.version_info < (3, 12):
    pytest.skip("fortytwo-client needs Python 3.12", allow_module_level=True)

from fortytwo import AsyncClient, Client, Config
from fortytwo.core.auth import AuthorizationCodeProvider
from fortytwo.exceptions import FortyTwoNotFoundException, FortyTwoRequestException

HOST = "https://api.intra.42.fr"
HOME = "http://localhost:3000/callback"
CLIENT = ("Your application uid", "Your application secret")
SWIFT = Config(requests_per_second=1_000_000)
"""The client waits half a second before each request otherwise."""

METHODS = [
    f"{name}.{method}"
    for name, manager in sorted(vars(Client(*CLIENT)).items())
    if not name.startswith("_")
    for method in dir(manager)
    if method.startswith("get")
]
REFUSED = (
    # Of the records above these lists nothing is known.
    "users.get_by_dash_id",
    "users.get_by_accreditation_id",
    "users.get_by_partnership_id",
    # It gets what is only there for POST.
    "tokens.get",
)
OTHERWISE = {"projects.get_by_project_id", "slots.get_my_slots"}
"""Methods that have tests of their own."""


@pytest.fixture(scope="module")
def world() -> Iterator[FakeWorld]:
    with intercept(dataset="demo") as world:
        yield world


@pytest.fixture(scope="module")
def ids(world: FakeWorld) -> dict[str, int]:
    """Ids of records that belong together, by the name of the client's parameter."""
    read = world.intra42.session().get
    evaluation = next(
        record for record in read("/scale_teams?per_page=100").json() if record["team"]
    )
    team = evaluation["team"]
    project_id, user_id = team["project_id"], team["users"][0]["id"]
    ids = {
        "scale_team_id": evaluation["id"],
        "project_session_id": team["project_session_id"],
        "team_id": team["id"],
        "project_id": project_id,
        "user_id": user_id,
        "cursus_id": 21,
        "campus_id": 1,
    }
    for name in ("location", "campus_user", "cursus_user"):
        ids[f"{name}_id"] = read(f"/{name}s?user_id={user_id}").json()[0]["id"]
    ids["project_user_id"] = read(f"/projects_users?filter[user_id]={user_id}").json()[0]["id"]
    for name in ("coalition", "event", "expertise", "achievement", "title", "quest", "group"):
        ids[f"{name}_id"] = _with_users(world, name)
    return ids


def _with_users(world: FakeWorld, name: str) -> int:
    """Return the id of a record that has users."""
    read = world.intra42.session().get
    records = read(f"/{name}s?per_page=100").json()
    return next(
        int(record["id"]) for record in records if read(f"/{name}s/{record['id']}/users").json()
    )


def _person(world: FakeWorld, login: str) -> Client:
    """Return the client of a person who allows it everything."""
    world.intra42.login(login)
    scopes = ["public", "projects"]
    url = AuthorizationCodeProvider.authorize_url(CLIENT[0], HOME, scopes, state="s")
    back = requests.get(url, allow_redirects=False, timeout=5).headers["Location"]
    code = back.partition("code=")[2].partition("&")[0]
    return Client(config=SWIFT, provider=AuthorizationCodeProvider(*CLIENT, code, HOME, scopes))


@pytest.fixture(scope="module")
def application(world: FakeWorld) -> Client:
    return Client(*CLIENT, config=SWIFT)


@pytest.fixture(scope="module")
def person(world: FakeWorld, ids: dict[str, int]) -> Client:
    user = world.intra42.session().get(f"/users/{ids['user_id']}").json()
    return _person(world, user["login"])


def _answer(client: Client, method: str, ids: dict[str, int]) -> Any:
    manager, name = method.split(".")
    call = getattr(getattr(client, manager), name)
    names = [
        each.name
        for each in inspect.signature(call).parameters.values()
        if each.kind is each.POSITIONAL_OR_KEYWORD and each.name.endswith("_id")
    ]
    return call(*(ids[name] for name in names))


def test_the_client_knows_as_many_calls_as_ever() -> None:
    assert len(METHODS) >= 55
    assert {*REFUSED, *OTHERWISE} <= {*METHODS}


@pytest.mark.parametrize("method", sorted({*METHODS} - {*REFUSED, *OTHERWISE}))
def test_a_call_is_answered(
    application: Client, person: Client, ids: dict[str, int], method: str
) -> None:
    is_own = method == "users.get_me" or "_my_" in method
    answer = _answer(person if is_own else application, method, ids)
    assert answer.status_code == 200
    if isinstance(answer.data, list):
        assert answer.total >= len(answer) > 0
        assert (answer.page, answer.per_page) == (1, 30)
    else:
        assert answer.data.id > 0


@pytest.mark.parametrize("method", REFUSED)
def test_a_call_of_what_is_not_there(application: Client, ids: dict[str, int], method: str) -> None:
    unknown = dict.fromkeys(("dash_id", "accreditation_id", "partnership_id"), 1)
    with pytest.raises(FortyTwoNotFoundException):
        _answer(application, method, ids | unknown)


def test_projects_of_a_project(world: FakeWorld, application: Client, ids: dict[str, int]) -> None:
    exam = {
        "id": 90_001,
        "name": "Exam",
        "slug": "exam-of-one-project",
        "parent_id": ids["project_id"],
    }
    world.load({"intra42": {"projects": [exam]}})
    (child,) = application.projects.get_by_project_id(ids["project_id"])
    assert (child.id, child.name) == (exam["id"], exam["name"])


def test_the_client_knows_no_short_user_of_a_slot(person: Client) -> None:
    # The documents show id, login and url there. The client has all of a user, or a text.
    with pytest.raises(FortyTwoRequestException, match=r"user\.User\.email"):
        person.slots.get_my_slots()


def test_pages_filters_and_sorts_are_sent(application: Client) -> None:
    first = application.users.get_all(page=1, page_size=100)
    second = application.users.get_all(page=2, page_size=100)
    assert len(first) == 100
    assert not {user.id for user in first} & {user.id for user in second}
    login = first[0].login
    (user,) = application.users.get_all(application.users.parameters.filter.by_login(login))
    assert user.login == login


def test_a_person_s_token_is_renewed(world: FakeWorld, person: Client) -> None:
    before = person.authenticator.get_tokens()
    with freeze_time(datetime.now(UTC) + timedelta(hours=2, minutes=1)):
        assert person.users.get_me().data.id > 0
        after = person.authenticator.get_tokens()
    assert {before.access_token, before.refresh_token}.isdisjoint(
        {after.access_token, after.refresh_token}
    )


def test_the_asynchronous_client_asks_too(world: FakeWorld, ids: dict[str, int]) -> None:
    async def ask() -> Any:
        async with AsyncClient(*CLIENT, config=SWIFT) as client:
            return await client.users.get_by_id(ids["user_id"])

    assert asyncio.run(ask()).data.id == ids["user_id"]
