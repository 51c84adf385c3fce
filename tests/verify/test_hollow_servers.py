"""A server without an API behind it holds nothing but what one true answer shows."""

from fnmatch import fnmatchcase

import pytest

from fake_server.data_files import registry
from tests.verify.services.hollow import HOLLOW
from tests.verify.services.live import app_of, run_live

ANY_ANSWER = {
    "fabmanager": (
        *("availabilities.route", "availabilities.compact", "collections.shape", "*.keys"),
        *("collections.zone", "collections.embedded", "collections.page_total"),
        *("accept.any", "cors.none", "headers.security", "limits.none", "routing.not_found"),
    ),
    "intra42": (
        *("*.shape", "*.keys", "*.unknown_parent", "records.found", "records.unknown"),
        *(
            "collections.zone",
            "collections.embedded",
            "collections.page_total",
            "collections.roles",
            "locations.show",
        ),
        *("slots.user", "slots.scale_team", "slots.scope", "locations.graph", "graph.routes"),
        *("graph.body", "graph.zeros", "graph.interval.default", "graph.not_paginated"),
        *("graph.example.projects_users", "answer.json", "answer.application", "answer.cors"),
        *("request.not_routed", "request.user_agent"),
        *("oauth.token_type", "oauth.secret_valid_until"),
    ),
    "xurrent": (
        *("*.shape", "*.unknown_parent", "records.found", "records.unknown", "collections.order"),
        *("calendars.fields.default", "calendars.hours", "calendars.timestamps"),
        *("calendars.key_order", "hours.list", "hours.get", "holidays.list", "holidays.get"),
        *("*.keys", "ids.node", "ids.node.answers", "accounts.reference", "auth.public"),
        *("answers.cors", "collections.zone", "collections.page_total"),
    ),
}
"""Behaviours that speak of what each answer says, or lacks, whatever the query (globs).

The constant server's first answer on each path is a true one, with the shape of the API's records.
"""

ONE_TRUE_ANSWER = {
    "fabmanager": (
        *("records.found", "records.unknown", "records.shape", "collections.order"),
        *("bookable_machines.user_id", "plans.list", "plans.show", "plan_categories.list"),
        *("prices.references", "subscriptions.list", "subscriptions.references"),
        *("reservations.list", "invoices.list", "invoices.main_object", "invoices.download"),
        *("invoices.unknown", "invoices.number", "accounting.money"),
        *("accounting.payment_method", "accounting.payment_details", "accounting.label"),
        *("machines.list", "machines.show", "trainings.list", "events.prices", "invoices.pdf"),
    ),
    "intra42": (
        *(
            "projects_users.show",
            "me.application",
            "me.lists_of_nobody",
            "users.list",
            "users.graph",
        ),
        *("campus_users.order", "campus_users.show", "campus_users.parents"),
        *("coalitions.parents", "scores.parents", "users.members"),
        *("users.show.projects_users", "users.show.campus", "users.show.empty"),
        *("cursus_users.order", "cursus_users.graph", "stats.days", "exams.inner"),
        *("quests.roles", "projects.parents", "projects.sessions", "project_sessions.own"),
        *("teams.same", "teams.handed_in", "teams_uploads.parents", "scale_teams.scale"),
    ),
    "xurrent": (),
}
"""Behaviours that one answer on each of their paths shows whole: shapes, references between rows,
what is listed below which parent. The constant server's first answers are true ones."""

REAL_TOKENS = ("oauth.*", "login.code", "login.code.order")
"""Behaviours of the path for tokens, which only the constant server does not pass on."""


@pytest.mark.parametrize("server", HOLLOW)
@pytest.mark.parametrize(
    "api",
    [
        pytest.param(api, marks=() if api == "xurrent" else pytest.mark.slow)
        for api in registry.names()
    ],
)
def test_a_hollow_server_holds_nothing(api: str, server: str) -> None:
    report = run_live(
        api,
        app_of(api),
        wrap=HOLLOW[server],
        documented=True,
        others={},
    )
    assert report.failed is None
    excused = ANY_ANSWER[api] + (ONE_TRUE_ANSWER[api] if server == "constant" else REAL_TOKENS)
    held = [
        finding.id
        for finding in report.behaviours
        if finding.verdict.value == "held"
        and not any(fnmatchcase(finding.id.partition(".")[2], glob) for glob in excused)
    ]
    assert held == []


@pytest.mark.parametrize("api", registry.names())
def test_only_some_are_excused(api: str) -> None:
    """The behaviours that say what a query does are never excused."""
    for topic in (
        "filters.all",
        "filter.fields",
        "graph.filtered",
        "range.half_open",
        "pages.link",
    ):
        globs = ANY_ANSWER[api] + ONE_TRUE_ANSWER[api]
        assert not any(fnmatchcase(topic, glob) for glob in globs)
