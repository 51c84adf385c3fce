"""Defects of tokens, limits, answers and headers."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit, SourceEdit

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "no-token-needed",
        "An unknown token opens everything.",
        _edit(
            "login.auth:valid_token",
            "        raise TokenError(_INVALID)\n",
            '        return Token(text or "", default_application(current_world), ANYONE.scopes,'
            " current_world.start)\n",
        ),
        "token.invalid",
    ),
    _mutant(
        "never-expires",
        "A token is good for ever.",
        _edit("login.tokens:Token.expired", "if self.expires_in is None:", "if True:"),
        "token.expired",
    ),
    _mutant(
        "revoked-is-good",
        "A revoked token is good.",
        _edit("login.auth:valid_token", "if token.revoked:", "if False:"),
        "token.revoked",
    ),
    _mutant(
        "lifetime-of-an-hour",
        "A token is good for 3600 seconds.",
        ConstantEdit("fake_server.apis.intra42.login.tokens:LIFETIME", lambda value: 3600),
        "oauth.token",
    ),
    _mutant(
        "new-token-each-time",
        "Each request for a token gets a new one.",
        _edit("login.tokens:issue", "if latest is not None and", "if False and"),
        "oauth.same_token",
    ),
    _mutant(
        "time-left-constant",
        "expires_in is always 7200.",
        _edit("login.oauth:render_token", "token.seconds_left(now())", "token.expires_in"),
        "oauth.same_token",
    ),
    _mutant(
        "scopes-in-order",
        "Scopes asked for in another order get another token.",
        _edit(
            "login.tokens:issue",
            'find_token(world, tokens.latest.get(key, ""))',
            "next((one for one in tokens.issued.values() if one.scopes == scopes), None)",
        ),
        "oauth.same_token.scopes",
    ),
    _mutant(
        "secret-without-end",
        "A secret that has ended gets a token.",
        _edit(
            "login.registered_applications:find_application",
            "application.ended(world.clock.now())",
            "False",
        ),
        "oauth.secret_ended",
    ),
    _mutant(
        "any-scope-granted",
        "An application gets any scope it asks for.",
        _edit("login.oauth:scopes_of", "set(scopes) <= set(application.scopes)", "True"),
        "oauth.invalid_scope",
    ),
    _mutant(
        "scope-not-needed",
        "A token without the scope public may list.",
        _edit("login.auth:require_scope", "if needed not in token.scopes:", "if False:"),
        "token.scope",
    ),
    _mutant(
        "wrong-secret-taken",
        "The client's secret is not compared.",
        _edit(
            "login.registered_applications:find_application",
            "(candidate.uid, candidate.secret) == (uid, secret)",
            "candidate.uid == uid",
        ),
        "oauth.invalid_client",
    ),
    _mutant(
        "basic-unread",
        "The client's id and secret are not taken from HTTP Basic.",
        _edit("login.oauth:_credentials", "_basic(request)", '"", ""'),
        "oauth.forms",
    ),
    _mutant(
        "basic-half-counts",
        "An id without a secret by HTTP Basic rules over the parameters.",
        _edit("login.oauth:_credentials", "_blank(uid) or _blank(secret)", "_blank(uid)"),
        "oauth.basic",
    ),
    _mutant(
        "redirect-uri-unneeded",
        "A code needs no redirect URI.",
        _edit("login.oauth:_token_for_code", '_blank(params.get("redirect_uri"))', "False"),
        "oauth.invalid_grant",
    ),
    _mutant(
        "oauth-error-400",
        "A missing grant_type is answered with 400.",
        _edit(
            "dialect.errors:OAuthError.__init__",
            "401,\n",
            "400 if code == 'invalid_request' else 401,\n",
        ),
        "oauth.grant_type.missing",
    ),
    _mutant(
        "bearer-token-unread",
        "bearer_token is no name for the token.",
        _edit("login.auth:token_text", '("access_token", "bearer_token")', '("access_token",)'),
        "token.forms",
    ),
    _mutant(
        "limit-of-1000",
        "An application may make 1000 requests in an hour.",
        ConstantEdit("fake_server.apis.intra42.limits:PER_HOUR", lambda value: 1000),
        "limits.headers",
    ),
    _mutant(
        "request-itself-uncounted",
        "The request itself is not counted.",
        _edit("limits:_headers_of", "str(hourly.remaining)", "str(hourly.remaining + 1)"),
        "limits.headers",
    ),
    _mutant(
        "one-too-many",
        "The limit admits one request more.",
        SourceEdit(
            "fake_server.world.rate_counters:Usage.exceeded",
            "self.used > self.limit",
            "self.used > self.limit + 1",
        ),
        "limits.exceeded",
    ),
    _mutant(
        "retry-at-once",
        "Retry-After is 0.",
        _edit("limits:_wait", "max(1, -(-longest // _SECOND))", "0"),
        "limits.retry_after",
    ),
)
