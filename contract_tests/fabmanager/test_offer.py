"""Plans, their categories, prices and subscriptions."""

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .bookable_machines import deleted_machines
from .helpers import NOBODY, moment
from .lists import (
    BASE,
    MANY,
    ask,
    count,
    expect_dates,
    expect_filter,
    expect_order,
    numbers,
    rows,
    some,
)

LIST_KEYS = [
    *("id", "name", "slug", "amount", "interval", "interval_count", "group_id", "disabled"),
    *("ui_weight", "monthly_payment", "updated_at", "created_at"),
]
MORE_KEYS = ["training_credit_nb", "is_rolling", "description", "type", "plan_category_id"]
PAGED = {"page": 1, "per_page": MANY}


@behaviour("fabmanager.plans.list")
def test_all_plans_are_listed(fabmanager: Target) -> None:
    answer = ask(fabmanager, "plans")
    records = answer.json["plans"]
    need(records, "a plan")
    expect("the keys", LIST_KEYS, list(records[0]))
    expect_order(records, "created_at", newest_first=False)
    expect_that("Total", "Total" not in answer.headers, "no header", str(answer.headers))
    for params in ({"page": 2, "per_page": 1}, {"id": records[0]["id"]}, {"group_id": NOBODY}):
        expect(f"with {params}", numbers(records), numbers(rows(fabmanager, "plans", params)))


@behaviour("fabmanager.plans.show")
def test_a_plan_by_number_and_slug(fabmanager: Target) -> None:
    plans = rows(fabmanager, "plans")
    need(plans, "a plan")
    slugs = {plan["slug"] for plan in plans}
    plan = next((plan for plan in plans if str(plan["id"]) not in slugs), plans[0])
    shown = fabmanager.get(f"{BASE}/plans/{plan['slug']}").expect_status(200).json
    expect("the keys", [*LIST_KEYS, *MORE_KEYS], [key for key in shown if key != "file"])
    expect("the plan", plan, {key: shown[key] for key in LIST_KEYS})
    by_number = fabmanager.get(f"{BASE}/plans/{plan['id']}").expect_status(200).json
    expect("the same by its number", shown, by_number)
    fabmanager.get(f"{BASE}/plans/{NOBODY}").expect_status(404)


@behaviour("fabmanager.plan_categories.list")
def test_all_categories_are_listed(fabmanager: Target) -> None:
    records = rows(fabmanager, "plan_categories")
    need(records, "a category")
    keys = ["id", "name", "weight", "description", "updated_at", "created_at"]
    expect("the keys", keys, list(records[0]))
    expect_order(records, "created_at", newest_first=False)
    listed = rows(fabmanager, "plan_categories", {"page": 2, "per_page": 1})
    expect("page 2", numbers(records), numbers(listed))


@behaviour("fabmanager.prices.list")
def test_prices_have_pages_if_asked(fabmanager: Target) -> None:
    answer = ask(fabmanager, "prices")
    records = answer.json["prices"]
    need(len(records) > 1, "two prices")
    expect_order(records, "created_at", newest_first=True)
    keys = ("id", "group_id", "plan_id", "priceable_id", "priceable_type", "amount")
    expect("the keys", [*keys, "created_at", "updated_at"], list(records[0]))
    expect_that("Total", "Total" not in answer.headers, "no header", str(answer.headers))
    paged = ask(fabmanager, "prices", {"page": 1, "per_page": 1})
    paged.expect_header("Total", str(len(records))).expect_header("Per-Page", "1")
    expect("the length of a page", 1, len(paged.json["prices"]))
    alone = rows(fabmanager, "prices", {"per_page": 1})
    expect("how many without a page", len(records), len(alone))


@behaviour("fabmanager.prices.plan_id", invalid=True)
def test_prices_of_plans(fabmanager: Target) -> None:
    prices = rows(fabmanager, "prices")
    plans = sorted({price["plan_id"] for price in prices if price["plan_id"] is not None})
    need(len(plans) > 1, "prices of two plans")
    for params, chosen in (
        ({"plan_id": plans[0]}, {plans[0]}),
        ({"plan_id[]": plans[:2]}, set(plans[:2])),
        ({"plan_id": "null"}, {None}),
    ):
        expected = [price for price in prices if price["plan_id"] in chosen]
        listed = rows(fabmanager, "prices", params)
        expect(f"those with {params}", numbers(expected), numbers(listed))
    for text in ("none", "nope", "NULL"):
        fabmanager.get(f"{BASE}/prices", params={"plan_id": text}).expect_status(400)


@behaviour("fabmanager.prices.plan_id", live=True, invalid=True)
def test_prices_of_one_plan(fabmanager: Target) -> None:
    prices = rows(fabmanager, "prices")
    need(any(price["plan_id"] is not None for price in prices), "a price of a plan")
    without = [price for price in prices if price["plan_id"] is None]
    for text in ("null", "none", "NOPE", "undefined"):
        listed = rows(fabmanager, "prices", {"plan_id": text})
        expect(f"those with plan_id={text}", numbers(without), numbers(listed))
    plan = next(price["plan_id"] for price in prices if price["plan_id"] is not None)
    for text in (f"[{plan}]", "abc"):
        expect(f"those with plan_id={text}", [], rows(fabmanager, "prices", {"plan_id": text}))
    answer = fabmanager.get(f"{BASE}/prices", params={"plan_id[]": plan}).expect_status(500)
    answer.expect_json({"error": ["Server error", "no implicit conversion of Array into String"]})


@behaviour("fabmanager.prices.filters")
def test_prices_of_groups_and_things(fabmanager: Target) -> None:
    expect_filter(fabmanager, "prices", "group_id", "group_id")
    expect_filter(fabmanager, "prices", "priceable_id", "priceable_id")
    prices = rows(fabmanager, "prices")
    for kind in ("Machine", "Space"):
        expected = [price for price in prices if price["priceable_type"] == kind]
        listed = rows(fabmanager, "prices", {"priceable_type": kind})
        expect(f"those of a {kind}", numbers(expected), numbers(listed))


@behaviour("fabmanager.prices.priceable_type", invalid=True)
def test_other_types_have_no_prices(fabmanager: Target) -> None:
    for kind in ("machine", "Training", "[Machine,Space]"):
        fabmanager.get(f"{BASE}/prices", params={"priceable_type": kind}).expect_status(400)


@behaviour("fabmanager.prices.priceable_type", live=True, invalid=True)
def test_other_types_match_no_price(fabmanager: Target) -> None:
    prices = rows(fabmanager, "prices")
    need(prices, "a price")
    for kind in ("machine", "Training", "[Machine,Space]"):
        expect(f"those of {kind}", [], rows(fabmanager, "prices", {"priceable_type": kind}))
    both = rows(fabmanager, "prices", {"priceable_type[]": ["Machine", "Space"]})
    expect("those of both", numbers(prices), numbers(both))


@behaviour("fabmanager.prices.references")
def test_prices_refer_to_plans_and_things(fabmanager: Target) -> None:
    prices = rows(fabmanager, "prices")
    need(prices, "a price")
    groups = {plan["id"]: plan["group_id"] for plan in rows(fabmanager, "plans")}
    of_plans = [price for price in prices if price["plan_id"] is not None]
    expect(
        "the groups of prices and of their plans",
        [(price["id"], groups.get(price["plan_id"])) for price in of_plans],
        [(price["id"], price["group_id"]) for price in of_plans],
    )
    for kind, name in (("Machine", "machines"), ("Space", "spaces")):
        known = set(numbers(rows(fabmanager, name)))
        things = {price["priceable_id"] for price in prices if price["priceable_type"] == kind}
        expect(
            f"what is no {kind}", set(), things - known - _deleted(fabmanager, name, things - known)
        )


def _deleted(target: Target, name: str, things: set[int]) -> set[int]:
    """Return the numbers of things that are marked as deleted, not unknown; ten are asked for."""
    known = things & set(deleted_machines(target)) if name == "machines" and things else set()
    answers = {
        number: target.get(f"{BASE}/{name}/{number}") for number in sorted(things - known)[:10]
    }
    # A machine that is marked as deleted has a 404 without a body; a space is still shown.
    return known | {
        key for key, answer in answers.items() if answer.status == 200 or not answer.text
    }


@behaviour("fabmanager.subscriptions.list")
def test_subscriptions_are_listed(fabmanager: Target) -> None:
    records = some(fabmanager, "subscriptions")
    keys = ["id", "created_at", "canceled_at", "plan_id", "user_id", "expiration_date"]
    expect("the keys", keys, list(records[0]))
    expect_order(records, "created_at", newest_first=True)
    answer = ask(fabmanager, "subscriptions")
    answer.expect_header("Per-Page", "20")
    expect_that("a page", len(answer.json["subscriptions"]) <= 20, "up to 20", answer.text)


@behaviour("fabmanager.subscriptions.filters")
def test_subscriptions_of_users_and_to_plans(fabmanager: Target) -> None:
    expect_filter(fabmanager, "subscriptions", "user_id", "user_id")
    expect_filter(fabmanager, "subscriptions", "plan_id", "plan_id")


@behaviour("fabmanager.subscriptions.dates")
def test_subscriptions_of_some_time(fabmanager: Target) -> None:
    expect_dates(fabmanager, "subscriptions", "created_at")


@behaviour("fabmanager.subscriptions.references")
def test_subscriptions_end_after_they_began(fabmanager: Target) -> None:
    records = some(fabmanager, "subscriptions")
    plans = set(numbers(rows(fabmanager, "plans")))
    chosen = {record["plan_id"] for record in records} - {None}
    expect("plans that are not there", set(), chosen - plans)
    for record in records:
        lasts = moment(record["expiration_date"]) > moment(record["created_at"])
        expect_that(f"the end of {record['id']}", lasts, "after its begin", str(record))


@behaviour("fabmanager.subscriptions.references", needs=("data",))
def test_offered_days_end_a_subscription(fabmanager: Target) -> None:
    days = {"id": 1, "start_at": "2026-06-01T10:00:00Z", "end_at": "2026-06-11T10:00:00Z"}
    record = {"id": 1, "created_at": "2026-05-01T10:00:00Z", "offer_days": [days]}
    with fabmanager.fresh({"time_zone": "UTC", "subscriptions": {"records": [record]}}) as own:
        (shown,) = rows(own, "subscriptions")
        expect("the end", "2026-06-11T10:00:00.000Z", shown["expiration_date"])
        expect("how many", 1, count(own, "subscriptions", {}))
