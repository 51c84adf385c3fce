"""A live service that does exactly what the `live:` sentences say passes."""

import pytest

from fake_server.data_files import registry
from tests.verify.services.live import AWKWARD, app_of, run_live

NOT_WITHOUT_CONTROL = {
    "fabmanager": 10,
    "intra42": 12,
    "xurrent": 10,
}
"""How many behaviours of an API may stay not shown where nothing can be controlled."""


@pytest.mark.parametrize("api", registry.names())
def test_nothing_of_a_live_service_is_broken_or_gone(api: str) -> None:
    app = app_of(api, profile="live", dataset=str(AWKWARD))
    report = run_live(api, app, thorough=True)
    assert report.failed is None
    by_verdict: dict[str, list[str]] = {}
    for finding in report.behaviours:
        by_verdict.setdefault(finding.verdict.value, []).append(finding.id)
    assert "broken" not in by_verdict
    assert "deviation gone" not in by_verdict
    assert len(by_verdict["not shown"]) <= NOT_WITHOUT_CONTROL[api], by_verdict["not shown"]
    assert by_verdict["known deviation"]
