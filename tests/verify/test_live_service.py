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
LIMIT = "it takes more requests than a run may send to a live service"

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
        "intra42.login.allowed": PERSON,
        "intra42.login.denied": PERSON,
        "intra42.login.consent": PERSON,
        "intra42.login.page.error": PERSON,
        "intra42.login.redirect_uri": APPLICATION,
        "intra42.login.redirect_uri.loopback": APPLICATION,
        "intra42.login.redirect_uri.out_of_band": APPLICATION,
        "intra42.login.same_token": PERSON,
        "intra42.login.token_type": PERSON,
        "intra42.login.refresh": PERSON,
        "intra42.login.refresh.refused": PERSON,
        "intra42.login.revoke": PERSON,
        "intra42.login.pkce": PERSON,
        "intra42.login.scopes": PERSON,
        "intra42.slots.user.own": PERSON,
        "intra42.me": PERSON,
        "intra42.limits.exceeded": LIMIT,
        "intra42.limits.retry_after": LIMIT,
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
