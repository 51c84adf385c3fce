"""Who the suite is to a target: from given values to request headers."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fake_server.verify.api.description import Credential, Description
from fake_server.verify.errors import CouldNotRunError, NoAnswerError
from fake_server.verify.server.messages import USER_AGENT, Request
from fake_server.verify.server.secrets import Secrets
from fake_server.verify.server.sender import Sender

_BASE64 = re.compile(r"base64\(([^)]*)\)")
_FIELD = re.compile(r"\{(\w+)\}")

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """The headers that identify the suite, rightly and wrongly, and the values they hold."""

    right: Headers
    wrong: Headers
    values: Mapping[str, str]


_NOBODY = Credential("nobody", (), (), {}, None, {}, {})


def choose(description: Description, values: Mapping[str, str]) -> Credential:
    """Return the way of identifying oneself for which `values` has all fields.

    That of an API which asks nobody for credentials has no headers. Raises `CouldNotRunError` if
    there is none, or a name is not known.
    """
    known = {name for one in description.credentials for name in (*one.fields, *one.optional)}
    for name in values:
        if name not in known:
            raise CouldNotRunError(
                f"{description.api}: no credential is called {name!r};"
                f" expected {' or '.join(sorted(known)) or 'none'}"
            )
    if not description.credentials:
        return _NOBODY
    for credential in description.credentials:
        if all(values.get(name) for name in credential.fields):
            return credential
    ways = " or ".join(
        " and ".join(f"--credential {name}=…" for name in one.fields)
        for one in description.credentials
    )
    raise CouldNotRunError(f"{description.api}: no credentials; give {ways}")


def identify(
    description: Description,
    values: Mapping[str, str],
    sender: Sender,
    secrets: Secrets,
    prefix: str = "",
) -> Identity:
    """Return the headers for credentials, asking the target for a token where it issues them.

    Every value is kept out of all that is shown from here on. `prefix`: what stands before the
    paths of the world asked.
    """
    credential = choose(description, values)
    for name, value in values.items():
        if name not in credential.optional:
            secrets.add(name, value)
    held = dict(values)
    if credential.token_request is not None:
        held["token"] = _issued_token(description, credential, values, sender, prefix)
        secrets.add("token", held["token"])
    right = headers_for(credential, held)
    wrong = headers_for(credential, {**held, **credential.wrong})
    for _, value in right:
        _add_encoded(secrets, value)
    return Identity(right, wrong, held)


def headers_for(credential: Credential, values: Mapping[str, str]) -> Headers:
    """Return the headers of a credential; one whose optional value is absent is left out."""
    return tuple(
        (name, _filled(template, values))
        for name, template in credential.headers.items()
        if all(field in values for field in _FIELD.findall(template))
    )


def _filled(template: str, values: Mapping[str, str]) -> str:
    text = _FIELD.sub(lambda match: values[match[1]], template)
    return _BASE64.sub(lambda match: base64.b64encode(match[1].encode()).decode(), text)


def _add_encoded(secrets: Secrets, value: str) -> None:
    scheme, _, rest = value.partition(" ")
    if scheme == "Basic":
        secrets.add("basic_credentials", rest)


def _issued_token(
    description: Description,
    credential: Credential,
    values: Mapping[str, str],
    sender: Sender,
    prefix: str,
) -> str:
    asked = credential.token_request or {}
    form = {name: _filled(template, values) for name, template in asked["form"].items()}
    request = Request(
        "POST",
        prefix + asked["path"],
        (
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Accept", "application/json"),
            ("User-Agent", USER_AGENT),
        ),
        urlencode(form).encode(),
    )
    try:
        answer = sender.send(request)
        token = json.loads(answer.body)["access_token"] if answer.status == 200 else None
    except NoAnswerError as error:
        raise CouldNotRunError(f"{sender.base_url}: cannot be reached: {error.seen}") from None
    except (ValueError, KeyError, TypeError):
        token = None
    if not isinstance(token, str):
        raise CouldNotRunError(
            f"{sender.base_url}{asked['path']} gives no token ({answer.status}):"
            f" check {' and '.join(credential.fields)} and the target's URL"
        )
    return token
