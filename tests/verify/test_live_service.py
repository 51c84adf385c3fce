"""A live service that does exactly what the `live:` sentences say passes."""

import pytest

from fake_server.data_files import registry
from fake_server.verify.layers.outcomes import BehaviourFinding
from tests.verify.services.live import AWKWARD, app_of, run_live

ONE_SERVICE = "it is about the records of one service, in the documents"
SETTING = "it is about a setting of the service"
TIME = "its time comes by the clock of the service alone"
PERSON = "it takes a person who logs in, and what the person's browser sends"
APPLICATION = "it takes an application with other scopes, redirect URIs or secrets"
RECORDS = "its test makes the records that show it"
RECORDS_THERE = "no record of the stand-in shows it"
LIMIT = "it takes more requests than a run may send to a live service"

MADE_RECORDS = (
    "intra42.achievements.parents",
    "intra42.balances.below",
    "intra42.balances.parents",
    "intra42.balances.shape",
    "intra42.campus_users.primary",
    "intra42.campus_users.write",
    "intra42.coalitions_users.change",
    "intra42.coalitions_users.create",
    "intra42.correction_points.change",
    "intra42.correction_points.least",
    "intra42.correction_points.refused",
    "intra42.correction_points.shape",
    "intra42.cursus_users.active",
    "intra42.cursus_users.blackholed",
    "intra42.cursus_users.campus",
    "intra42.cursus_users.change",
    "intra42.cursus_users.create",
    "intra42.cursus_users.end",
    "intra42.cursus_users.future",
    "intra42.cursus_users.level",
    "intra42.cursus_users.refused",
    "intra42.events_users.create",
    "intra42.events_users.delete",
    "intra42.events_users.refused",
    "intra42.exams.future",
    "intra42.exams.parents",
    "intra42.exams.people",
    "intra42.exams.validated",
    "intra42.exams_users.parents",
    "intra42.exams_users.shape",
    "intra42.expertises.parents",
    "intra42.expertises_users.refused",
    "intra42.expertises_users.write",
    "intra42.feedbacks.below",
    "intra42.feedbacks.create",
    "intra42.feedbacks.details",
    "intra42.feedbacks.parents",
    "intra42.feedbacks.refused",
    "intra42.groups.order",
    "intra42.groups.parents",
    "intra42.languages.parents",
    "intra42.notions.parents",
    "intra42.notions.shape",
    "intra42.pools.bounds",
    "intra42.pools.points",
    "intra42.pools.roles",
    "intra42.pools.shape",
    "intra42.projects.family",
    "intra42.projects_users.of_people",
    "intra42.quests.parents",
    "intra42.quests_users.campus",
    "intra42.quests_users.parents",
    "intra42.quests_users.validated",
    "intra42.scale_teams.below",
    "intra42.scale_teams.filled",
    "intra42.scale_teams.flag",
    "intra42.scale_teams.of_teams",
    "intra42.scale_teams.order",
    "intra42.scale_teams.parents",
    "intra42.scale_teams.team",
    "intra42.scale_teams.truant",
    "intra42.scale_teams.visible",
    "intra42.scales.parents",
    "intra42.scores.below",
    "intra42.scores.create",
    "intra42.scores.delete",
    "intra42.scores.refused",
    "intra42.session_skills.parents",
    "intra42.slots.change",
    "intra42.slots.create",
    "intra42.slots.overlap",
    "intra42.slots.times",
    "intra42.stats.midnight",
    "intra42.stats.open",
    "intra42.stats.span",
    "intra42.subnotions.shape",
    "intra42.tags.cursus",
    "intra42.tags.parents",
    "intra42.teams.members",
    "intra42.teams.parents",
    "intra42.titles.parents",
    "intra42.titles.write",
    "intra42.titles_users.selected",
    "intra42.titles_users.write",
    "intra42.transactions.parents",
    "intra42.transactions.roles",
    "intra42.transactions.shape",
    "intra42.users.change",
    "intra42.users.refused",
    "intra42.users.show.members",
    "intra42.users.show.order",
    "intra42.writes.bare",
    "intra42.writes.forms",
    "intra42.writes.invalid",
)
"""The behaviours of the 42 API whose tests make the records that show them."""

NO_RECORDS = (
    "intra42.achievements.shape",
    "intra42.achievements_users.shape",
    "intra42.correction_points.given",
    "intra42.expertises.shape",
    "intra42.expertises_users.shape",
    "intra42.feedbacks.shape",
    "intra42.groups.shape",
    "intra42.languages.shape",
    "intra42.roles.shape",
    "intra42.session_skills.shape",
    "intra42.skills.shape",
    "intra42.tags.shape",
    "intra42.titles.shape",
)
"""The behaviours of the 42 API that no record of the stand-in shows."""

NOT_WITHOUT_CONTROL = {
    "fabmanager": {
        "fabmanager.availabilities.example": ONE_SERVICE,
        "fabmanager.availabilities.untyped": "such a record breaks its page, which tells no more",
        "fabmanager.times.utc": SETTING,
        "fabmanager.times.truncated": "no answer has the parts of a millisecond",
        "fabmanager.times.zone": SETTING,
        "fabmanager.dates.gap": "nothing is offered in the night hour that the clocks skip",
        "fabmanager.machines.picture.file": "it may leave a machine that the service cannot show",
    },
    "intra42": {
        "intra42.token.expired": TIME,
        "intra42.token.revoked": "it takes the token from all who share the application",
        "intra42.token.scope": APPLICATION,
        "intra42.oauth.same_token.scopes": APPLICATION,
        "intra42.oauth.secret_ended": TIME,
        "intra42.login.consent": PERSON,
        "intra42.login.page.error": PERSON,
        "intra42.login.redirect_uri": APPLICATION,
        "intra42.login.redirect_uri.loopback": APPLICATION,
        "intra42.login.redirect_uri.out_of_band": APPLICATION,
        "intra42.limits.exceeded": LIMIT,
        "intra42.limits.retry_after": LIMIT,
        **dict.fromkeys(MADE_RECORDS, RECORDS),
        **dict.fromkeys(NO_RECORDS, RECORDS_THERE),
    },
    "xurrent": {
        "xurrent.calendars.example": ONE_SERVICE,
        "xurrent.calendars.administrator": "it takes the token of somebody who may only read",
        "xurrent.rate_limit.exceeded": LIMIT,
        "xurrent.rate_limit.burst": LIMIT,
        "xurrent.rate_limit.retry_after": LIMIT,
    },
}
"""The behaviours that stay not shown where nothing can be controlled, and why."""


ASKED_LONG = {"fabmanager", "intra42"}
"""The APIs whose thorough run sends many thousand requests."""

OF_A_SHORT_RUN = {"intra42": ("intra42.limits.headers",)}
"""The behaviours that a thorough run cannot show: it has used up the requests of its hour."""


@pytest.mark.parametrize(
    "api",
    [
        pytest.param(name, marks=pytest.mark.slow if name in ASKED_LONG else ())
        for name in registry.names()
    ],
)
def test_nothing_of_a_live_service_is_broken_or_gone(api: str) -> None:
    findings: dict[str, BehaviourFinding] = {}
    for globs, is_thorough in ((("*",), True), (OF_A_SHORT_RUN.get(api, ()), False)):
        if globs:
            app = app_of(api, profile="live", dataset=str(AWKWARD))
            report = run_live(api, app, only=globs, thorough=is_thorough)
            assert report.failed is None
            findings |= {finding.id: finding for finding in report.behaviours}
    by_verdict: dict[str, set[str]] = {}
    for finding in findings.values():
        by_verdict.setdefault(finding.verdict.value, set()).add(finding.id)
    assert "broken" not in by_verdict
    assert "deviation gone" not in by_verdict
    assert by_verdict["not shown"] == set(NOT_WITHOUT_CONTROL[api])
    assert by_verdict["known deviation"]
