"""Runs of a suite against a server behind a proxy with a defect."""

from fake_server.verify.run.run_report import Report
from tests.verify.defects.proxy import Defect, Proxy
from tests.verify.services.live import AWKWARD, Wrap, app_of, run_controlled, run_live


def broken_of_live_service(defect: Defect, only: tuple[str, ...]) -> list[str]:
    """Return the behaviours that are broken where nothing of the server can be controlled."""
    dataset = str(AWKWARD) if defect.dataset == AWKWARD.stem else defect.dataset
    app = app_of(defect.api, dataset=dataset)
    wrap = _wrap(defect)
    return _broken(run_live(defect.api, app, wrap=wrap, only=only, documented=True))


def broken_of_fake(defect: Defect, only: tuple[str, ...]) -> list[str]:
    """Return the behaviours that are broken where the run controls the server's worlds."""
    return _broken(run_controlled(defect.api, app_of(defect.api), wrap=_wrap(defect), only=only))


def _wrap(defect: Defect) -> Wrap:
    return lambda app: Proxy(app, defect.rewrite)


def _broken(report: Report) -> list[str]:
    assert report.failed is None, report.failed
    return [finding.id for finding in report.behaviours if finding.verdict.value == "broken"]
