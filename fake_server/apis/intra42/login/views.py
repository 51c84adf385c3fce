"""The endpoints that issue and describe access tokens."""

from flask import Blueprint, Response, request

from fake_server.api.serve import json_answer, request_parameters
from fake_server.apis.intra42.dialect.errors import OAuthError, TokenError
from fake_server.apis.intra42.login.auth import valid_token
from fake_server.apis.intra42.login.oauth import grant_token, render_token, render_token_info

blueprint = Blueprint("intra42", __name__)
_NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@blueprint.post("/oauth/token")
@blueprint.post("/v2/oauth/token")
def create_token() -> Response:
    """Answer an access token."""
    return json_answer(render_token(grant_token(request)), headers=_NOT_STORED)


@blueprint.get("/oauth/token/info")
def show_token_info() -> Response:
    """Describe the access token of the request."""
    # A token in the header needs no parameters, but unreadable ones are refused everywhere.
    request_parameters(request)
    try:
        token = valid_token(request)
    except TokenError:
        raise OAuthError("invalid_request") from None
    return json_answer(render_token_info(token))
