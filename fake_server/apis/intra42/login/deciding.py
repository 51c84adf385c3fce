"""The decision of a person about an application: on a page, or by a setting of the world."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from fake_server.api.serve import world
from fake_server.apis.intra42.login.authorize import (
    Authorization,
    AuthorizationError,
    authorization_of,
)
from fake_server.apis.intra42.login.login_pages import (
    PERSON,
    SEARCH,
    code_page,
    error_page,
    login_page,
    redirect_answer,
)
from fake_server.apis.intra42.login.login_people import (
    denies_logins,
    people_like,
    person_of,
    preset_login,
)
from fake_server.apis.intra42.login.redirects import OUT_OF_BAND
from fake_server.apis.intra42.login.tokens import has_consent


def ask_person(params: Mapping[str, Any]) -> Response:
    """Answer a request that asks a person: by a page, or at once where the answer is there."""
    try:
        authorization = authorization_of(params)
    except AuthorizationError as error:
        return error_page(error.code)
    if denies_logins(world()):
        return _denied(authorization)
    preset = preset_login(world())
    login = _text(params, PERSON) if preset is None else preset
    person = None if login is None else person_of(world(), login)
    has_answer = person is not None and (
        preset is not None
        or has_consent(world(), authorization.application, authorization.scopes, person.id)
    )
    if person is not None and has_answer:
        return _allowed(authorization, person.id)
    search = _text(params, SEARCH) or ""
    people = people_like(world(), search) if person is None else [person]
    return login_page(authorization, people, search, login)


def allow(params: Mapping[str, Any]) -> Response:
    """Answer the form by which a person allows an application."""
    try:
        authorization = authorization_of(params)
    except AuthorizationError as error:
        return error_page(error.code)
    login = preset_login(world()) or _text(params, PERSON)
    person = None if login is None else person_of(world(), login)
    if person is None:
        return login_page(authorization, people_like(world(), ""), "", login)
    return _denied(authorization) if denies_logins(world()) else _allowed(authorization, person.id)


def deny(params: Mapping[str, Any]) -> Response:
    """Answer the form by which a person denies an application."""
    try:
        authorization = authorization_of(params)
    except AuthorizationError as error:
        return error_page(error.code)
    return _denied(authorization)


def _allowed(authorization: Authorization, user_id: int) -> Response:
    code, uri = authorization.allowed(user_id)
    return code_page(code) if authorization.redirect_uri == OUT_OF_BAND else redirect_answer(uri)


def _denied(authorization: Authorization) -> Response:
    if authorization.redirect_uri == OUT_OF_BAND:
        return error_page("access_denied")
    return redirect_answer(authorization.denied())


def _text(params: Mapping[str, Any], name: str) -> str | None:
    value = params.get(name)
    return value if isinstance(value, str) and value else None
