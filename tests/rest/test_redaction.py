"""The values that are redacted."""

import pytest

from fake_server.data_files import registry
from fake_server.rest.access.redaction import is_credential, redacted, redacted_query, redacted_text
from fake_server.rest.schema.spec import spec
from fake_server.world.journal.secret_texts import REDACTED

CREDENTIALS = {"access_token", "bearer_token", "client_secret", "code", "refresh_token"}


@pytest.mark.parametrize(
    "name",
    [
        *sorted(CREDENTIALS),
        "token",
        "api_token",
        "api-key",
        "apikey",
        "password",
        "Password",
        "Authorization",
        "clientSecret",
        "code_verifier",
        " secret ",
        "acess_tokn",
        "cient_secrt",
        "pasword",
        "cod",
        "pwd",
        "auth",
        "key",
        "private_key",
        "passphrase",
        "passCode",
        "pin",
        "nonce",
        "SAMLResponse",
        "userSig",
        "connect.sid",
    ],
)
def test_the_value_of_a_credential_is_taken_out(name: str) -> None:
    assert is_credential(name)


@pytest.mark.parametrize("api", registry.names())
def test_no_other_parameter_of_an_api_is_taken_for_a_credential(api: str) -> None:
    names = set()
    for operation in spec(api).operations.values():
        for name, declared in operation.parameters.items():
            names |= {name, *declared["schema"].get("properties", {})}
    assert {name for name in names if is_credential(name)} <= CREDENTIALS


def test_no_attribute_is_taken_for_a_credential() -> None:
    names = "name source sourceID disabled weekday time_from time_until picture_uri start_at end_at"
    more = "grant_type client_id scope redirect_uri state page per_page filter range sort format"
    assert [name for name in f"{names} {more}".split() if is_credential(name)] == []


def test_values_are_taken_out_at_any_depth() -> None:
    shown = redacted({"a": [{"token": {"x": 1}, "b": "c"}], "secret": ["x"], "n": None})
    assert shown == {"a": [{"token": REDACTED, "b": "c"}], "secret": REDACTED, "n": None}
    assert redacted({"login[jwt]": "x"}) == {"login[jwt]": REDACTED}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bearer abcdefgh", "Bearer [redacted]"),
        ("is bearer abc.def-1, then", "is bearer [redacted], then"),
        ("Basic dTpwYXNzd29yZA==", "Basic [redacted]"),
        ("Basic training", "Basic training"),
        ("http://u:pw@h/x?a=1", "http://[redacted]@h/x?a=1"),
        ("https://tok@h", "https://[redacted]@h"),
        (
            "http://h/x?a=1&access_token=s3&b=2#token=t",
            "http://h/x?a=1&access_token=[redacted]&b=2#token=[redacted]",
        ),
        ("token=abc", "token=[redacted]"),
        ("http%3A%2F%2Fh%2F%3Fcode%253Dabc", "[redacted]"),
        ("me@example.org 50% a=b", "me@example.org 50% a=b"),
        ("name=key", "name=key"),
    ],
)
def test_what_looks_like_a_credential_is_taken_out_of_a_text(text: str, shown: str) -> None:
    assert redacted_text(text) == shown
    assert redacted({"a": [text]}) == {"a": [shown]}
    assert list(redacted({text: "a"})) == [shown]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("a=1&token=x&b=2", "a=1&token=[redacted]&b=2"),
        ("a=1;  token=x;b", "a=1;  token=[redacted];b"),
        ("user%5Btoken%5D=x%20y", "user%5Btoken%5D=[redacted]"),
        ("tok%65n=x", "tok%65n=[redacted]"),
        ("user[token][]=x", "user[token][]=[redacted]"),
        ("token", "token"),
        ("token=", "token=[redacted]"),
        ("q=Bearer+abcdef&a", "q=[redacted]&a"),
        ("to=http%3A%2F%2Fu%3Aabcd%40h%2F", "to=[redacted]"),
        ("to=http://h/%3Faccess_token%3Dabc&x=1", "to=[redacted]&x=1"),
        ("pwd=a&auth=b&key=c", "pwd=[redacted]&auth=[redacted]&key=[redacted]"),
        ("a=50%25&b=x%20y", "a=50%25&b=x%20y"),
        ("%=1&%ff=2&access_token=x=y", "%=1&%ff=2&access_token=[redacted]"),
    ],
)
def test_a_query_stays_as_it_was_spelled(query: str, shown: str) -> None:
    assert redacted_query(query) == shown
