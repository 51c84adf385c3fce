"""The endpoints at which people log in, and those that issue, revoke and describe tokens."""

from flask import Blueprint, Response

from fake_server.api.serve import current_request, json_answer, request_parameters
from fake_server.apis.intra42.dialect.errors import NoSuchRecordError, OAuthError, TokenError
from fake_server.apis.intra42.login.auth import current_user_id, valid_token
from fake_server.apis.intra42.login.oauth import (
    grant_token,
    render_token,
    render_token_info,
    revoke_token,
)
from fake_server.apis.intra42.resources import RESOURCES

blueprint = Blueprint("intra42", __name__)
_NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@blueprint.get("/oauth/authorize")
def show_authorization() -> Response:
    """Let a person pick who logs in, and then allow or deny an application."""
    from fake_server.apis.intra42.login.deciding import ask_person

    return ask_person(request_parameters(current_request()))


@blueprint.post("/oauth/authorize")
def allow_application() -> Response:
    """Send a person who allows an application back to it; its form may deny it as well."""
    from fake_server.apis.intra42.login.deciding import allow, deny

    params = request_parameters(current_request())
    method = params.get("_method")
    is_denied = isinstance(method, str) and method.lower() == "delete"
    return deny(params) if is_denied else allow(params)


@blueprint.delete("/oauth/authorize")
def deny_application() -> Response:
    """Send a person who denies an application back to it."""
    from fake_server.apis.intra42.login.deciding import deny

    return deny(request_parameters(current_request()))


@blueprint.post("/oauth/token")
@blueprint.post("/v2/oauth/token")
def create_token() -> Response:
    """Answer an access token."""
    return json_answer(render_token(grant_token(current_request())), headers=_NOT_STORED)


@blueprint.post("/oauth/revoke")
def revoke() -> Response:
    """Revoke a token; the answer is the same if there is none."""
    revoke_token(current_request())
    return json_answer({}, headers=_NOT_STORED)


@blueprint.get("/oauth/token/info")
def show_token_info() -> Response:
    """Describe the access token of the request."""
    # A token in the header needs no parameters, but unreadable ones are refused everywhere.
    request = current_request()
    request_parameters(request)
    try:
        token = valid_token(request)
    except TokenError:
        raise OAuthError("invalid_request") from None
    return json_answer(render_token_info(token))


@blueprint.get("/v2/me")
def show_me() -> Response:
    """Answer the record of the person whose token the request has."""
    request_parameters(current_request())
    user_id = current_user_id()
    if user_id is None:
        raise NoSuchRecordError
    users = RESOURCES["users"]
    return json_answer(users.as_record(users.named(str(user_id))))
