"""What the suites are pointed at: the fake in this process, a fake over HTTP, or a live service.

Only here do the harness and the fake meet: the fake in this process is handed to the harness as a
WSGI application with its levers. One that is reached over HTTP gives a world of its own to each
API's run.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from fake_server.verify.run.suite import Aim
    from fake_server.verify.run.targets import Place


def documents(api: str) -> Mapping[str, Any]:
    """Return the OpenAPI document of an API by profile, as the schema layer needs them."""
    from fake_server.rest.schema.bundle import bundled

    return {"documented": bundled(api), "live": bundled(api, "live")}


def aims_of(named: tuple[str, ...], options: Mapping[str, Any]) -> "list[Aim]":
    """Return the run of each API's suite, by the options of the command."""
    from fake_server.verify.run import targets

    chosen = targets.chosen_apis(named)
    if options["target"] is None:
        return aims_in_process(
            chosen,
            profile=options["profile"] or "documented",
            dataset=options["dataset"],
            credentials=options["credentials"],
            max_requests=options["max_requests"],
        )
    place = targets.place_of(options["target"], options["targets_file"])
    return [_aim_at(place, api, options) for api in targets.apis_at(place, chosen)]


def _aim_at(place: "Place", api: str, options: Mapping[str, Any]) -> "Aim":
    from fake_server.verify.api.description import description
    from fake_server.verify.run.suite import MAX_REQUESTS, Aim
    from fake_server.verify.run.targets import credentials_for
    from fake_server.verify.server.client import Rules
    from fake_server.verify.server.http_control import clock_of, own_world
    from fake_server.verify.server.transport import HttpTransport

    known = description(api)

    def said(name: str, default: Any) -> Any:
        for value in (options[name], getattr(place, name)):
            if value is not None:
                return value
        return default

    insecure = options["insecure"] or place.insecure
    control = own_world(
        place.url,
        said("profile", None),
        control_token=options["control_token"],
        insecure=insecure,
    )
    if control is not None:
        click.get_current_context().call_on_close(control.delete)
        return Aim(
            api,
            control.transport,
            credentials_for(known, place, options["credentials"]) or known.fake,
            Rules(documented=control.profile == "documented"),
            control=control,
            max_requests=said("max_requests", None),
            rate=said("rate", None),
        )
    return Aim(
        api,
        HttpTransport(place.url, insecure=insecure),
        credentials_for(known, place, options["credentials"]),
        Rules(
            documented=said("profile", "live") == "documented",
            allow_invalid=options["allow_invalid"] or place.allow_invalid,
            allow_writes=options["allow_writes"] or place.allow_writes,
        ),
        clock=clock_of(place.url, control_token=options["control_token"]),
        max_requests=said("max_requests", MAX_REQUESTS),
        rate=said("rate", known.rate),
    )


def aims_in_process(
    chosen: tuple[str, ...],
    *,
    profile: Literal["documented", "live"] = "documented",
    dataset: str = "demo",
    credentials: tuple[str, ...] = (),
    max_requests: int | None = None,
) -> "list[Aim]":
    """Return the run of each API's suite in this process: one new fake for all of them.

    `credentials` are texts such as `token=…`. Raises `CouldNotRunError` and `UserError`.
    """
    from fake_server.app import create_app
    from fake_server.cli.verify.in_process import InProcessControl
    from fake_server.verify.api.description import apis, description
    from fake_server.verify.run.suite import Aim
    from fake_server.verify.run.targets import given_credentials
    from fake_server.verify.server.client import Rules
    from fake_server.verify.server.transport import WsgiTransport

    app = create_app(dataset, profile=profile, apis=chosen or None)
    return [
        Aim(
            api,
            WsgiTransport(app),
            given_credentials(description(api), credentials) or description(api).fake,
            Rules(documented=profile == "documented"),
            control=InProcessControl(app),
            max_requests=max_requests,
        )
        for api in chosen or apis()
    ]
