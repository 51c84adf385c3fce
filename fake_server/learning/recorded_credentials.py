"""The credentials of recorded requests, and what stands in for them in a dataset."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote

from werkzeug.datastructures import Headers

from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file
from fake_server.learning.exchange_sightings import ReadExchange
from fake_server.verify.outcome_errors import BrokenError
from fake_server.verify.server.raw_messages import ApiRequest

_TOKEN = re.compile(r'^(\s*(?:token\s*=\s*)?"?)([^"\s,;]+)(.*)$', re.IGNORECASE | re.DOTALL)
_IN_QUERY = re.compile(r"((?:^|&)access_token=)([^&]*)")
_REFUSED = {401, 403}
_CLIENT = ("client_id", "client_secret")


class LearnedCredentials:
    """Stands in for the credentials of one API: no secret of a recording gets into a dataset.

    - `stand_ins`: what stands in for each secret, by the secret.
    - `are_missing`: whether the service answered requests that carry no credentials.
    """

    def __init__(self, api: str) -> None:
        self._api = api
        self.stand_ins: dict[str, str] = {}
        self.are_missing = False
        self._tokens: dict[str, str] = {}
        self._applications: dict[str, dict[str, Any]] = {}
        self._about: dict[str, dict[str, Any]] = {}

    def see(self, reading: ReadExchange) -> None:
        """Note the credentials of an exchange, and what the answer says of their application."""
        answer = reading.exchange.answer
        self._see_client(reading)
        if not reading.is_read and (reading.operation is None or not reading.operation.resource):
            # A client names itself to get a token.
            return
        token = token_of(answer.request)
        if token is None:
            if reading.operation is not None and reading.operation.resource and reading.is_success:
                self.are_missing = True
            return
        self._stand_in(token, "token")
        if answer.status not in _REFUSED:
            number = answer.headers.get("X-Application-Id", "")
            application = number if number.isdecimal() and 0 < int(number) < 2**31 else ""
            self._tokens[token] = application or self._tokens.get(token, "")
            if application:
                self._name(application, answer.headers)
            self._see_about(token, reading)

    def _see_client(self, reading: ReadExchange) -> None:
        request = reading.exchange.answer.request
        if request.body is None or not reading.is_success:
            return
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        try:
            token = reading.exchange.answer.json.get("access_token")
        except (AttributeError, BrokenError, RecursionError):
            return
        if not isinstance(token, str):
            return
        self._stand_in(token, "token")
        self._tokens.setdefault(token, "")
        for name in _CLIENT:
            if name in form:
                self._stand_in(form[name], name.removeprefix("client_"))

    def _see_about(self, token: str, reading: ReadExchange) -> None:
        """Note what the answer of OAuth 2.0 about a token says of it."""
        if reading.operation is None or reading.operation.resource or not reading.is_success:
            return
        try:
            about = reading.exchange.answer.json
            uid, created, scopes = about["application"]["uid"], about["created_at"], about["scopes"]
            moment = datetime.fromtimestamp(created, UTC).isoformat()
        except (
            BrokenError,
            RecursionError,
            LookupError,
            TypeError,
            ValueError,
            OverflowError,
            OSError,
        ):
            return
        if isinstance(uid, str):
            self._stand_in(uid, "id")
            self._about[token] = {
                "uid": self.stand_ins[uid],
                "created_at": moment,
                "scopes": scopes,
            }

    def _stand_in(self, secret: str, noun: str) -> None:
        if secret not in self.stand_ins:
            count = sum(text.startswith(f"learned-{noun}-") for text in self.stand_ins.values())
            self.stand_ins[secret] = f"learned-{noun}-{count + 1}"

    def _name(self, number: str, headers: Headers) -> None:
        application = self._applications.setdefault(number, {"id": int(number)})
        name = headers.get("X-Application-Name", "")
        if re.fullmatch("[ -~]+", name):
            application["name"] = name
        roles = headers.get("X-Application-Roles", "None")
        if roles != "None" and re.fullmatch("[ -~]+", roles):
            application["roles"] = roles.split(", ")

    def section(self) -> dict[str, Any]:
        """Return the credentials of a dataset, in the form that the API's schema has."""
        whole = json_file(registry.package(self._api).schemas / "dataset.json")
        declared = whole["properties"].get("credentials", {}).get("properties", {})
        if "tokens" not in declared:
            return {}
        items = declared["tokens"]["items"]
        texts = [self.stand_ins[token] for token in self._tokens]
        if items.get("type") == "string":
            return {"credentials": {"tokens": texts}}
        if "application" not in items["properties"]:
            return {"credentials": {"tokens": [{"token": text} for text in texts]}}
        return {"credentials": self._of_applications()}

    def _of_applications(self) -> dict[str, Any]:
        """Return the applications of the tokens, each with what answers say of it."""
        clients = [text for text in self.stand_ins.values() if text.startswith("learned-id-")]
        uids = {
            number: self._about[token]["uid"]
            for token, number in self._tokens.items()
            if token in self._about
        }
        for number in self._tokens.values():
            free = [text for text in clients if text not in uids.values()]
            uids.setdefault(number, free[0] if free else f"learned-application-{len(uids) + 1}")
        applications = {
            uid: {**self._applications.get(number, {}), "uid": uid, "secret": f"secret-of-{uid}"}
            for number, uid in uids.items()
        }
        tokens = []
        for token, number in self._tokens.items():
            about = self._about.get(token, {"uid": uids[number]})
            uid = about["uid"]
            applications.setdefault(uid, {"uid": uid, "secret": f"secret-of-{uid}"})
            entry = {"token": self.stand_ins[token], "application": uid}
            if "scopes" in about:
                entry |= {"scopes": about["scopes"], "created_at": about["created_at"]}
            tokens.append(entry)
        return {"applications": list(applications.values()), "tokens": tokens}

    def replaced(self, request: ApiRequest) -> ApiRequest:
        """Return a request with the stand-ins of its credentials."""
        headers = tuple(
            (name, self._replaced(value) if name.lower() == "authorization" else value)
            for name, value in request.headers
        )
        path, mark, query = request.target.partition("?")
        query = _IN_QUERY.sub(lambda match: match[1] + quote(self._of(match[2])), query)
        return ApiRequest(request.method, path + mark + query, headers, request.body)

    def _of(self, secret: str) -> str:
        return self.stand_ins.get(secret, secret)

    def _replaced(self, value: str) -> str:
        scheme, _, rest = value.strip().partition(" ")
        if scheme.lower() == "basic":
            user, colon, password = _decoded(rest).partition(":")
            text = base64.b64encode(f"{self._of(user)}{colon}{password}".encode()).decode()
            return f"{scheme} {text}"
        match = _TOKEN.match(rest)
        if match is None:
            return value
        return f"{scheme} {match[1]}{self._of(match[2])}{match[3]}"


def token_of(request: ApiRequest) -> str | None:
    """Return the token that a request carries, or the user of Basic; None without one."""
    for name, value in request.headers:
        if name.lower() == "authorization":
            scheme, _, rest = value.strip().partition(" ")
            if scheme.lower() == "basic":
                return _decoded(rest).partition(":")[0] or None
            match = _TOKEN.match(rest)
            return match[2] if match else None
    match = _IN_QUERY.search(request.target.partition("?")[2])
    return match[2] if match and match[2] else None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text.strip() + "=" * (-len(text.strip()) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
