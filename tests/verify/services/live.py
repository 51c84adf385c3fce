"""A stand-in of a live service: an API of the fake that no test can control."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.http import http_date

from fake_server.app import create_app
from fake_server.cli.verify.in_process import InProcessControl
from fake_server.cli.verify.runs import documents
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import Report
from fake_server.verify.run.suite import verify
from fake_server.verify.server.client import Rules
from fake_server.verify.server.wsgi_transport import WsgiApp, WsgiTransport

AWKWARD = Path(__file__).with_name("awkward.yaml")
"""A dataset with records of every awkward kind."""

SEED = 739_000
"""The seed of the rotation: a day's number."""

OTHERS = {
    "intra42": {
        "person": "lalbert",
        "staff_client_id": "the-staff",
        "staff_client_secret": "secret-of-the-staff",
        "written_user": "under-score_9",
    }
}
"""The further credentials of those who run the stand-ins, by API."""

Wrap = Callable[[WsgiApp], WsgiApp]


def app_of(api: str, *, profile: str = "documented", dataset: str = "demo") -> Flask:
    """Return a new fake that serves one API."""
    return create_app(dataset, profile=profile, apis=[api])  # type: ignore[arg-type]


class Dated:
    """Adds the `Date` header, which the HTTP server of a live service sends."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._clock = app.extensions["fake_server.worlds"].get("default").clock

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request."""

        def dated(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("Date", http_date(self._clock.now()))], *more)

        return self._app(environ, dated)


def run_live(
    api: str,
    app: Flask,
    *,
    wrap: Wrap = lambda app: app,
    only: tuple[str, ...] = ("*",),
    documented: bool = False,
    thorough: bool = False,
    others: Mapping[str, str] | None = None,
) -> Report:
    """Run a suite as against a live service that lets it write and send wrong parameters.

    `others`: the credentials beside the target's own; None: those of `OTHERS`.
    """
    run = Run(
        api,
        WsgiTransport(wrap(Dated(app))),
        {**api_under_test(api).fake, **(OTHERS.get(api, {}) if others is None else others)},
        Rules(documented=documented),
        max_requests=None,
    )
    return verify(run, RunOptions(only, documents=shared_documents, thorough=thorough, seed=SEED))


def run_controlled(
    api: str,
    app: Flask,
    *,
    wrap: Wrap = lambda app: app,
    only: tuple[str, ...] = ("*",),
    documented: bool = True,
) -> Report:
    """Run a suite as against a fake whose worlds the run controls."""
    run = Run(
        api,
        WsgiTransport(wrap(app)),
        api_under_test(api).fake,
        Rules(documented=documented),
        control=InProcessControl(app),
        max_requests=None,
    )
    return verify(run, RunOptions(only, documents=shared_documents))


@cache
def shared_documents(api: str) -> Any:
    """Return the documents of an API, which are the same for all runs."""
    return documents(api)
