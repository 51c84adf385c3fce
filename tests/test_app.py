"""The application as a whole: worlds, spellings of paths, errors of its own, odd input."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, request
from sqlalchemy import MetaData

from fake_server import app as application
from fake_server import create_app
from fake_server.errors import UserError
from fake_server.rest.api_definition import Api, Dialect
from fake_server.rest.api_errors import ApiError
from fake_server.rest.context import has_quirk, now, store, world
from fake_server.rest.parameters import request_parameters
from fake_server.rest.rails import RAILS
from fake_server.rest.urls import request_url, url_of
from fake_server.world.records.definition import StoreDefinition
from tests.support.client import JsonClient, JsonResponse

MEGABYTE = 1024 * 1024


def _shop() -> Api:
    """Return an API of a few views, which knows one request that it does not route."""
    blueprint = Blueprint("shop", __name__)

    @blueprint.route("/v9/things", methods=["GET", "POST"])
    def things() -> dict[str, Any]:
        parameters = request_parameters(request)
        return {"url": request_url(), "names": sorted(parameters), "world": world().name}

    @blueprint.get("/v9/things/<name>")
    def thing(name: str) -> dict[str, Any]:
        if name == "defect":
            raise RuntimeError("a secret of the inside")
        if name == "missing":
            raise ApiError(404, {"gone": True}, {"X-Reason": "sold"})
        return {"name": name, "url": url_of(f"/v9/things/{name}"), "now": now().isoformat()}

    @blueprint.get("/v9/context")
    def context() -> dict[str, Any]:
        return {"written": store().written, "quirk": has_quirk("none")}

    def after(response: Response) -> Response:
        response.headers["X-Shop"] = "open"
        return response

    def before(asked: Any) -> Response | None:
        return Response("closed", 429) if asked.headers.get("X-Too-Often") else None

    return Api(
        name="shop",
        title="Shop",
        base_path="/v9",
        prefixes=("/v9",),
        hosts=("shop.example",),
        blueprint=blueprint,
        definition=StoreDefinition("shop", MetaData, lambda connection, inputs: None),
        dialect=Dialect(
            conventions=RAILS,
            not_routed=lambda asked: ApiError(404, {"shop": "no such page"}),
            bad_request=lambda reason: ApiError(400, {"shop": str(reason)}),
            too_large=lambda: ApiError(413, {"shop": "too large"}),
            failure=lambda request, status: ApiError(status, {"shop": "sorry"}),
            token_expired=lambda request: ApiError(401, {"shop": "who?"}),
        ),
        knows=lambda method, path: path == "/v9/known",
        before=before,
        after=after,
        example="/v9/things",
    )


@pytest.fixture(scope="module")
def app() -> Flask:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "load_apis", lambda names: {"shop": _shop()})
        made = create_app("empty")
    made.extensions["fake_server.worlds"].create("mine")
    return made


@pytest.fixture
def client(app: Flask) -> JsonClient:
    return JsonClient(app, app.response_class)


def _is_problem(response: JsonResponse, status: int) -> bool:
    assert response.json is not None
    return (
        response.status_code == status
        and response.mimetype == "application/problem+json"
        and response.headers["X-Fake-Server"] == "problem"
        and response.json["status"] == status
    )


def test_a_world_is_named_by_prefix_or_header(client: JsonClient) -> None:
    assert client.get("/v9/things").json["world"] == "default"
    assert client.get("/w/mine/v9/things").json["world"] == "mine"
    assert client.get("/v9/things", headers={"X-Fake-World": "mine"}).json["world"] == "mine"
    both = client.get("/w/mine/v9/things", headers={"X-Fake-World": "mine"})
    assert both.json["world"] == "mine"


def test_a_path_and_a_header_that_disagree_are_refused(client: JsonClient) -> None:
    response = client.get("/w/mine/v9/things", headers={"X-Fake-World": "default"})
    assert _is_problem(response, 400)
    assert response.json["detail"] == "the path names world 'mine', X-Fake-World 'default'"


@pytest.mark.parametrize("path", ["/v9/things", "/", "/_fake/health", "/v9/unknown"])
@pytest.mark.parametrize("name", ["absent", "", "Mine", "é", "%00", "a b"])
def test_an_unknown_world_is_never_served_by_another(
    client: JsonClient, path: str, name: str
) -> None:
    by_header = client.get(path, headers={"X-Fake-World": name.encode().decode("latin-1")})
    assert _is_problem(by_header, 404)
    assert by_header.json["detail"] == f"there is no world called {name!r} here"
    if name:
        assert _is_problem(client.get(f"/w/{name}{path}"), 404)
    assert client.head(path, headers={"X-Fake-World": name}).data == b""


def test_urls_in_answers_keep_the_world_prefix(client: JsonClient) -> None:
    assert client.get("/w/mine/v9/things/a").json["url"] == "http://localhost/w/mine/v9/things/a"
    assert client.get("/w/mine/v9/things?a=1").json["url"] == "http://localhost/w/mine/v9/things"
    headed = client.get("/v9/things/a", headers={"X-Fake-World": "mine"})
    assert headed.json["url"] == "http://localhost/v9/things/a"


@pytest.mark.parametrize(
    "path",
    [
        "/v9/things",
        "/v9/things/",
        "//v9/things",
        "/v9//things",
        "/v9/things.json",
        "/v9//things.json/",
        "/w/mine//v9/things",
        "//w/mine/v9/things/",
    ],
)
def test_accepted_spellings_are_served_without_a_redirect(client: JsonClient, path: str) -> None:
    response = client.get("/?b=1&a=2", environ_overrides={"PATH_INFO": path})
    assert response.status_code == 200
    assert response.json["names"] == ["a", "b"]


def test_a_doubled_slash_stays_in_the_requests_own_url(client: JsonClient) -> None:
    assert client.get("/v9//things/?a=1").json["url"] == "http://localhost/v9//things/"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_what_is_not_served_says_so_in_a_header(client: JsonClient, method: str) -> None:
    response = client.open("/v9/unknown/ü", method=method)
    assert (response.status_code, response.json) == (404, {"shop": "no such page"})
    assert response.headers["X-Fake-Not-Served"] == f"{method} /v9/unknown/\\xfc"
    assert response.headers["X-Shop"] == "open"


def test_what_the_real_service_is_known_to_refuse_is_its_own_answer(client: JsonClient) -> None:
    response = client.get("/v9/known")
    assert response.status_code == 404
    assert "X-Fake-Not-Served" not in response.headers


def test_a_method_that_is_not_routed_is_worded_by_the_api(client: JsonClient) -> None:
    for method in ("DELETE", "OPTIONS", "PATCH"):
        response = client.open("/v9/things", method=method)
        assert (response.status_code, response.json) == (404, {"shop": "no such page"})


@pytest.mark.parametrize("method", ["get", "Post", "head", "1", "a'b"])
def test_a_method_in_other_letters_is_another_method(client: JsonClient, method: str) -> None:
    sent = {"REQUEST_METHOD": method}
    for path in ("/v9/things", "/v9/context", "/v9/known", "/v9/unknown"):
        response = client.open(path, environ_overrides=sent)
        assert (response.status_code, response.json) == (404, {"shop": "no such page"})
    assert response.headers["X-Fake-Not-Served"] == f"{method} /v9/unknown"
    refused = client.open("/_fake/worlds", environ_overrides=sent)
    assert _is_problem(refused, 405)
    assert refused.allow.as_set() == {"get", "head", "post"}
    assert refused.json is not None
    assert refused.json["detail"] == f"{method} /_fake/worlds"
    assert _is_problem(client.open("/v10", environ_overrides=sent), 404)


def test_paths_of_no_api_get_a_problem_of_the_fakes_own(client: JsonClient) -> None:
    assert _is_problem(client.get("/v10/things"), 404)
    assert _is_problem(client.get("/v99"), 404)
    refused = client.delete("/")
    assert _is_problem(refused, 405)
    assert refused.allow.as_set() == {"get", "head"}


def test_an_error_has_the_apis_status_body_and_headers(client: JsonClient) -> None:
    response = client.get("/v9/things/missing")
    assert (response.status_code, response.json) == (404, {"gone": True})
    assert (response.headers["X-Reason"], response.headers["X-Shop"]) == ("sold", "open")
    assert "X-Fake-Not-Served" not in response.headers


@pytest.mark.parametrize("query", ["a=%", "a=%ff", "a=1&a[b]=2"])
def test_parameters_that_cannot_be_read_are_worded_by_the_api(
    client: JsonClient, query: str
) -> None:
    response = client.get(f"/v9/things?{query}")
    assert response.status_code == 400
    assert set(response.json) == {"shop"}


def test_a_defect_shows_nothing_of_the_inside(
    client: JsonClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/v9/things/defect")
    assert (response.status_code, response.json) == (500, {"shop": "sorry"})
    assert response.headers["X-Shop"] == "open"
    assert "secret" not in response.text + str(response.headers)
    assert "a secret of the inside" in caplog.text


def test_a_defect_outside_the_apis_is_a_problem(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setitem(app.view_functions, "index.index", broken)
    response = JsonClient(app, app.response_class).get("/")
    assert _is_problem(response, 500)
    assert "secret" not in response.text
    assert "a secret of the inside" in caplog.text


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_may_be_a_megabyte_and_no_more(client: JsonClient, kind: str) -> None:
    body = b'{"a": "' + b"x" * (MEGABYTE - 9) + b'"}'
    assert len(body) == MEGABYTE
    assert client.post("/v9/things", data=body, content_type=kind).status_code == 200
    response = client.post("/v9/things", data=body + b" ", content_type=kind)
    assert (response.status_code, response.json) == (413, {"shop": "too large"})


def test_a_multipart_body_may_be_no_larger(client: JsonClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    response = client.post(
        "/v9/things",
        data=head + b"x" * MEGABYTE + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 413


def test_an_upgrade_to_websocket_is_ignored(client: JsonClient) -> None:
    upgrade = {"Connection": "keep-alive, Upgrade", "Upgrade": "websocket"}
    for path in ("/v9/things", "/v9/things/a", "/v9/nothing", "/_fake/health"):
        answer = client.get(path, headers=upgrade)
        assert answer.status_code == client.get(path).status_code
        assert ("X-Fake-Not-Served" in answer.headers) == (path == "/v9/nothing")


def test_the_date_of_an_answer_is_that_of_the_world() -> None:
    client = create_app(
        "empty", now=datetime(2030, 3, 2, 9, 30, 15, 999_999, UTC), frozen=True
    ).test_client()
    worlds = client.application.extensions["fake_server.worlds"]
    for path in ("/v1/calendars", "/v2/slots", "/open_api/v1/availabilities", "/v2/nothing"):
        assert client.get(path).headers.getlist("Date") == ["Sat, 02 Mar 2030 09:30:15 GMT"]
    worlds.default.clock.advance(timedelta(seconds=1))
    assert client.get("/v1/calendars").headers["Date"] == "Sat, 02 Mar 2030 09:30:16 GMT"
    assert "Date" not in client.get("/").headers
    assert "Date" not in client.get("/_fake/health").headers


def test_an_api_may_answer_before_its_views(client: JsonClient) -> None:
    for path in ("/v9/things", "/v9/unknown"):
        response = client.get(path, headers={"X-Too-Often": "1"})
        assert (response.status_code, response.text) == (429, "closed")
        assert response.headers["X-Shop"] == "open"


def test_views_ask_for_their_world_its_records_time_and_quirks(client: JsonClient) -> None:
    assert client.get("/v9/context").json == {"written": False, "quirk": False}


@pytest.mark.parametrize("host", ["a..b", "x" * 300, 'a"b', "a b", "<script>", "\x00", "é", ""])
def test_a_hostile_host_is_answered_like_any_other(client: JsonClient, host: str) -> None:
    headers = {"HTTP_HOST": host, "HTTP_X_FORWARDED_HOST": host, "HTTP_X_FORWARDED_PREFIX": host}
    response = client.get("/v9/things/a", environ_overrides=headers)
    assert response.status_code == 200
    assert response.json["url"] == "http://localhost/v9/things/a"


def test_options_are_called_as_those_of_serve() -> None:
    app = create_app("empty", now="2026-03-02T01:00:00+01:00", limits=True, store="disk")
    own = app.extensions["fake_server.worlds"].default
    assert timedelta(0) <= own.clock.now() - datetime(2026, 3, 2, tzinfo=UTC) < timedelta(minutes=5)
    assert (own.enforce_limits, own.settings.storage) == (True, "disk")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dataset": "absent"}, "absent: no such dataset"),
        ({"dataset": "absent.yaml"}, "absent.yaml: no such dataset file"),
        ({"dataset": "empty", "profile": "real"}, "profile: expected one of documented, live"),
        ({"dataset": "empty", "quirks": ("shop.none",)}, "shop.none: no such quirk"),
        ({"dataset": "empty", "quirks": "shop.none"}, "quirks: expected a list of names"),
        ({"dataset": "empty", "now": "noon"}, "now: expected a time such as"),
        ({"dataset": "empty", "now": "2026-03-02T00:00:00"}, "now: expected a time with its zone"),
        ({"dataset": "empty", "now": 5}, "now: expected a time, found 5"),
        (
            {"dataset": "empty", "seed": "x"},
            "seed: expected a whole number of at most 64 bits, found 'x'",
        ),
        (
            {"dataset": "empty", "seed": True},
            "seed: expected a whole number of at most 64 bits, found True",
        ),
        ({"dataset": "empty", "frozen": "yes"}, "frozen: expected true or false, found 'yes'"),
        ({"dataset": "empty", "limits": 1}, "limits: expected true or false, found 1"),
        ({"dataset": "empty", "store": "tape"}, "store: expected one of memory, disk"),
    ],
)
def test_wrong_options_are_told_in_one_line(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as raised:
        create_app(**options)
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)
