"""The lists of campus and cursus."""

from operator import itemgetter
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_ordered, expect_that, need

from . import keys
from .helpers import CAMPUS, CURSUS, NOBODY, WORK, Record, ids, listed, page, school, total

CAMPUS_FIELDS = (
    *("name", "time_zone", "vogsphere_id", "address", "zip", "city", "country"),
    *("website", "email_extension"),
)
CAMPUS_FLAGS = ("active", "default_hidden_phone", "public")
HIDDEN_CAMPUS_FIELDS = (
    *("created_at", "updated_at", "language_id", "slug", "display_name", "facebook", "twitter"),
)
CURSUS_FIELDS = ("name", "slug", "kind", "created_at")
CURSUS_FLAGS = ("restricted", "is_subscriptable")


def newest(target: Target, path: str) -> list[Record]:
    """Return the first page of a list of a hundred."""
    return target.remember(("newest", path), lambda: listed(target, path, {"per_page": 100}))


def expect_listed(target: Target, path: str, name: str, expected: list[str]) -> None:
    """Hold a list's keys and order, and its ids against a filter of projects users."""
    records = newest(target, path)
    need(len(records) > 1, f"two records in {path}")
    expect(f"the ids of {path}", sorted(ids(records), reverse=True), ids(records))
    expect("how many ids there are", len(records), len(set(ids(records))))
    whole = target.total(page(target, path))
    expect_that("X-Total", whole >= len(records), f"{len(records)} or more", whole)
    for record in records:
        expect("the keys", expected, list(record))
    paged_list = target.read_pages(path, {"per_page": 40})
    expect("the ids of a walk", ids(records), ids(paged_list.records)[: len(records)])
    for some in (records[0]["id"], records[-1]["id"]):
        page(target, WORK, {f"filter[{name}]": some, "per_page": 1})


@behaviour("intra42.campus.shape")
@behaviour("intra42.campus.list")
def test_the_list_of_campus(intra42: Target) -> None:
    expect_listed(intra42, CAMPUS, "campus", keys.CAMPUS)
    for record in newest(intra42, CAMPUS):
        expect("the keys of the language", keys.LANGUAGE, list(record["language"]))
        number = record["users_count"]
        expect_that("users_count", type(number) is int and number >= 0, "a number", number)


@behaviour("intra42.campus.list", needs=("data",))
def test_campus_as_they_are(intra42: Target) -> None:
    facts: dict[str, Any] = {
        "name": "Ville & <Co>",
        "time_zone": "Europe/Paris",
        "vogsphere_id": None,
        "country": "France",
        "address": "1 rue de la Clé",
        "zip": "07500",
        "city": "Guilherand",
        "website": None,
        "facebook": "https://example.org",
        "twitter": None,
        "active": False,
        "public": False,
        "email_extension": "example.org",
        "default_hidden_phone": True,
    }
    records = {
        "records": [{"id": 1}, {"id": 100, "language": "de", **facts}, {"id": 2}, {"id": 74}]
    }
    with school(intra42, campus=records) as own:
        seen = listed(own, CAMPUS)
        expect("the campus", [100, 74, 2, 1], ids(seen))
        expect("its facts", facts, {name: seen[0][name] for name in facts})
        expect("its language", "de", seen[0]["language"]["identifier"])
        expect("how many users", [0, 1, 2, 2], [record["users_count"] for record in seen])
        expect("those of campus 100", 0, total(own, WORK, {"filter[campus]": 100}))


def expect_single(target: Target, path: str, slug: str) -> None:
    """Hold single records to the list that they are in."""
    records = newest(target, path)
    need(len(records) > 1, f"two records in {path}")
    for record in (records[0], records[-1]):
        expect("the record", record, page(target, f"{path}/{record['id']}").json)
    target.get(f"{path}/{NOBODY}").expect_status(404)
    with_slug = listed(target, path, {"filter[slug]": slug})
    need(bool(with_slug), f"a record with the slug {slug} in {path}")
    expect(f"the record {slug}", with_slug[0], page(target, f"{path}/{slug}").json)


@behaviour("intra42.campus.show")
def test_a_campus_is_shown_by_id_and_slug(intra42: Target) -> None:
    expect_single(intra42, CAMPUS, "paris")


@behaviour("intra42.cursus.show")
def test_a_cursus_is_shown_by_id_and_slug(intra42: Target) -> None:
    expect_single(intra42, CURSUS, "42cursus")


@behaviour("intra42.cursus.list")
def test_the_list_of_cursus(intra42: Target) -> None:
    expect_listed(intra42, CURSUS, "cursus", keys.CURSUS)


@behaviour("intra42.cursus.list", needs=("data",))
def test_cursus_as_they_are(intra42: Target) -> None:
    facts = {"created_at": "2020-02-29T08:00:00.000Z", "name": "Été", "slug": "ete", "kind": "test"}
    records = {"records": [{"id": 9}, {"id": 21}, {"id": 200, **facts}, {"id": 77}]}
    with school(intra42, cursus=records) as own:
        seen = listed(own, CURSUS)
        expect("the cursus", [200, 77, 21, 9], ids(seen))
        expect("its facts", {"id": 200, **facts}, seen[0])


def expect_fields(target: Target, path: str, fields: tuple[str, ...]) -> None:
    """Filter and range by each field's value in some record, and sort by the field."""
    records = newest(target, path)
    need(1 < len(records) < 100, f"between two and a hundred records in {path}")
    for field in fields:
        values = sorted({record[field] for record in records if record[field] is not None})
        need(values, f"a value of {field}")
        value = next((text for text in values if "," not in str(text)), None)
        need(value is not None, f"a value of {field} without a comma")
        params = {"per_page": 100, f"filter[{field}]": value}
        expected = [record["id"] for record in records if record[field] == value]
        expect(f"those with {params}", expected, ids(listed(target, path, params)))
        params = {"per_page": 100, f"range[{field}]": f"{value},{value}"}
        expect(f"those with {params}", expected, ids(listed(target, path, params)))
        rising = listed(target, path, {"sort": field, "per_page": 100})
        blanks = [record[field] is None for record in rising]
        expect(f"where null stands by {field}", sorted(blanks), blanks)
        if not isinstance(values[0], str) or field == "created_at":
            valued = [record for record in rising if record[field] is not None]
            expect_ordered(f"those by {field}", valued, itemgetter(field))


def expect_hidden_fields(
    target: Target, path: str, fields: tuple[str, ...], flags: tuple[str, ...]
) -> None:
    """Sort by fields that no answer shows, and part the list by flags."""
    whole = total(target, path)
    need(whole, f"a record in {path}")
    names = (*flags, *fields, "id")
    rising = listed(target, path, {"sort": ",".join(names), "per_page": 100})
    down = ",".join(f"-{name}" for name in names)
    falling = listed(target, path, {"sort": down, "per_page": 100})
    need(whole <= 100, f"at most a hundred records in {path}")
    expect(f"the order by {names}, reversed", ids(rising)[::-1], ids(falling))
    for flag in flags:
        parts = [
            total(target, path, {f"filter[{flag}]": flag_value}) for flag_value in ("true", "false")
        ]
        expect(f"the sum over {flag}", whole, sum(parts))


@behaviour("intra42.campus.fields")
def test_campus_by_each_field(intra42: Target) -> None:
    expect_fields(intra42, CAMPUS, ("id", *CAMPUS_FIELDS))


@behaviour("intra42.campus.fields")
def test_campus_by_what_is_hidden_or_a_flag(intra42: Target) -> None:
    expect_hidden_fields(intra42, CAMPUS, HIDDEN_CAMPUS_FIELDS, CAMPUS_FLAGS)
    records = newest(intra42, CAMPUS)
    need(len(records) < 100, "fewer than a hundred campus")
    for flag in CAMPUS_FLAGS:
        for value in (True, False):
            expected = [record["id"] for record in records if record[flag] is value]
            params = {"per_page": 100, f"filter[{flag}]": value}
            expect(f"those with {params}", expected, ids(listed(intra42, CAMPUS, params)))


CREATED = [{"id": 5, "created_at": "2021-05-01T08:00:00Z"}, {"id": 6, "name": "Six"}]
USUAL = [{"id": 1}, {"id": 2}, {"id": 74}]


@behaviour("intra42.campus.fields", needs=("data",))
def test_campus_by_hidden_fields(intra42: Target) -> None:
    names = {"slug": "drei", "display_name": "Drei", "facebook": "f3", "twitter": "t3"}
    spoken = {"id": 3, "language": "pl"} | names
    with school(intra42, campus={"records": [*USUAL, *CREATED, spoken]}) as own:
        for params, expected in (
            ({"filter[created_at]": "2021-05-01T08:00:00Z"}, [5]),
            ({"filter[updated_at]": "2021-05-01T10:00:00+02:00"}, [5]),
            ({"range[created_at]": "2021-05-01T08:00:00Z,2021-05-01T08:00:00.000Z"}, [5]),
            ({"range[updated_at]": "2021-05-01,2021-05-02"}, [5]),
            ({"filter[slug]": "drei"}, [3]),
            ({"range[slug]": "drei,drei"}, [3]),
            ({"filter[display_name]": "Drei"}, [3]),
            ({"range[display_name]": "Drei,Drei"}, [3]),
            ({"filter[facebook]": "f3"}, [3]),
            ({"range[facebook]": "f3,f3"}, [3]),
            ({"filter[twitter]": "t3"}, [3]),
            ({"range[twitter]": "t3,t3"}, [3]),
        ):
            expect(f"campus with {params}", expected, ids(listed(own, CAMPUS, params)))
        expect("the last by created_at", 5, ids(listed(own, CAMPUS, {"sort": "created_at"}))[-1])
        language = listed(own, CAMPUS, {"filter[id]": 3})[0]["language"]["id"]
        spoken_there = {"filter[language_id]": language}
        expect("campus of that language", [3], ids(listed(own, CAMPUS, spoken_there)))


@behaviour("intra42.cursus.fields")
def test_cursus_by_each_field(intra42: Target) -> None:
    expect_fields(intra42, CURSUS, ("id", *CURSUS_FIELDS))


@behaviour("intra42.cursus.fields")
def test_cursus_by_what_is_hidden(intra42: Target) -> None:
    expect_hidden_fields(intra42, CURSUS, ("updated_at",), CURSUS_FLAGS)


@behaviour("intra42.cursus.fields", needs=("data",))
def test_cursus_by_hidden_fields(intra42: Target) -> None:
    records = [
        *({"id": 9}, {"id": 21}, {"id": 77}),
        {"id": 5, "restricted": True, "is_subscriptable": False, "kind": "external"},
        {"id": 6, "restricted": False, "created_at": "2021-05-01T08:00:00Z", "kind": "external"},
    ]
    with school(intra42, cursus={"records": records}) as own:
        for params, expected in (
            ({"filter[restricted]": "true", "filter[kind]": "external"}, [5]),
            ({"filter[is_subscriptable]": "false", "filter[kind]": "external"}, [5]),
            ({"filter[updated_at]": "2021-05-01T08:00:00Z"}, [6]),
            ({"range[updated_at]": "2021-05-01,"}, [6]),
            ({"filter[id]": "5,6", "sort": "restricted"}, [6, 5]),
        ):
            expect(f"cursus with {params}", expected, ids(listed(own, CURSUS, params)))
