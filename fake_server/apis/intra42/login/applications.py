"""The applications and tokens that a world shows, and the request for a token."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fake_server.api.declare import DatasetCredentials, Key
from fake_server.api.serve import World, curl
from fake_server.apis.intra42.login.registered_applications import (
    advertised_applications,
    can_sign_in,
)
from fake_server.apis.intra42.login.tokens import advertised_tokens, is_usable, secrets

if TYPE_CHECKING:
    from fake_server.api.records import RecordKind


class ApplicationCredentials(DatasetCredentials):
    """Applications, with the tokens that they have or ask for."""

    def shown(self, world: World) -> Mapping[str, Any]:
        """Return the texts of the tokens, and uid and secret of each application."""
        tokens = [token.text for token in advertised_tokens(world)]
        applications = [
            {"uid": application.uid, "secret": application.secret}
            for application in advertised_applications(world)
        ]
        credentials = {"access_tokens": tokens, "applications": applications}
        return {name: value for name, value in credentials.items() if value}

    def key(self, world: World) -> Key | None:
        """Return the first token that the world shows; None without one."""
        token = next(iter(advertised_tokens(world)), None)
        if token is None:
            return None
        return Key(token.text, self.forms[0].filled({"token": token.text}), is_usable(world, token))

    def variables(self, world: World) -> Mapping[str, str]:
        """Return the first token, and uid and secret of the first application."""
        key = self.key(world)
        values = {"token": key.token} if key and key.token else {}
        for application in advertised_applications(world)[:1]:
            values |= {"client_id": application.uid, "client_secret": application.secret}
        return values

    def secrets(self, world: World) -> Iterable[str]:
        """Return the secrets of applications and the texts of all tokens."""
        return secrets(world)

    def kinds(self) -> "Sequence[RecordKind]":
        """Return the kinds `applications` and `tokens`."""
        # The import stands here because few requests ask for the records of a world.
        from fake_server.apis.intra42.login.credential_kinds import KINDS

        return KINDS

    def sign_in(self, base_url: str, world: World) -> str | None:
        """Return a `curl` command that asks for a token; None if no application may."""
        application = next(iter(advertised_applications(world)), None)
        if application is None or not can_sign_in(world, application):
            return None
        fields = {
            "grant_type": "client_credentials",
            "client_id": application.uid,
            "client_secret": application.secret,
        }
        return curl(f"{base_url}/oauth/token", fields=fields)
