"""Which values are taken out of what is shown."""

import pytest

from fake_server import apis
from fake_server.rest.redaction import REDACTED, is_credential, redacted, redacted_query
from fake_server.rest.spec import spec

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
    ],
)
def test_the_value_of_a_credential_is_taken_out(name: str) -> None:
    assert is_credential(name)


@pytest.mark.parametrize("api", apis.NAMES)
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
    found = redacted({"a": [{"token": {"x": 1}, "b": "c"}], "secret": ["x"], "n": None})
    assert found == {"a": [{"token": REDACTED, "b": "c"}], "secret": REDACTED, "n": None}


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
        ("%=1&%ff=2&access_token=x=y", "%=1&%ff=2&access_token=[redacted]"),
    ],
)
def test_a_query_stays_as_it_was_spelled(query: str, shown: str) -> None:
    assert redacted_query(query) == shown
