"""The resources of the Fab-manager Open API. A resource stands after those that it refers to."""

from fake_server.api.declare import Resources

API = "fabmanager"

RESOURCES = Resources(
    __name__,
    (
        "groups",
        "users",
        "trainings",
        "machines",
        "spaces",
        "plan_categories",
        "plans",
        "prices",
        "subscriptions",
        "user_trainings",
        "credits",
        "users_credits",
        "bookable_machines",
        "availabilities",
        "events",
        "reservations",
        "invoices",
        "accounting",
    ),
)
