"""Defects of plans, prices and subscriptions."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "plans-without-slug",
        "A plan is shown by its number alone.",
        _edit("dialect.resource:LabResource.named", "if names:", "if names and text.isdigit():"),
        "plans.show",
    ),
    _mutant(
        "prices-null-is-zero",
        "plan_id=null keeps nothing.",
        _edit(
            "resources.prices:_Prices.condition",
            "self.table.c.plan_id.is_(None)",
            "self.table.c.plan_id == 0",
        ),
        "prices.plan_id",
    ),
    _mutant(
        "prices-any-word-for-null",
        "plan_id=none keeps the prices without a plan, as the live service does.",
        _edit(
            "resources.prices:read_plans",
            "value == _WORD_FOR_NULL",
            "isinstance(value, str) and _LIKE_NULL.search(value)",
        ),
        "prices.plan_id",
    ),
    _mutant(
        "live-prices-null-alone",
        "Of the words without a plan, the live service takes null alone.",
        _edit("resources.prices:_read_plan", "_LIKE_NULL.search(value)", "value == _WORD_FOR_NULL"),
        "prices.plan_id",
        profile="live",
    ),
    _mutant(
        "live-prices-list-of-plans",
        "The live service takes a list of plans as its first.",
        _edit(
            "resources.prices:_read_plan",
            "    if not isinstance(value, str):",
            "    if isinstance(value, list):\n        value = value[0]\n"
            "    if not isinstance(value, str):",
        ),
        "prices.plan_id",
        profile="live",
    ),
    _mutant(
        "live-prices-first-type",
        "Of several types, the live service takes the first.",
        _edit(
            "dialect.word_filters:read_words",
            "value if isinstance(value, list) else",
            "value[:1] if isinstance(value, list) else",
        ),
        "prices.priceable_type",
        profile="live",
    ),
    _mutant(
        "subscriptions-without-dates",
        "before is ignored.",
        _edit("dialect.filters:read_until", "if instant is not None", "if False"),
        "subscriptions.dates",
    ),
    _mutant(
        "offered-days-do-not-count",
        "The days offered on top do not move the end.",
        _edit(
            "resources.subscriptions:_Subscriptions.usual",
            "max(ends, default=created + _USUAL_DAYS * DAY)",
            "created + _USUAL_DAYS * DAY",
        ),
        "subscriptions.references",
    ),
)
