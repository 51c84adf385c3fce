"""The fake against exchanges recorded from the real service's code, over the same rows.

`recorded/make_open.py` makes `recorded/open.yaml` (the rows) and `recorded/open.jsonl` (the
exchanges) of the recording. The live profile answers all of them as recorded, the documented one
those that the document promises. Where rows share what they are sorted by, or a list has no order,
their order among themselves is not compared.
"""

import re
from collections.abc import Callable, Mapping

import pytest

from fake_server.world.profile import Profile
from tests.fabmanager.recorded_exchanges import (
    BY_ID,
    DATASET,
    EXCHANGES,
    NOT_SERVED,
    Exchange,
    ask,
    differences,
)
from tests.support.client import CheckedClient


def served() -> list[Exchange]:
    """Return the exchanges that are run."""
    return [
        exchange
        for exchange in EXCHANGES
        if NOT_SERVED.isdisjoint((exchange["id"], exchange["method"]))
    ]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str]], str]:
    """Return the file of the dataset with other settings of the server."""
    folder = tmp_path_factory.mktemp("open")

    def file_with(settings: Mapping[str, str]) -> str:
        if not settings:
            return str(DATASET)
        text = DATASET.read_text(encoding="utf-8")
        for name, value in settings.items():
            if name == "time_zone":
                text = re.sub("^  time_zone: .*$", f"  time_zone: {value}", text, flags=re.M)
            elif name == "locale":
                text = text.replace("\n  time_zone:", f"\n  locale: {value}\n  time_zone:", 1)
            else:
                text = text.replace("fabmanager:\n", f"fabmanager:\n  {name}_status: {value}\n", 1)
        file = folder / f"{'-'.join(settings.values()).replace('/', '-')}.yaml"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return file_with


@pytest.mark.behaviour(
    "fabmanager.users.user_id",
    "fabmanager.users.including_deleted_users",
    "fabmanager.users.keys",
    "fabmanager.users.full_name",
    "fabmanager.users.pages",
    "fabmanager.users.email",
    "fabmanager.users.created_after",
    "fabmanager.users.deleted",
    "fabmanager.user_trainings.list",
    "fabmanager.machines.deleted",
    "fabmanager.machines.picture.file",
    "fabmanager.machines.list",
    "fabmanager.machines.show",
    "fabmanager.machines.create",
    "fabmanager.machines.slug",
    "fabmanager.machines.create.invalid",
    "fabmanager.machines.forms",
    "fabmanager.machines.casts",
    "fabmanager.machines.update",
    "fabmanager.machines.destroy",
    "fabmanager.machines.accept",
    "fabmanager.spaces.list",
    "fabmanager.trainings.list",
    "fabmanager.bookable_machines.list",
    "fabmanager.bookable_machines.user_id",
    "fabmanager.events.list",
    "fabmanager.events.prices",
    "fabmanager.events.upcoming",
    "fabmanager.addresses.host",
)
@pytest.mark.parametrize("profile", ["live", "documented"])
@pytest.mark.parametrize("exchange", served(), ids=lambda exchange: exchange["id"])
def test_answer_is_the_recorded_one(
    exchange: Exchange,
    profile: Profile,
    client_for: Callable[..., CheckedClient],
    texts: Callable[[Mapping[str, str]], str],
) -> None:
    client = client_for(dataset=texts(exchange.get("server", {})), profile=profile)
    is_promised = exchange["agrees_with_docs"] or profile == "live"
    for earlier in exchange.get("before", ()):
        response = ask(client, earlier["request"])
        if is_promised:
            assert list(differences(earlier, response)) == []
    response = ask(client, exchange["request"])
    if is_promised:
        assert list(differences(exchange, response)) == []
    else:
        assert response.status_code < 500


def test_what_is_left_out_exists() -> None:
    methods = {exchange["method"] for exchange in EXCHANGES}
    assert methods.union(BY_ID).issuperset(NOT_SERVED)
    assert len(EXCHANGES) == 668
