import pytest

from fake_server.rest.urls import canonical, split_world, tidy


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v9/things", (None, "", "/v9/things")),
        ("/w/mine/v9/things", ("mine", "/w/mine", "/v9/things")),
        ("/w/mine", ("mine", "/w/mine", "/")),
        ("/w/mine/", ("mine", "/w/mine", "/")),
        ("//w//mine//v9", ("mine", "//w//mine", "//v9")),
        ("/w/w/w/other", ("w", "/w/w", "/w/other")),
        ("/w", (None, "", "/w")),
        ("/w/", (None, "", "/w/")),
        ("/wide/mine", (None, "", "/wide/mine")),
        ("", (None, "", "")),
    ],
)
def test_a_path_may_name_its_world(path: str, expected: tuple[str | None, str, str]) -> None:
    assert split_world(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v9/things", "/v9/things"),
        ("/v9/things/", "/v9/things"),
        ("//v9///things//", "/v9/things"),
        ("/v9/things.json", "/v9/things"),
        ("/v9/things.json/", "/v9/things"),
        ("/v9/things.xml", "/v9/things.xml"),
        ("/v9/things/.json", "/v9/things/.json"),
        ("/", "/"),
        ("//", "/"),
        ("", "/"),
        ("/.json", "/.json"),
    ],
)
def test_a_path_has_accepted_spellings(path: str, expected: str) -> None:
    assert canonical(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("//v9///things//", "/v9/things"),
        ("/v9/things.json/", "/v9/things.json"),
        ("//", "/"),
        ("", "/"),
    ],
)
def test_a_tidy_path_keeps_its_suffix(path: str, expected: str) -> None:
    assert tidy(path) == expected
