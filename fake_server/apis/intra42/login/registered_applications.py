"""The applications that a dataset registers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from fake_server.api.records import Section
from fake_server.api.serve import World
from fake_server.apis.intra42.dialect.timestamps import as_datetime
from fake_server.apis.intra42.resources import API

DEFAULT_SCOPES = ("public",)


class Application(NamedTuple):
    """A registered client.

    - `secret_valid_until`: in seconds since 1970.
    - `redirect_uris`: where people who allow or deny it are sent back to.
    - `loopback_redirects`: whether any URI of this machine is good as well.
    """

    id: int
    uid: str
    secret: str
    name: str
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    roles: tuple[str, ...] = ()
    secret_valid_until: int | None = None
    redirect_uris: tuple[str, ...] = ()
    loopback_redirects: bool = True

    def ended(self, at: datetime) -> bool:
        """Return whether the secret has expired."""
        ends = self.secret_valid_until
        return ends is not None and at.timestamp() >= ends


ANYONE = Application(0, "anyone", "", "Anyone", ("public", "projects"))
"""The client that has no application in the dataset, if the world lets anybody in."""


def applications(section: Section) -> list[Application]:
    """Return the applications that a dataset pins, in its order."""
    pinned = section.get("credentials", {}).get("applications", [])
    return [_application(entry, number) for number, entry in enumerate(pinned, start=1)]


def _application(entry: Mapping[str, Any], number: int) -> Application:
    ends = entry.get("secret_valid_until")
    return Application(
        entry.get("id", number),
        entry["uid"],
        entry["secret"],
        entry.get("name", f"Application {number}"),
        tuple(entry.get("scopes", DEFAULT_SCOPES)),
        tuple(entry.get("roles", ())),
        None if ends is None else int(as_datetime(ends).timestamp()),
        tuple(entry.get("redirect_uris", ())),
        entry.get("loopback_redirects", "redirect_uris" not in entry),
    )


def find_application(world: World, uid: str, secret: str) -> Application | None:
    """Return the application with these credentials, or None.

    If the world lets anybody in, unknown credentials give `ANYONE`, and no credentials give the
    default application. An expired secret is no credential.
    """
    pinned_applications = applications(world.section(API))
    application = next(
        (
            candidate
            for candidate in pinned_applications
            if (candidate.uid, candidate.secret) == (uid, secret)
        ),
        None,
    )
    if application is not None and world.auth == "dataset" and application.ended(world.clock.now()):
        return None
    if application is None and world.auth == "off" and not uid:
        return default_application(world)
    if application is None and (world.auth == "off" or (world.auth == "any" and uid and secret)):
        return ANYONE._replace(uid=uid, secret=secret)
    return application


def registered_application(world: World, uid: str) -> Application | None:
    """Return the application that asks a person, by its uid alone, or None.

    If the world lets anybody in, an unknown uid gives `ANYONE`.
    """
    application = next(
        (candidate for candidate in applications(world.section(API)) if candidate.uid == uid), None
    )
    if application is None and world.auth == "off" and not uid:
        return default_application(world)
    if application is None and world.auth != "dataset" and uid:
        return ANYONE._replace(uid=uid)
    return application


def default_application(world: World) -> Application:
    """Return the application of an anonymous request: the dataset's first."""
    pinned_applications = applications(world.section(API))
    return pinned_applications[0] if pinned_applications else ANYONE


def advertised_applications(world: World) -> list[Application]:
    """Return the applications that the section lists, those that can sign in first."""
    return sorted(
        applications(world.section(API)),
        key=lambda application: not can_sign_in(world, application),
    )


def can_sign_in(world: World, application: Application) -> bool:
    """Return whether an application gets a token without naming a scope."""
    ended = world.auth == "dataset" and application.ended(world.clock.now())
    allowed = world.auth == "off" or set(DEFAULT_SCOPES) <= set(application.scopes)
    return allowed and not ended
