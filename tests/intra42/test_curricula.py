"""Campus and cursus, listed and alone."""

import pytest

from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.campus.shape", "intra42.campus.show")
def test_a_campus_alone_is_that_of_the_list(demo: Intra) -> None:
    listed = {campus["id"]: campus for campus in demo.json("/v2/campus?per_page=100")}
    shown = demo.json("/v2/campus/1")
    assert shown == listed[1] == demo.json("/v2/campus/paris")
    assert (len(shown), list(shown)[-1], shown["endpoint"]) == (18, "endpoint", None)
    assert shown["language"] == {"id": 1, "name": "French", "identifier": "fr"}
    assert demo.get("/v2/campus/nowhere").status_code == 404


@pytest.mark.behaviour("intra42.cursus.show")
def test_a_cursus_alone_is_that_of_the_list(demo: Intra) -> None:
    listed = {cursus["id"]: cursus for cursus in demo.json("/v2/cursus?per_page=100")}
    assert demo.json("/v2/cursus/21") == listed[21] == demo.json("/v2/cursus/42cursus")
    assert demo.get("/v2/cursus/999").status_code == 404
