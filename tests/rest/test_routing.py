"""Requests are routed once, by Host and by the routes of all APIs."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import MetaData

from fake_server import app as application
from fake_server import create_app
from fake_server.errors import UserError
from fake_server.rest.api_definition import Api, Dialect
from fake_server.rest.api_errors import ApiError
from fake_server.rest.conventions import PLAIN
from fake_server.world.records.definition import StoreDefinition

Make = Callable[..., Api]


def _api(
    name: str,
    *templates: str,
    methods: tuple[str, ...] = ("GET",),
    prefixes: tuple[str, ...] = ("/v9",),
    spellings: bool = False,
    **described: Any,
) -> Api:
    """Return an API whose views answer their template and arguments."""
    blueprint = Blueprint("views", __name__)
    for number, template in enumerate(templates):

        def view(template: str = template, **arguments: Any) -> dict[str, Any]:
            return {"api": name, "template": template, "arguments": arguments}

        blueprint.add_url_rule(template, str(number), view, methods=list(methods))
    return Api(
        name=name,
        blueprint=blueprint,
        definition=StoreDefinition(name, MetaData, lambda connection, inputs: None),
        dialect=Dialect(
            not_routed=lambda request: ApiError(404, {"unrouted": name}),
            conventions=PLAIN._replace(accepts_spellings=spellings),
        ),
        knows=lambda method, path: False,
        before=lambda request: None,
        example="/v9",
        title=name,
        base_path=prefixes[0],
        prefixes=prefixes,
        **described,
    )


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Flask]:
    """Return a function that makes an application of some APIs alone."""

    def make(*apis: Api, **options: Any) -> Flask:
        served = {api.name: api for api in apis}
        monkeypatch.setattr(application, "load_apis", lambda names: served)
        return create_app("empty", **options)

    return make


def _get(app: Flask, path: str, host: str = "localhost", method: str = "GET") -> dict[str, Any]:
    answer = app.test_client().open(path, method=method, headers={"Host": host})
    seen: dict[str, Any] = answer.json or {}
    return seen


def test_a_route_is_found_by_its_segments_and_what_is_nearer_comes_first(serve: Any) -> None:
    templates = (
        "/v9/<name>",
        "/v9/things",
        "/v9/things/<name>",
        "/v9/things/<int:number>/parts",
        "/v9/things/<name>/parts/<part>",
        "/v9/<kind>/new",
        "/v9/file.<suffix>",
        "/v9/files/<path:rest>",
        "/v9/sets/<slug>/<number>.json",
        "/v9/sets/<number>/show.json",
        "/v9/sets/<kind>/a<number>.json",
    )
    app = serve(_api("shop", *templates))
    expected = {
        "/v9/things": ("/v9/things", {}),
        "/v9/other": ("/v9/<name>", {"name": "other"}),
        "/v9/file.txt": ("/v9/file.<suffix>", {"suffix": "txt"}),
        "/v9/things/new": ("/v9/things/<name>", {"name": "new"}),
        "/v9/others/new": ("/v9/<kind>/new", {"kind": "others"}),
        "/v9/things/12/parts": ("/v9/things/<int:number>/parts", {"number": 12}),
        "/v9/things/12/parts/3": (
            "/v9/things/<name>/parts/<part>",
            {"name": "12", "part": "3"},
        ),
        "/v9/things/b%C3%A9b%C3%A9%20x": ("/v9/things/<name>", {"name": "bébé x"}),
        "/v9/sets/1/show.json": ("/v9/sets/<number>/show.json", {"number": "1"}),
        "/v9/sets/1/a2.json": ("/v9/sets/<kind>/a<number>.json", {"kind": "1", "number": "2"}),
        "/v9/sets/1/2.json": ("/v9/sets/<slug>/<number>.json", {"slug": "1", "number": "2"}),
        "/v9/files/a/b.c": ("/v9/files/<path:rest>", {"rest": "a/b.c"}),
    }
    for path, (template, arguments) in expected.items():
        seen = _get(app, path)
        assert (seen["template"], seen["arguments"]) == (template, arguments), path
    for path in ("/v9", "/v9/things/x/parts", "/v9/things/", "/v9//things", "/v9/files/"):
        assert _get(app, path) == {"unrouted": "shop"}, path


def test_the_routes_of_werkzeug_are_found_alike(serve: Any) -> None:
    """Where templates compete, both prefer the same one."""
    templates = ("/v9/a/<x>", "/v9/<y>/b", "/v9/<z>", "/v9/a", "/v9/a/b/<c>", "/v9/<d>/<e>/<f>")
    app = serve(_api("shop", *templates))
    for path in ("/v9/a", "/v9/b", "/v9/a/b", "/v9/c/b", "/v9/a/c", "/v9/a/b/c", "/v9/x/y/z"):
        with app.test_request_context(path) as context:
            expected = str(context.request.url_rule)
        assert _get(app, path)["template"] == expected


def test_spellings_are_tried_by_the_dialects_that_accept_them(serve: Any) -> None:
    app = serve(
        _api("loose", "/v9/things", spellings=True, default_for=("/v9",)),
        _api("exact", "/v9/goods", "/v9/things.json"),
    )
    for path in ("/v9/things", "/v9//things", "/v9/things/"):
        assert _get(app, path)["api"] == "loose"
    assert _get(app, "/v9/things.json")["api"] == "exact"
    assert _get(app, "/v9/goods")["api"] == "exact"
    for path in ("/v9/goods/", "/v9/goods.json", "/v9//goods", "/v9/nothing"):
        assert _get(app, path) == {"unrouted": "loose"}


def test_two_apis_share_a_segment(serve: Any) -> None:
    app = serve(
        _api("school", "/v9/users", "/v9/users/<id>", default_for=("/v9",)),
        _api("library", "/v9/loans", "/v9/loans/<id>", prefixes=("/v9", "/v9/shelves")),
    )
    assert _get(app, "/v9/users/3")["api"] == "school"
    assert _get(app, "/v9/loans/3")["api"] == "library"
    assert _get(app, "/v9/other") == {"unrouted": "school"}
    assert _get(app, "/v9/shelves/3") == {"unrouted": "library"}
    assert _get(app, "/v9/loans/3", method="DELETE") == {"unrouted": "library"}
    assert _get(app, "/w/default/v9/loans/3")["api"] == "library"


def test_under_a_host_its_api_is_all_there_is(serve: Any) -> None:
    app = serve(
        _api("school", "/v9/users", default_for=("/v9",), hosts=("school.example",)),
        _api("library", "/v9/users", "/v9/loans", hosts=("library.example",)),
    )
    assert _get(app, "/v9/users")["api"] == "school"
    assert _get(app, "/v9/users", "library.example")["api"] == "library"
    assert _get(app, "/v9/users", "LIBRARY.example.:8042")["api"] == "library"
    assert _get(app, "/v9/loans", "school.example") == {"unrouted": "school"}
    assert _get(app, "/", "library.example") == {"unrouted": "library"}


def test_a_host_that_is_given_tells_apart_as_well(serve: Any) -> None:
    apis = (_api("school", "/v9/<id>", default_for=("/v9",)), _api("library", "/v9/<user>"))
    app = serve(*apis, hosts={"books.example": "library"})
    assert _get(app, "/v9/1", "books.example")["arguments"] == {"user": "1"}


@pytest.mark.parametrize(
    ("described", "mistake"),
    [
        ({}, "GET /v9/<user>: school and library both have it, and no host tells them apart:"),
        (
            {"default_for": ("/v9",)},
            "/v9: library and school both live there: the api.yaml of one must say default_for:",
        ),
        ({"prefixes": ("/w/books",)}, "library: /w/books: the fake's own pages are there"),
        ({"templates": ("/v9/x/<uuid:x>",)}, "library: the route <uuid:x>: uuid is no kind of"),
    ],
    ids=["route", "prefix", "own", "parameter"],
)
def test_what_cannot_be_told_apart_is_refused_in_one_line(
    serve: Any, described: dict[str, Any], mistake: str
) -> None:
    templates = described.pop("templates", ("/v9/<user>",))
    library = _api("library", *templates, **described)
    with pytest.raises(UserError) as raised:
        serve(_api("school", "/v9/<id>", default_for=("/v9",)), library)
    assert str(raised.value).startswith(mistake)


def test_a_prefix_of_two_without_a_default_is_refused(serve: Any) -> None:
    with pytest.raises(UserError, match="/v9: library and school both live there"):
        serve(_api("school", "/v9/users"), _api("library", "/v9/loans"))
    serve(_api("school", "/v9/users", default_for=("/v9",)), _api("library", "/v9/loans"))


def test_methods_are_case_sensitive(serve: Any) -> None:
    app = serve(_api("shop", "/v9/things"))
    assert _get(app, "/v9/things", method="get") == {"unrouted": "shop"}
