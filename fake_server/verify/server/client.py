"""Requests to a server of one API, as contract tests send them."""

import json as json_module
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from fake_server.verify.api_files.api_under_test import ApiUnderTest
from fake_server.verify.outcome_errors import NotShownError
from fake_server.verify.server.credential_headers import ClientIdentity, identify
from fake_server.verify.server.raw_messages import (
    USER_AGENT,
    Answer,
    ApiRequest,
    CarriedCredentials,
    Params,
    query_string,
)
from fake_server.verify.server.sender import Sender

_SAFE = frozenset({"GET", "HEAD"})

Auth = bool | Literal["invalid"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run may send to its target.

    - `documented`: the target promises the documented sentences, not the live ones.
    - `allow_invalid`: wrong parameters and credentials.
    - `allow_writes`: other requests than GET and HEAD.
    """

    documented: bool = True
    allow_invalid: bool = True
    allow_writes: bool = True


class Client:
    """Sends requests within the rules of a run.

    Paths are sent as they are written (`//v2/slots`, `/v1/calendars/`), each with the client's
    credentials and `Accept: application/json` unless the call says otherwise.
    """

    def __init__(
        self, api: ApiUnderTest, sender: Sender, identity: ClientIdentity, rules: Rules
    ) -> None:
        self.api = api
        self.rules = rules
        self.sender = sender
        self.identity = identity
        self._patient = True
        self._token_worked = False

    @property
    def prefix(self) -> str:
        """The prefix between the host and every path."""
        return ""

    @property
    def base_url(self) -> str:
        """Scheme, host and the world's prefix, if there is one: every path follows it."""
        return self.sender.base_url + self.prefix

    def where(self, path: str = "") -> str:
        """Return the server, or a path of it, as a message names it."""
        return self.sender.where(self.prefix + path)

    def credential(self, name: str) -> str:
        """Return a value of the target's credentials, such as `token`, to send it differently.

        Reports mask it, whatever the test does with it.
        """
        self._renew_token_at_end()
        if name not in self.identity.values:
            raise NotShownError(f"a credential {name!r}", "capability")
        return self.identity.values[name]

    def has_credential(self, name: str) -> bool:
        """Return whether the target's credentials have a value of that name."""
        return name in self.identity.values

    def mask(self, name: str, value: str) -> None:
        """Mask a value in all reports, such as a token that a test was issued, as `$NAME`."""
        self.sender.mask.add(name, value)

    def get(self, path: str, **options: Any) -> Answer:
        """Send a GET; see `request`."""
        return self.request("GET", path, **options)

    def head(self, path: str, **options: Any) -> Answer:
        """Send a HEAD; see `request`."""
        return self.request("HEAD", path, **options)

    def post(self, path: str, **options: Any) -> Answer:
        """Send a POST; see `request`."""
        return self.request("POST", path, **options)

    def patch(self, path: str, **options: Any) -> Answer:
        """Send a PATCH; see `request`."""
        return self.request("PATCH", path, **options)

    def put(self, path: str, **options: Any) -> Answer:
        """Send a PUT; see `request`."""
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        """Send a DELETE; see `request`."""
        return self.request("DELETE", path, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params = None,
        headers: Mapping[str, str | None] | None = None,
        json: Any = None,
        body: bytes | None = None,
        auth: Auth = True,
    ) -> Answer:
        """Send a request and return its answer, whatever its status.

        - `path`: as on the request line; it may have a query, to which `params` are added.
        - `params`: a mapping, ordered pairs (a key may repeat), or a query string sent as it is.
        - `headers`: added to those of the target; None takes one out (`{"Accept": None}`).
        - `json`: the body, as JSON values; `body`: the body, as bytes.
        - `auth`: True: the target's credentials; False: none; "invalid": unknown credentials.

        A new token is requested where the life of the last one is over, or it is refused; an answer
        that refuses it before the end that was promised is the test's to judge.

        Raises `NotShownError` for what this run may not send, or when its budget is spent.
        """
        self._require_allowed(method, path)
        if auth == "invalid" and not self.rules.allow_invalid:
            raise NotShownError("wrong credentials, which are not allowed here", "invalid")
        if json is not None:
            body = json_module.dumps(json).encode()
        query = query_string(params)
        joint = "&" if "?" in path else "?"
        target = self.prefix + path + (joint + query if query else "")
        if auth is True:
            self._renew_token_at_end()

        def send() -> Answer:
            carried = self._carried(auth, method, path)
            merged = self._headers(carried, json is not None, headers or {})
            sent = ApiRequest(method, carried.added_to(target), merged, body)
            return self.sender.send(sent, patient=self._patient)

        answer = send()
        has_token = auth is True and {*self.identity.valid.headers} <= {*answer.request.headers}
        if not has_token or not self._renews_tokens:
            return answer
        is_over = self.identity.may_be_refused
        return send() if self._refuses_token(answer) and is_over else answer

    def _carried(self, auth: Auth, method: str, path: str) -> CarriedCredentials:
        if auth is True:
            return self.identity.carried(self.api.name, method, path)
        if auth == "invalid":
            return self.identity.unknown(self.api.name, method, path)
        return CarriedCredentials(())

    def _headers(
        self, carried: CarriedCredentials, is_json: bool, headers: Mapping[str, str | None]
    ) -> tuple[tuple[str, str], ...]:
        defaults: dict[str, str | None] = {"Accept": "application/json", "User-Agent": USER_AGENT}
        defaults.update(carried.headers)
        if is_json:
            defaults["Content-Type"] = "application/json"
        return _merged_headers(defaults, headers)

    # Tokens

    @property
    def _renews_tokens(self) -> bool:
        """Whether a token is requested anew when it ends: nobody else moves the server's clock."""
        return True

    def _renew_token_at_end(self) -> None:
        """Request a new token if the promised life of the last one is over."""
        if self._renews_tokens and self.identity.is_over and not self.sender.budget.spent:
            self._identify_again()

    def _identify_again(self) -> None:
        """Get a new token, where the target issues tokens."""
        values, sender = self.identity.values, self.sender
        self.identity = identify(self.api, values, sender, sender.mask, self.prefix)
        self._token_worked = False

    def _refuses_token(self, answer: Answer) -> bool:
        """Return whether an answer refuses the token; if it worked before, request a new one."""
        if answer.status != 401:
            self._token_worked = True
            return False
        if self._token_worked and self.identity.ends_at is not None:
            self._identify_again()
        return True

    def _require_allowed(self, method: str, path: str) -> None:
        harmless = method == "POST" and path.partition("?")[0] in self.api.harmless
        if method not in _SAFE and not harmless and not self.rules.allow_writes:
            raise NotShownError(f"{method} requests, which are not allowed here", "capability")

    def follow(self, url: str, **options: Any) -> Answer:
        """GET the path and query of a URL, such as that of a link, from this target.

        The host of the URL is ignored: another host must not receive the credentials.
        """
        parts = urlsplit(url)
        base = urlsplit(self.base_url).path
        path = parts.path.removeprefix(base) if parts.path.startswith(f"{base}/") else parts.path
        return self.request("GET", path + (f"?{parts.query}" if parts.query else ""), **options)

    def require_budget(self) -> None:
        """Raise `NotShownError` if the budget is spent."""
        self.sender.budget.require()

    def last_curl(self) -> str:
        """Return a `curl` command for the last request; "" before the first."""
        last = self.sender.last
        return last.curl(self.sender.base_url, self.sender.mask) if last else ""

    def hide(self, text: str) -> str:
        """Return `text` with a placeholder for every credential in it."""
        return self.sender.mask.hide(text)


def _merged_headers(
    defaults: Mapping[str, str | None], headers: Mapping[str, str | None]
) -> tuple[tuple[str, str], ...]:
    replaced = {name.lower() for name in headers}
    merged = {name: value for name, value in defaults.items() if name.lower() not in replaced}
    merged.update(headers)
    return tuple((name, value) for name, value in merged.items() if value is not None)
