"""What carries credentials in requests: headers, cookies, parameters of the query."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlencode

from fake_server.data_files.security import OPEN
from fake_server.errors import VerificationError
from fake_server.verify.api_files.api_under_test import ApiUnderTest, Credential
from fake_server.verify.api_files.operations_by_path import alternatives_at
from fake_server.verify.outcome_errors import NoAnswerError, NotShownError
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import (
    USER_AGENT,
    Answer,
    ApiRequest,
    CarriedCredentials,
    Pairs,
)
from fake_server.verify.server.sender import Sender
from fake_server.verify.texts import read_json

_BASE64 = re.compile(r"base64\(([^)]*)\)")
_SENDABLE = re.compile(r"[\x21-\x7e]+")
_REFUSALS = frozenset({400, 401, 403})
"""The statuses of a token request with wrong credentials; see RFC 6749, section 5.2."""
_FIELD = re.compile(r"\{(\w+)\}")
_ROUNDING = 2.0
"""How many seconds before its end a token may be refused: a life is promised in whole seconds."""


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """The credentials of a run.

    - `valid`, `invalid`: what carries those that the target knows, and unknown ones, where an
      operation takes any.
    - `credentials`: all forms of the API. `values`: the valid values by name.
    - `ends_at`: when the token ends by the promise of its answer, in seconds of `time.monotonic`;
      None: no token was requested, or nothing was promised.
    """

    valid: CarriedCredentials
    invalid: CarriedCredentials
    values: Mapping[str, str]
    ends_at: float | None = None
    credentials: tuple[Credential, ...] = ()

    def carried(self, api: str, method: str, target: str) -> CarriedCredentials:
        """Return the carriers of the credentials that a request needs, by its operation.

        Raises `NotShownError` where the operation takes security schemes that `values` do not fit.
        """
        return self._carried(api, method, target, is_valid=True)

    def unknown(self, api: str, method: str, target: str) -> CarriedCredentials:
        """Return the same with values that no server knows; raises `NotShownError`."""
        return self._carried(api, method, target, is_valid=False)

    def _carried(self, api: str, method: str, target: str, *, is_valid: bool) -> CarriedCredentials:
        default = self.valid if is_valid else self.invalid
        known = {scheme for form in self.credentials for scheme in form.schemes}
        taken = alternatives_at(api, method, target, known) if known else None
        if taken is None or taken == OPEN:
            return default
        for schemes in taken:
            forms = self._forms_for(schemes)
            if forms is not None:
                wrong = {name: text for form in forms for name, text in form.wrong.items()}
                return carriers(forms, self.values if is_valid else {**self.values, **wrong})
        names = " or ".join(" and ".join(sorted(schemes)) for schemes in taken)
        raise NotShownError(f"credentials of {names}", "capability")

    def _forms_for(self, schemes: frozenset[str]) -> list[Credential] | None:
        """Return forms that `values` fit and that carry some schemes; None if there are none."""
        forms = [
            next(
                (
                    form
                    for form in self.credentials
                    if scheme in form.schemes or not form.schemes
                    if _needed_values(form) <= self.values.keys()
                ),
                None,
            )
            for scheme in sorted(schemes)
        ]
        return None if None in forms else [form for form in forms if form is not None]

    @property
    def is_over(self) -> bool:
        """Whether the promised life of the token is over."""
        return self.ends_at is not None and monotonic() >= self.ends_at

    @property
    def may_be_refused(self) -> bool:
        """Whether a service that keeps its promise may refuse the token by now."""
        return self.ends_at is not None and monotonic() >= self.ends_at - _ROUNDING


_NO_CREDENTIAL = Credential("nobody", (), (), {}, None, {}, {})


def choose_credential(api: ApiUnderTest, values: Mapping[str, str]) -> Credential:
    """Return the form of credentials for which `values` has all fields.

    An API without credentials has a form without headers. Raises `VerificationError` if `values`
    fit no form, or have an unknown name.
    """
    for name in values:
        if name not in api.field_names:
            raise VerificationError(
                f"{api.name}: no credential is called {name!r};"
                f" expected {' or '.join(sorted(api.field_names)) or 'none'}"
            )
    if not api.credentials:
        return _NO_CREDENTIAL
    for credential in api.credentials:
        if all(values.get(name) for name in credential.fields):
            return credential
    choices = " or ".join(
        " and ".join(f"--credential {name}=…" for name in credential.fields)
        for credential in api.credentials
    )
    raise VerificationError(f"{api.name}: no credentials; give {choices}")


def identify(
    api: ApiUnderTest,
    values: Mapping[str, str],
    sender: Sender,
    mask: CredentialMask,
    prefix: str = "",
) -> ClientIdentity:
    """Return the identity of a client; request a token first where the target issues them.

    `mask` masks every value from now on. `prefix`: the prefix of the world's paths.
    """
    credential = choose_credential(api, values)
    for name, value in values.items():
        if name not in credential.optional:
            mask.add(name, value)
    fields, ends_at = dict(values), None
    if credential.token_request is not None:
        fields["token"], ends_at = _issued_token(api, credential, values, sender, prefix)
        mask.add("token", fields["token"])
    for form in api.credentials:
        for _, value in carriers([form], fields).headers:
            _mask_encoded(mask, value)
    valid = carriers([credential], fields)
    invalid = carriers([credential], {**fields, **credential.wrong})
    return ClientIdentity(valid, invalid, fields, ends_at, api.credentials)


def carriers(forms: Iterable[Credential], values: Mapping[str, str]) -> CarriedCredentials:
    """Return headers and query with the values of some forms; an absent optional value has none."""
    headers: list[tuple[str, str]] = []
    query: list[tuple[str, str]] = []
    cookies: list[tuple[str, str]] = []
    for form in forms:
        headers += _filled(form.headers, values)
        query += _filled(form.query, values)
        cookies += _filled(form.cookies, values)
    if cookies:
        headers.append(("Cookie", "; ".join(map("=".join, cookies))))
    return CarriedCredentials(tuple(headers), tuple(query))


def _filled(templates: Mapping[str, str], values: Mapping[str, str]) -> Pairs:
    return tuple(
        (name, _fill(template, values))
        for name, template in templates.items()
        if all(field in values for field in _FIELD.findall(template))
    )


def _needed_values(form: Credential) -> set[str]:
    """Return the names of the values without which a form carries no credential."""
    templates = [*form.headers.values(), *form.query.values(), *form.cookies.values()]
    names = {name for template in templates for name in _FIELD.findall(template)}
    return {*form.fields, *names} - set(form.optional)


def _fill(template: str, values: Mapping[str, str]) -> str:
    text = _FIELD.sub(lambda match: values[match[1]], template)
    return _BASE64.sub(lambda match: base64.b64encode(match[1].encode()).decode(), text)


def _mask_encoded(mask: CredentialMask, value: str) -> None:
    scheme, _, encoded = value.partition(" ")
    if scheme == "Basic":
        mask.add("basic_credentials", encoded)


def _issued_token(
    api: ApiUnderTest,
    credential: Credential,
    values: Mapping[str, str],
    sender: Sender,
    prefix: str,
) -> tuple[str, float | None]:
    """Return a new token, and when its promised life ends."""
    token_request = credential.token_request or {}
    form = {name: _fill(template, values) for name, template in token_request["form"].items()}
    request = ApiRequest(
        "POST",
        prefix + token_request["path"],
        (
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Accept", "application/json"),
            ("User-Agent", USER_AGENT),
        ),
        urlencode(form).encode(),
    )
    sent_at = monotonic()
    try:
        answer = sender.send(request)
    except NoAnswerError as error:
        raise VerificationError(f"{sender.where()}: cannot be reached: {error.seen}") from None
    token = _token_of(answer)
    if token is None:
        where = sender.where(token_request["path"])
        raise VerificationError(f"{where} {_no_token(answer, credential, api)}")
    if not _SENDABLE.fullmatch(token):
        raise VerificationError(
            f"{sender.where(token_request['path'])} gives a token that no header can carry"
        )
    life = _promised_life(answer)
    return token, None if life is None else sent_at + life


def _promised_life(answer: Answer) -> float | None:
    """Return the seconds that a new token is promised to live (RFC 6749, section 5.1)."""
    body = read_json(answer.body)
    seconds = body.get("expires_in")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return float(seconds) if is_number and seconds >= 0 else None


def _token_of(answer: Answer) -> str | None:
    try:
        token = read_json(answer.body)["access_token"] if answer.status == 200 else None
    except (ValueError, KeyError, TypeError):
        return None
    return token if isinstance(token, str) else None


def _no_token(answer: Answer, credential: Credential, api: ApiUnderTest) -> str:
    """Return the description of an answer without a token, and its meaning for the user."""
    kind = answer.headers.get("Content-Type", "no Content-Type")
    if answer.status in _REFUSALS and "html" not in kind.lower():
        fields = " and ".join(credential.fields)
        return f"gives no token ({answer.status}): check {fields} and the target's URL"
    if 300 <= answer.status < 400:
        location = answer.mask.brief(answer.headers.get("Location", "elsewhere"), 300)
        return f"gives no token but redirects to {location}: give that server as the target"
    if answer.status == 429 or answer.status >= 500:
        kind = answer.mask.brief(kind, 120)
        return f"gives no token but answers {answer.status}, {kind}: try again later"
    seen = answer.mask.brief(f"{kind} {answer.text}".strip(), 160)
    return (
        f"gives no token but answers {answer.status}, {seen}: no server of the {api.title} is there"
    )
