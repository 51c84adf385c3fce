"""What is recorded of plans, prices, subscriptions, reservations, invoices and accounting."""

from collections.abc import Callable

import pytest

from tests.fabmanager.recorded_exchanges import BY_ID, DATASET, ask, differences
from tests.support.client import CheckedClient

Clients = Callable[..., CheckedClient]

BASE = "/open_api/v1"
HEADERS = {"Authorization": "Token token=7Yq3hKc9WnB5tRf2XvM8sZdE"}


def expect_recorded(client_for: Clients, profile: str, *exchanges: str) -> None:
    """Assert that the answers to recorded exchanges are the recorded ones."""
    client = client_for(dataset=str(DATASET), profile=profile)
    for exchange in exchanges:
        response = ask(client, BY_ID[exchange]["request"])
        assert list(differences(BY_ID[exchange], response)) == [], exchange


def status(client_for: Clients, exchange: str) -> int:
    """Return the status that the documented profile has for a recorded exchange."""
    client = client_for(dataset=str(DATASET), profile="documented")
    return ask(client, BY_ID[exchange]["request"]).status_code


@pytest.mark.behaviour(
    "fabmanager.plans.list", "fabmanager.plans.show", "fabmanager.plan_categories.list"
)
def test_plans(client_for: Clients) -> None:
    exchanges = ("plans.index/defaults", "plans.show/with-picture", "plan_categories.index/page")
    expect_recorded(client_for, "documented", *exchanges, "plans.show/unknown-slug")


@pytest.mark.behaviour("fabmanager.prices.list", "fabmanager.prices.filters")
def test_prices(client_for: Clients) -> None:
    exchanges = ("prices.index/unknown-param", "prices.index/page-1", "prices.index/combined-2")
    expect_recorded(client_for, "documented", *exchanges)


@pytest.mark.behaviour("fabmanager.machines.prices")
def test_prices_of_a_new_machine(client_for: Clients) -> None:
    client = client_for()
    new = {"machine": {"name": "Loom", "description": "Weaves."}}
    number = client.post(f"{BASE}/machines", json=new, headers=HEADERS).json["id"]
    url = f"{BASE}/prices?priceable_type=Machine&priceable_id={number}"
    prices = client.get(url, headers=HEADERS).json["prices"]
    groups = {
        price["group_id"] for price in client.get(f"{BASE}/prices", headers=HEADERS).json["prices"]
    }
    assert {price["amount"] for price in prices} == {0}
    assert {price["group_id"] for price in prices if price["plan_id"] is None} == groups


@pytest.mark.behaviour("fabmanager.prices.plan_id", "fabmanager.prices.priceable_type")
def test_words_of_prices(client_for: Clients) -> None:
    words = ("plan_id-nil", "plan_id-hash", "plan_id-text-list", "type-list", "type-as-machine")
    expect_recorded(client_for, "live", *(f"prices.index/{word}" for word in words))
    assert status(client_for, "prices.index/plan_id-nil") == 400
    assert status(client_for, "prices.index/type-as-machine") == 400


@pytest.mark.behaviour(
    "fabmanager.subscriptions.list",
    "fabmanager.subscriptions.filters",
    "fabmanager.subscriptions.dates",
)
def test_subscriptions(client_for: Clients) -> None:
    exchanges = ("plain-all", "user_id-list-2", "combined", "after-one-ms-in", "before-one-ms-in")
    for profile in ("documented", "live"):
        names = (f"subscriptions.index/{name}" for name in exchanges)
        expect_recorded(client_for, profile, *names)


@pytest.mark.behaviour(
    "fabmanager.reservations.list",
    "fabmanager.reservations.filters",
    "fabmanager.reservations.availability_id",
    "fabmanager.reservations.deleted_user",
)
def test_reservations(client_for: Clients) -> None:
    exchanges = ("plain-all", "combined", "availability_id-one", "after-offset", "canceled")
    expect_recorded(client_for, "documented", *(f"reservations.index/{name}" for name in exchanges))


@pytest.mark.behaviour("fabmanager.reservations.reservable_type")
def test_words_of_reservations(client_for: Clients) -> None:
    words = ("type-as-machine", "type-as-Machines", "type-as-space", "type-upper", "type-path")
    expect_recorded(client_for, "live", *(f"reservations.index/{word}" for word in words))
    assert status(client_for, "reservations.index/type-as-machine") == 400


@pytest.mark.behaviour(
    "fabmanager.invoices.list",
    "fabmanager.invoices.user_id",
    "fabmanager.invoices.download",
    "fabmanager.invoices.unknown",
)
def test_invoices(client_for: Clients) -> None:
    lists = ("invoices.index/plain-all", "invoices.index/user_id-one")
    files = ("invoices.download/file-1", "invoices.download/head", "invoices.download/unknown")
    expect_recorded(client_for, "documented", *lists, *files)


@pytest.mark.behaviour("fabmanager.invoices.pdf", "fabmanager.invoices.number")
def test_files_of_invoices(client_for: Clients) -> None:
    names = ("no-file", "number-and-text", "unknown-text")
    expect_recorded(client_for, "live", *(f"invoices.download/{name}" for name in names))
    assert status(client_for, "invoices.download/no-file") == 200
    assert status(client_for, "invoices.download/number-and-text") == 404


@pytest.mark.behaviour(
    "fabmanager.accounting.list",
    "fabmanager.accounting.filters",
    "fabmanager.accounting.money",
    "fabmanager.accounting.payment_method",
    "fabmanager.accounting.payment_details",
    "fabmanager.accounting.label",
)
def test_accounting(client_for: Clients) -> None:
    names = ("page-beyond", "after-one-ms-in", "before-offset", "invoice_id-list-1", "details-card")
    expect_recorded(client_for, "documented", *(f"accounting.index/{name}" for name in names))
    expect_recorded(client_for, "live", "accounting.index/after-empty")


@pytest.mark.behaviour("fabmanager.accounting.type", "fabmanager.accounting.types")
def test_types_of_lines(client_for: Clients) -> None:
    names = ("type-payment", "type-client", "type-text-list", "type-text-list-space")
    expect_recorded(client_for, "live", *(f"accounting.index/{name}" for name in names))
    assert status(client_for, "accounting.index/type-payment") == 400
    assert status(client_for, "accounting.index/type-client") == 200


@pytest.mark.behaviour("fabmanager.bookable_machines.user_ids")
@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("user_id[]=14", 500, "undefined method `admin?' for [#<User id: 14, email: "),
        ("user_id[]=", 404, "Couldn't find User with 'id'="),
        ("user_id[a]=1", 404, 'Couldn\'t find User with \'id\'={"a"=>"1"}'),
        ("user_id[][a]=1", 404, 'Couldn\'t find User with \'id\'={"a"=>"1"}'),
    ],
)
def test_a_list_of_users_may_reserve_no_machines(
    client_for: Clients, query: str, status: int, message: str
) -> None:
    target = f"/open_api/v1/bookable_machines?{query}"
    client = client_for(dataset=str(DATASET), profile="live", auth="off")
    response = client.get(target)
    assert response.status_code == status
    texts = [text for body in response.json.values() for text in body]
    assert any(text.startswith(message) for text in texts), texts
    client = client_for(dataset=str(DATASET), profile="documented", auth="off")
    assert client.get(target).status_code == 400
