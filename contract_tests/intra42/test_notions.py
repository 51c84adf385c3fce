"""Tags, notions and their parts."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, need

from . import keys
from .helpers import Record, expect_keys_of_some, ids, listed, page, school

TAGS, NOTIONS, PARTS = "/v2/tags", "/v2/notions", "/v2/subnotions"
MADE = {"created_at": "2026-05-01T08:00:00Z", "updated_at": "2026-05-01T08:00:00Z"}
PROJECTS = [{"id": 11, "name": "Libft", "slug": "libft", "session_id": 70, "cursus_ids": [21]}]


def _tag(number: int, **ids_by_kind: list[int]) -> Record:
    ties = {"user_ids": [], "project_ids": [], "cursus_ids": [], **ids_by_kind}
    return {"id": number, "name": f"T{number}", "kind": "general", **ties, **MADE}


def _notion(number: int, tag_ids: list[int], cursus_ids: list[int]) -> Record:
    ties = {"tag_ids": tag_ids, "cursus_ids": cursus_ids}
    return {"id": number, "name": f"N{number}", "slug": f"n{number}", **ties, **MADE}


def _part(number: int, notion_id: int, position: int) -> Record:
    own = {"name": f"P{number}", "slug": f"p{number}", "notepad": None, "position": position}
    return {"id": number, "notion_id": notion_id, **own, **MADE}


SECTIONS: dict[str, Any] = {
    "projects": {"records": PROJECTS},
    "tags": {
        "records": [
            _tag(1, user_ids=[1, 2], cursus_ids=[21]),
            _tag(2, project_ids=[11], cursus_ids=[9, 21]),
            _tag(3, user_ids=[2]),
        ]
    },
    "notions": {"records": [_notion(5, [1, 2], [21]), _notion(6, [2], [9])]},
    "subnotions": {"records": [_part(7, 5, 2), _part(8, 5, 1), _part(9, 6, 1)]},
}


@behaviour("intra42.tags.shape")
def test_a_tag_has_these_keys(intra42: Target) -> None:
    records = expect_keys_of_some(intra42, TAGS, keys.TAG)
    parts = [part for record in records for part in record["subnotions"]]
    need(bool(parts), "a tag with a notion")
    for part in parts[:5]:
        expect("the keys of a subnotion", keys.SUBNOTION_SUMMARY, list(part))
    for user in records[0]["users"][:3]:
        expect("the keys of a user", ["id", "login", "url"], list(user))


@behaviour("intra42.tags.parents", needs=("data",))
@behaviour("intra42.notions.parents", needs=("data",))
def test_tags_and_notions_of_others_are_left_out(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for path, expected in (
            ("projects/libft/tags", [2]),
            ("notions/n5/tags", [1, 2]),
            ("cursus/9/tags", [2]),
            ("users/bob/tags", [1, 3]),
            ("cursus/21/notions", [5]),
            ("tags/2/notions", [6, 5]),
            ("tags/3/notions", []),
            ("notions/n5/subnotions", [7, 8]),
        ):
            expect(path, expected, ids(listed(own, f"/v2/{path}")))


@behaviour("intra42.tags.cursus", needs=("data",))
def test_tags_by_cursus(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        for value, expected in (("9", [2]), ("9,21", [1, 2]), ("77", [])):
            records = listed(own, TAGS, {"filter[cursus_id]": value})
            expect(f"cursus {value}", expected, ids(records))


@behaviour("intra42.notions.shape", needs=("data",))
@behaviour("intra42.subnotions.shape", needs=("data",))
@behaviour("intra42.tags.shape", needs=("data",))
def test_a_notion_shows_its_parts_in_their_places(intra42: Target) -> None:
    with school(intra42, **SECTIONS) as own:
        notion = page(own, f"{NOTIONS}/n5").json
        expect("the keys of the notion", keys.NOTION, list(notion))
        expect("its parts", [8, 7], ids(notion["subnotions"]))
        expect("its tags", [1, 2], ids(notion["tags"]))
        expect("its cursus", [21], ids(notion["cursus"]))
        expect("those of a tag", [8, 7, 9], ids(page(own, f"{TAGS}/2").json["subnotions"]))
        part = page(own, f"{PARTS}/p8").json
        expect("the keys of the part", keys.SUBNOTION, list(part))
        about = {key: notion[key] for key in keys.NOTION[:4]}
        expect("its notion", about, part["notion"])
        expect(
            "the part in the notion",
            notion["subnotions"][0],
            {key: part[key] for key in keys.SUBNOTION_SUMMARY},
        )
