"""Defects of logging in."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "state-lost",
        "The state does not come back.",
        _edit("login.authorize:Authorization.allowed", '"state": self.state', '"state": None'),
        "login.allowed",
    ),
    _mutant(
        "code-works-twice",
        "A code is good again after it was used.",
        _edit("login.oauth:_token_for_code", "    use_code(world(), code)\n", ""),
        "login.code",
    ),
    _mutant(
        "code-for-an-hour",
        "A code is good for an hour.",
        ConstantEdit(
            "fake_server.apis.intra42.login.authorization_codes:CODE_LIFETIME", lambda value: 3600
        ),
        "login.code",
    ),
    _mutant(
        "code-for-any-application",
        "A code is good for any application.",
        _edit("login.oauth:_token_for_code", "code.application.uid != application.uid", "False"),
        "login.code",
    ),
    _mutant(
        "consent-forgotten",
        "A person is asked each time.",
        _edit("login.tokens:has_consent", "token.key == key", "False"),
        "login.consent",
    ),
    _mutant(
        "any-redirect-uri",
        "A person is sent back to any URI.",
        _edit(
            "login.authorize:authorization_of", "not is_good(application, redirect_uri)", "False"
        ),
        "login.redirect_uri",
    ),
    _mutant(
        "script-redirects",
        "A person is sent to a URI of javascript.",
        _edit("login.redirects:_parts", "parts.scheme in _SCRIPTING", "False"),
        "login.redirect_uri",
        "login.redirect_uri.loopback",
    ),
    _mutant(
        "refresh-token-stays",
        "A refresh token works again.",
        _edit("login.oauth:_refreshed_token", "    revoke(world(), token.text)\n", ""),
        "login.refresh",
    ),
    _mutant(
        "verifier-ignored",
        "The verifier of PKCE is not checked.",
        _edit("login.oauth:_verified", "code.challenge is None", "True"),
        "login.pkce",
    ),
    _mutant(
        "revoked-by-anybody",
        "Any application revokes a token.",
        _edit("login.oauth:revoke_token", "application.uid == token.application.uid", "True"),
        "login.revoke",
    ),
    _mutant(
        "me-is-nobody",
        "There is no /v2/me for a person.",
        _edit("login.views:show_me", "user_id is None", "True"),
        "me",
    ),
)
