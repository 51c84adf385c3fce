"""Requests for a token, and what is refused."""

from urllib.parse import urlencode

from fake_server.contract import Answer, Target

TOKEN = "/oauth/token"
GRANT = "client_credentials"
KEYS = ["access_token", "token_type", "expires_in", "scope", "created_at", "secret_valid_until"]

UID = "Your application uid"

APPLICATION = {"uid": UID, "secret": "Your application secret"}

DESCRIPTIONS = {
    "invalid_client": (
        "Client authentication failed due to unknown client, no client authentication included,"
        " or unsupported authentication method."
    ),
    "invalid_grant": (
        "The provided authorization grant is invalid, expired, revoked, does not match the"
        " redirection URI used in the authorization request, or was issued to another client."
    ),
    "invalid_request": (
        "The request is missing a required parameter, includes an unsupported parameter value,"
        " or is otherwise malformed."
    ),
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "unsupported_grant_type": (
        "The authorization grant type is not supported by the authorization server."
    ),
}


def ask(target: Target, params: dict[str, str], path: str = TOKEN, **headers: str) -> Answer:
    """Ask for a token by a form."""
    kind = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return target.post(path, headers=kind, body=urlencode(params).encode(), auth=False)


def expect_refused(answer: Answer, error: str) -> None:
    """Assert a 401 that says why."""
    description = DESCRIPTIONS[error]
    answer.expect_status(401)
    answer.expect_json({"error": error, "error_description": description})
    expected = f'Bearer realm="42 API", error="{error}", error_description="{description}"'
    answer.expect_header("WWW-Authenticate", expected)
