"""Makes the runs of a command: against a fake in this process, one over HTTP, or a live service.

Only this module imports both the harness and the fake: it gives the harness the fake in this
process as a WSGI application and its control. A fake over HTTP gives each run a world.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from fake_server.verify.run.run_options import Run
    from fake_server.verify.run.targets import TargetServer


def documents(api: str) -> Mapping[str, Any]:
    """Return the OpenAPI document of an API by profile, as the schema layer needs them."""
    from fake_server.data_files.api_document import api_document

    return {"documented": api_document(api), "live": api_document(api, "live")}


def runs_of(api_names: tuple[str, ...], options: Mapping[str, Any]) -> "list[Run]":
    """Return the run of each API's suite, by the options of the command."""
    from fake_server.verify.run import targets

    chosen_apis = targets.chosen_apis(api_names)
    if options["target"] is None:
        return in_process_runs(
            chosen_apis,
            profile=options["profile"] or "documented",
            dataset=options["dataset"],
            credentials=options["credentials"],
            max_requests=options["max_requests"],
        )
    server = targets.target_server(options["target"], options["targets_file"])
    return [_run_at(server, api, options) for api in targets.apis_of_server(server, chosen_apis)]


def _run_at(server: "TargetServer", api: str, options: Mapping[str, Any]) -> "Run":
    from fake_server.verify.api_files.api_under_test import api_under_test
    from fake_server.verify.run.run_options import Run
    from fake_server.verify.run.targets import credentials_for
    from fake_server.verify.server.client import Rules
    from fake_server.verify.server.http_control import create_world, world_clock
    from fake_server.verify.server.http_transport import HttpTransport

    tested_api = api_under_test(api)

    def setting(name: str, default: Any) -> Any:
        for value in (options[name], getattr(server, name)):
            if value is not None:
                return value
        return default

    insecure = options["insecure"] or server.insecure
    control = create_world(
        server.url,
        setting("profile", None),
        control_token=options["control_token"],
        insecure=insecure,
    )
    if control is not None:
        click.get_current_context().call_on_close(control.delete)
        return Run(
            api,
            control.transport,
            credentials_for(tested_api, server, options["credentials"]) or tested_api.fake,
            Rules(documented=control.profile == "documented"),
            control=control,
            max_requests=setting("max_requests", None),
            rate=setting("rate", None),
        )
    return Run(
        api,
        HttpTransport(server.url, insecure=insecure),
        credentials_for(tested_api, server, options["credentials"]),
        Rules(
            documented=setting("profile", "live") == "documented",
            allow_invalid=options["allow_invalid"] or server.allow_invalid,
            allow_writes=options["allow_writes"] or server.allow_writes,
        ),
        clock=world_clock(server.url, control_token=options["control_token"]),
        max_requests=setting("max_requests", "planned"),
        rate=setting("rate", tested_api.rate),
    )


def in_process_runs(
    chosen_apis: tuple[str, ...],
    *,
    profile: Literal["documented", "live"] = "documented",
    dataset: str = "demo",
    credentials: tuple[str, ...] = (),
    max_requests: int | None = None,
) -> "list[Run]":
    """Return the run of each API's suite in this process: one new fake for all of them.

    `credentials` are texts such as `token=…`. Raises `VerificationError` and `UserError`.
    """
    from fake_server.app import create_app
    from fake_server.cli.verify.in_process import InProcessControl
    from fake_server.verify.api_files.api_under_test import api_under_test, apis
    from fake_server.verify.run.run_options import Run
    from fake_server.verify.run.targets import parse_credentials
    from fake_server.verify.server.client import Rules
    from fake_server.verify.server.wsgi_transport import WsgiTransport

    app = create_app(dataset, profile=profile, apis=chosen_apis or None)
    return [
        Run(
            api,
            WsgiTransport(app),
            parse_credentials(api_under_test(api), credentials) or api_under_test(api).fake,
            Rules(documented=profile == "documented"),
            control=InProcessControl(app),
            max_requests=max_requests,
        )
        for api in chosen_apis or apis()
    ]
