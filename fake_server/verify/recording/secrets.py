"""Collects the credentials of exchanges, so that no report shows any."""

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer, ApiRequest

_AUTHORIZATION = {"authorization", "proxy-authorization"}
_SECRET_HEADER = re.compile(
    r"x-.*(?:token|secret|api-?key|auth)|api-?key|cookie2?|x-csrf.*|x-xsrf.*", re.IGNORECASE
)
_SECRET_NAME = re.compile(
    r"(?:.*_)?(?:(?:access|refresh|auth|api|id|session)?token|(?:client)?secret|passw(?:or)?d|pwd"
    r"|pass_?(?:phrase|code)|(?:api|access|private|secret|signing|encryption)_?key|assertion"
    r"|code_verifier|client_id|jwt)|.+_(?:session|signature)"
)
"""The names of parameters, and of members of bodies, that hold credentials."""
_SECRET_IN_REQUESTS = re.compile(
    r"(?:.*_)?(?:authori[sz]ation|credentials?|bearer|cookie|sig|signature|hmac|otp|pin|nonce|csrf"
    r"|xsrf|auth|pass|session|saml_?(?:request|response)?)"
    r"|code|state|uid|key|(?:j|php|asp)?_?sess(?:ion)?_?(?:id|key)?|(?:connect_)?sid"
)
"""Names that answers use for other things, too."""
_SECRET_MEMBER = re.compile(
    "token|secret|passw|pwd|pass_?(?:phrase|code)|key|assertion|verifier|client_?id|jwt",
    re.IGNORECASE,
)
_CAMEL_CASE = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_PARAMETER = re.compile(r"""(?:[\w-]+\s*=\s*)?(?:"([^"]*)"|([^\s",;=]+=*))""")
_SHORTEST_COOKIE = 6


def mask_credentials(exchange: Exchange, mask: CredentialMask, names: Collection[str] = ()) -> None:
    """Mask every credential that an exchange holds.

    `names`: headers, and parameters of the query, that hold credentials of the API.
    """
    for name, value in {*_credentials(exchange.answer), *_named(exchange.answer.request, names)}:
        mask.add(name, value)


def _named(request: ApiRequest, names: Collection[str]) -> Iterator[tuple[str, str]]:
    query = parse_qsl(request.target.partition("?")[2], errors="replace")
    folded = {name.lower() for name in names} - _AUTHORIZATION - {"cookie"}
    for name, value in (*request.headers, *query):
        if name.lower() in folded:
            yield "credential", value


def _credentials(answer: Answer) -> Iterator[tuple[str, str]]:
    request = answer.request
    for name, value in request.headers:
        if name.lower() in _AUTHORIZATION:
            yield from _authorization(value)
        elif name.lower() == "cookie":
            yield from _cookies(value.split(";"))
        elif _SECRET_HEADER.fullmatch(name):
            yield "credential", value
    for value in answer.headers.get_all("Set-Cookie"):
        yield from _cookies([value.partition(";")[0]])
    for name, value in answer.headers:
        if _SECRET_HEADER.fullmatch(name) and name.lower() not in _AUTHORIZATION:
            yield "credential", value
    for text in (request.target.partition("?")[2], answer.headers.get("Location", "")):
        yield from _pairs(text.partition("?")[2] or text)
    yield from _of_body(request.body or b"", in_request=True)
    yield from _of_body(answer.body, in_request=False)


def _authorization(value: str) -> Iterator[tuple[str, str]]:
    scheme, _, rest = value.strip().partition(" ")
    if not rest:
        yield "token", scheme
        return
    yield "token", rest.strip()
    if scheme.lower() == "basic":
        yield from _basic(rest.strip())
        return
    for quoted, bare in _PARAMETER.findall(rest):
        yield "token", quoted or bare


def _basic(encoded: str) -> Iterator[tuple[str, str]]:
    yield "basic_credentials", encoded
    try:
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return
    yield "basic_credentials", decoded
    for part in decoded.split(":", 1):
        yield "token", part
        yield "token", unquote(part)


def _cookies(pairs: list[str]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        value = pair.partition("=")[2].strip().strip('"')
        if len(value) >= _SHORTEST_COOKIE:
            yield "cookie", value
            yield "cookie", unquote(value)


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for name, value in parse_qsl(query, errors="replace"):
        if _is_secret(name, in_request=True):
            yield _last_name(name), value


def _of_body(body: bytes, *, in_request: bool) -> Iterator[tuple[str, str]]:
    if not body:
        return
    text = body.decode("utf-8", "replace")
    if text.lstrip()[:1] in {"{", "["}:
        # The names are rare, and most answers have none of them: a search is faster than JSON.
        if in_request or _SECRET_MEMBER.search(text):
            yield from _members(_json_of(text), in_request)
    elif in_request:
        yield from _pairs(text)
        for name, value in re.findall(r'name="([^"]+)"\r?\n\r?\n([^\r\n]*)', text):
            if _is_secret(name, in_request=True):
                yield _last_name(name), value


def _json_of(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _members(value: Any, in_request: bool) -> Iterator[tuple[str, str]]:
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            for name, member in node.items():
                if isinstance(member, str) and _is_secret(str(name), in_request=in_request):
                    yield _last_name(str(name)), member
            pending += node.values()
        elif isinstance(node, list):
            pending += node


def _is_secret(name: str, *, in_request: bool) -> bool:
    last = _last_name(name)
    if last == "token_type":
        return False
    patterns = (_SECRET_NAME, _SECRET_IN_REQUESTS) if in_request else (_SECRET_NAME,)
    return any(pattern.fullmatch(last) for pattern in patterns)


def _last_name(name: str) -> str:
    """Return the innermost name of a parameter, as `api_token` of `user[apiToken]`."""
    inner = name.rstrip("]").rpartition("[")[2] or name
    return re.sub(r"\W", "_", _CAMEL_CASE.sub("_", inner)).lower()
