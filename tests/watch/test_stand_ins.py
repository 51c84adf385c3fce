"""A kept recording holds no credential and no personal value, and still agrees with itself."""

import base64
import json
import re
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from fake_server.cli.watch.stand_ins import Anonymiser
from fake_server.cli.watch.vocabulary import vocabulary
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.recording_files import read_exchanges, write_exchanges
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer, ApiRequest

TARGET = "https://api.intra.42.fr"
JSON = "application/json"


def exchange(
    target: str,
    body: Any = None,
    *,
    headers: dict[str, str] | None = None,
    sent: Any = None,
    answer_headers: dict[str, str] | None = None,
    status: int = 200,
) -> Exchange:
    """Return an exchange; `body` and `sent` are JSON values, or bytes as they are."""
    request_body = sent if isinstance(sent, bytes | None) else json.dumps(sent).encode()
    request = ApiRequest(
        "GET", target, tuple({"Content-Type": JSON, **(headers or {})}.items()), request_body
    )
    answer_body = body if isinstance(body, bytes) else json.dumps(body).encode()
    all_headers = Headers({"Content-Type": JSON, **(answer_headers or {})})
    mask = CredentialMask()
    return Exchange("watch: 1", Answer(status, all_headers, answer_body, request, TARGET, mask))


def replaced(*exchanges: Exchange) -> list[Exchange]:
    """Return exchanges with stand-ins."""
    return Anonymiser("intra42", TARGET).replaced(exchanges)


def stand_in_of(value: Any, name: str = "note") -> Any:
    """Return the stand-in of the value of a member."""
    return replaced(exchange("/v2/users", {"id": 1, name: value}))[0].answer.json[name]


@pytest.mark.parametrize(
    ("name", "value", "form"),
    [
        ("login", "jdoe", r"[bcdfghj-np-tv-xz]{2}[aeiou]{2}"),
        ("displayname", "Jane Doe-Smith", r"[A-Z][a-z]{3} [A-Z][a-z]{2}-[A-Z][a-z]{4}"),
        ("email", "jane.doe@example.org", r"[a-z]{4}\.[a-z]{3}@[a-z]{7}\.zzz"),
        ("phone", "+33 6 12 34 56 78", r"\+\d\d \d \d\d \d\d \d\d \d\d"),
        ("contact", "0612345678", r"\d{10}"),
        ("phoneNumber", "12345678", r"\d{8}"),
        ("key", "3F2504E0-4F89-41D3-9A0C-0305E82C3301", r"[\dA-F]{8}-[\dA-F]{4}-4[\dA-F]{3}-9.*"),
        ("access_token", "aB3" * 12, r"[A-Za-z0-9]{36}"),
        ("remote", "203.0.113.77", r"\d{3}\.\d\.\d{3}\.\d\d"),
        ("remote", "2001:db8::1f", r"\d{4}:[a-f][a-f]\d::\d[a-f]"),
        ("birthday", "1990-05-17", r"(?:19|20)\d\d-\d\d-\d\d"),
        ("comment", "Jane was late, again!", r"[A-Z][a-z]{3} [a-z]{3} [a-z]{4}, [a-z]{5}!"),
        ("url", f"{TARGET}/v2/users/jdoe", rf"{TARGET}/v2/users/[a-z]{{4}}"),
        (
            "image",
            "https://cdn.example.org/users/jdoe.jpg",
            r"https://[a-z]{3}\.[a-z]{7}\.zzz/users/[a-z]{4}\.jpg",
        ),
        ("note", "Élodie", r"[A-Z][a-z]{5}"),
        ("note", "データ", r"[a-z]{3}"),
    ],
)
def test_a_stand_in_has_the_shape_of_its_value(name: str, value: str, form: str) -> None:
    stand_in = stand_in_of(value, name)
    assert stand_in != value
    assert len(stand_in) == len(value)
    assert re.fullmatch(form, stand_in)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 4711),
        ("user_id", "4711"),
        ("created_at", "2026-11-29T20:00:00.123Z"),
        ("begin_at", "2024-03-05 05:00:00 UTC"),
        ("kind", "student"),
        ("time_zone", "Europe/Paris"),
        ("amount", "12.50"),
        ("active?", True),
        ("activations", 123456),
        ("token_expires_in", 7200),
        ("note", None),
        ("note", ""),
        ("url", "http://127.0.0.1:8042/v2/users/12"),
    ],
)
def test_ids_dates_and_codes_stay(name: str, value: Any) -> None:
    assert stand_in_of(value, name) == value


def test_a_value_has_one_stand_in_wherever_it_stands() -> None:
    basic = base64.b64encode(b"client:pass word").decode()
    before, link, page, token = replaced(
        exchange("/v2/users/jdoe?page%5Bsize%5D=2&sort=-login", b""),
        exchange(
            "/v2/users?filter[login]=JDoe&filter[email]=jdoe%40example.org",
            [
                {
                    "id": 1,
                    "login": "jdoe",
                    "email": "jdoe@example.org",
                    "url": f"{TARGET}/v2/users/jdoe",
                }
            ],
            answer_headers={"Link": f'<{TARGET}/v2/users?filter[login]=jdoe&page=2>; rel="next"'},
        ),
        exchange("/v2/users?range[name]=a%20b,c+d", b"jdoe wrote to jdoe@example.org"),
        exchange(
            "/oauth/token",
            {"access_token": "tok3nTOK3N", "token_type": "bearer"},
            headers={
                "Authorization": f"Basic {basic}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            sent=urlencode(
                {"client_secret": "pass word", "grant_type": "client_credentials"}
            ).encode(),
        ),
    )
    record = link.answer.json[0]
    login, email = record["login"], record["email"]
    assert before.answer.request.target == f"/v2/users/{login}?page%5Bsize%5D=2&sort=-login"
    assert record["url"] == f"{TARGET}/v2/users/{login}"
    assert email.startswith(f"{login}@")
    target = link.answer.request.target
    assert unquote_plus(target) == (
        f"/v2/users?filter[login]={login[:2].upper()}{login[2:]}&filter[email]={email}"
    )
    assert "%40" in target
    assert link.answer.links == {"next": f"{TARGET}/v2/users?filter[login]={login}&page=2"}
    assert page.answer.text.startswith(f"{login} ")
    assert page.answer.text.endswith(f" {email}")
    sent = dict(token.answer.request.headers)["Authorization"].split()
    secret = base64.b64decode(sent[1]).decode().partition(":")[2]
    body = (token.answer.request.body or b"").decode()
    assert body == urlencode({"client_secret": secret, "grant_type": "client_credentials"})
    assert secret != "pass word"


@pytest.mark.parametrize(("name", "value"), [("pin_token", 482913), ("phone", 33612345678)])
def test_numbers_that_are_secrets_change(name: str, value: int) -> None:
    stand_in = stand_in_of(value, name)
    assert isinstance(stand_in, int)
    assert stand_in != value


def test_a_deep_document_is_replaced_as_text() -> None:
    deep = b'{"a":' * 900 + b'"Jane Doe"' + b"}" * 900
    (kept,) = replaced(exchange("/v2/users", deep))
    assert "Jane" not in kept.answer.text
    assert len(kept.answer.body) == len(deep)


def test_each_file_has_other_stand_ins() -> None:
    stand_ins = {stand_in_of("confidential") for _ in range(5)}
    assert len(stand_ins) == 5


def test_errors_of_the_documents_stay_and_names_in_them_do_not() -> None:
    missing, named = replaced(
        exchange("/v2/users/0", {"status": 404, "error": "Not Found"}, status=404),
        exchange("/v2/users/0", {"error": "No user is called Jane"}, status=404),
    )
    assert missing.answer.json == {"status": 404, "error": "Not Found"}
    assert "Jane" not in named.answer.text


def test_the_length_of_a_body_is_that_of_the_stand_in() -> None:
    body = json.dumps({"note": "Élodie Müller"}, ensure_ascii=False).encode()
    (kept,) = replaced(
        exchange("/v2/users", body, answer_headers={"Content-Length": str(len(body))})
    )
    assert kept.answer.headers["Content-Length"] == str(len(kept.answer.body))


WORDS = st.text(st.characters(categories=("L", "Nd")), min_size=5, max_size=14).filter(
    lambda word: any(map(str.isalpha, word))
)
SECRETS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=20)
FIELD_NAMES = (
    "login",
    "first_name",
    "displayname",
    "email",
    "comment",
    "note",
    "location",
    "anything",
    "data",
)
FIELDS = st.sampled_from(FIELD_NAMES)


def words_of(text: str) -> set[str]:
    """Return the words of a text, decoded in every way that a recording may spell them."""
    spellings = {text, unquote_plus(text)}
    for encoded in re.findall(r"[A-Za-z0-9+/=]{8,}", text):
        try:
            spellings.add(base64.b64decode(encoded, validate=True).decode())
        except ValueError:
            continue
    return {word.casefold() for each in spellings for word in re.findall(r"[^\W_]+", each)}


def exchanges_about(
    people: list[tuple[str, str]], user: str, phone: str, secret: str
) -> list[Exchange]:
    """Return exchanges in which personal values and a credential stand wherever they can."""
    record = dict(people)
    words = [word for _, word in people]
    return [
        exchange(
            f"/v2/users/{quote(user)}?filter[login]={quote(words[0])}&access_token={secret}",
            {
                "id": 1,
                **record,
                "phone": phone,
                "mail": f"{user}.{words[-1]}@{user}.org",
                "image": {
                    "link": f"https://cdn.example.org/{quote(user)}/large_{quote(words[0])}.png"
                },
                "tags": words,
                "by_name": dict.fromkeys(words, 1),
                "text": f"{user} was seen with {words[0]}: {secret}",
            },
            headers={
                "Authorization": f"Bearer {secret}",
                "Cookie": f"session={secret}; user={quote(user)}",
                "X-Api-Key": secret,
                "X-User": quote(user),
                "Referer": f"https://{quote(user)}@app.example.org/{quote(user)}",
            },
            sent={"user": {"login": user, "password": secret}},
            answer_headers={"Set-Cookie": f"id={secret}; Path=/", "X-Request-For": quote(user)},
        ),
        exchange(
            "/oauth/token",
            {"access_token": secret},
            headers={
                "Authorization": f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            sent=urlencode({"username": user, "password": secret}).encode(),
        ),
        exchange(
            "/v2/users",
            f"<p>{user}</p> {phone}".encode(),
            answer_headers={"Content-Type": "text/html"},
        ),
        exchange("/v2/users", f"{user}".encode("utf-16"), sent=b"\xff" + user.encode()),
    ]


@pytest.fixture(scope="module")
def kept_on_purpose(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The words of such a file besides the values, and those that the documents of the API name."""
    values = ("xxxxxxx", "+4999999999", "y" * 20)
    file = tmp_path_factory.mktemp("frame") / "frame.json"
    write_exchanges(
        file, exchanges_about([(field, values[0]) for field in FIELD_NAMES], *values), "intra42"
    )
    named = vocabulary("intra42")
    listed = chain.from_iterable(named.values.values())
    documented = " ".join(chain(named.names, named.segments, named.prose, listed))
    return words_of(f"{file.read_text(encoding='utf-8')} {documented}") - set(values)


@settings(max_examples=100)
@given(
    people=st.lists(st.tuples(FIELDS, WORDS), min_size=1, max_size=6),
    user=WORDS,
    phone=st.from_regex(r"\+[1-9][0-9]{9,11}", fullmatch=True),
    secret=SECRETS,
)
def test_no_value_of_a_person_and_no_credential_is_in_a_kept_file(
    tmp_path_factory: pytest.TempPathFactory,
    kept_on_purpose: set[str],
    people: list[tuple[str, str]],
    user: str,
    phone: str,
    secret: str,
) -> None:
    words = [word for _, word in people]
    assume(kept_on_purpose.isdisjoint(word.casefold() for word in (user, secret, *words)))
    exchanges = exchanges_about(people, user, phone, secret)
    file = tmp_path_factory.mktemp("kept") / "kept.json"
    write_exchanges(file, replaced(*exchanges), "intra42")
    text = file.read_text(encoding="utf-8")
    kept_words = words_of(text)
    for original in [user, secret, phone[1:], *words]:
        assert original.casefold() not in kept_words
    for original in (secret, phone[1:]):
        assert original not in text
    kept = read_exchanges(file, "intra42")
    assert [each.answer.status for each in kept] == [200] * 4
    first = kept[0].answer.json
    assert [type(value) for value in first.values()] == [
        type(value) for value in exchanges[0].answer.json.values()
    ]
    assert [len(tag) for tag in first["tags"]] == [len(word) for word in words]


def test_a_form_in_parts_keeps_its_parts_alone(tmp_path: Path) -> None:
    body = (
        b'--xyz\r\nContent-Disposition: form-data; name="login"\r\n\r\njdoe\r\n'
        b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="jane doe.png"\r\n'
        b"Content-Type: text/plain\r\n\r\nJane\r\n--xyz--\r\n"
    )
    kind = "multipart/form-data; boundary=xyz"
    (kept,) = replaced(exchange("/v2/users", b"", headers={"Content-Type": kind}, sent=body))
    sent = (kept.answer.request.body or b"").decode()
    assert re.fullmatch(
        r'--xyz\r\nContent-Disposition: form-data; name="login"\r\n\r\n[a-z]{4}\r\n'
        r'--xyz\r\nContent-Disposition: form-data; name="file"; '
        r'filename="[a-z]{4} [a-z]{3}.png"\r\n'
        r"Content-Type: text/plain\r\n\r\n[A-Z][a-z]{3}\r\n--xyz--\r\n",
        sent,
    )
    assert "jdoe" not in sent
    assert "Jane" not in sent
