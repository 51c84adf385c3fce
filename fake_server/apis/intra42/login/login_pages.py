"""The pages on which a person logs in: plain HTML of the fake's own, without script and cookie."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape

from flask import Response

from fake_server.api.records import Row
from fake_server.api.serve import url_of
from fake_server.apis.intra42.dialect.errors import DESCRIPTIONS, SCOPES
from fake_server.apis.intra42.login.authorize import Authorization

PERSON = "fake_person"
"""The parameter, of the fake's own, by which a page names the person."""

SEARCH = "fake_search"
"""The parameter, of the fake's own, by which a page looks for people."""

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
    ".fake{border-left:4px solid #b60;padding-left:1em}"
    "button{font:inherit;margin:.1em 0}"
)
_DIGEST = b64encode(sha256(_STYLE.encode()).digest()).decode()
# Without form-action: browsers apply it to the redirects that follow a form, whose end no page
# can know.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def _page(title: str, *content: str) -> Response:
    text = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        '<p class="fake">This is Understudy, a fake of the 42 intra for tests.'
        " No password is needed here.</p>\n"
        f"<h1>{escape(title)}</h1>\n{''.join(content)}</body>\n</html>\n"
    )
    return Response(text, 200, _HEADERS, content_type="text/html; charset=utf-8")


def _form(method: str, fields: Mapping[str, str], content: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n'
        for name, value in fields.items()
    )
    action = escape(url_of("/oauth/authorize"))
    return f'<form action="{action}" method="{method}">\n{hidden}{content}</form>\n'


def _button(label: str) -> str:
    return f'<button type="submit">{escape(label)}</button>\n'


def login_page(
    authorization: Authorization, people: Sequence[Row], search: str, login: str | None
) -> Response:
    """Return the page on which one picks a person, who allows or denies an application.

    The page offers `people`, those that `search` leaves. `login` is the person whom the request
    names, or None. The first form of the page allows, so that a program may send it as it is.
    """
    logins = [row.login for row in people]
    missing = (
        f"<p>Nobody is called {escape(login)}.</p>\n"
        if login is not None and login not in logins
        else ""
    )
    options = "".join(
        f'<option value="{escape(listed_login)}"{" selected" if listed_login == login else ""}>'
        f"{escape(listed_login)}</option>\n"
        for listed_login in logins
    )
    choice = f'<label>Person <select name="{PERSON}">\n{options}</select></label>\n'
    field = f'<label>Login <input name="{SEARCH}" value="{escape(search)}"></label>\n'
    allowing = _form("post", authorization.kept, choice + _button("Authorize"))
    return _page(
        "Authorization required",
        f"<p>{escape(authorization.application.name)} asks a person of this world to be allowed"
        " this:</p>\n",
        f"<ul>\n{''.join(_scopes(authorization.scopes))}</ul>\n",
        missing,
        allowing if logins else "<p>There is nobody with such a login.</p>\n",
        _form("post", {"_method": "delete", **authorization.kept}, _button("Deny")),
        _form("get", authorization.kept, field + _button("Search")),
    )


def _scopes(scopes: Iterable[str]) -> Iterable[str]:
    for scope in scopes:
        yield f"<li>{escape(SCOPES.get(scope, scope))} ({escape(scope)})</li>\n"


def error_page(code: str) -> Response:
    """Return the page with the reason of a refusal."""
    return _page("An error has occurred", f"<p>{escape(DESCRIPTIONS[code])}</p>\n")


def code_page(code: str) -> Response:
    """Return the page that shows a code to a person who copies it."""
    return _page("Authorization code", f"<p><code>{escape(code)}</code></p>\n")


def redirect_answer(uri: str) -> Response:
    """Return the answer that sends a person back to an application, as Rails words it."""
    text = f'<html><body>You are being <a href="{escape(uri)}">redirected</a>.</body></html>'
    headers = {"Cache-Control": "no-store", "Location": uri}
    return Response(text, 302, headers, content_type="text/html; charset=utf-8")
