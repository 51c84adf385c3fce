"""Kinds of fields that a resource may have, shown by small tables and declarations."""

import re
from collections.abc import Sequence
from datetime import UTC, date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    select,
)

from fake_server.api.declare import ColumnPlan, Declaration
from fake_server.api.serve import Parameters
from fake_server.apis.xurrent.dialect.attributes import attribute_kinds, validation
from fake_server.apis.xurrent.dialect.attributes.attribute_kinds import Attribute, InvalidError
from fake_server.apis.xurrent.dialect.attributes.validation import Validator
from fake_server.apis.xurrent.dialect.document.body_schemas import attribute_schema, bodies
from fake_server.apis.xurrent.dialect.document.parts import describe
from fake_server.apis.xurrent.dialect.document.sections import section
from fake_server.apis.xurrent.dialect.model import dataset_records
from fake_server.apis.xurrent.dialect.model.resource import resource_named
from fake_server.apis.xurrent.dialect.query.cursors import (
    Cursor,
    OrderTerm,
    beyond,
    decoded,
    term_of,
)
from fake_server.apis.xurrent.dialect.query.filters import Filterable, conditions
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.world.json_schema import validator_class

TEAMS = Table(
    "teams",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("impact", Text),
    Column("level", Integer),
    Column("disabled", Boolean, nullable=False),
    Column("calendar_id", Integer),
    Column("since", Text),
)
ROWS: list[dict[str, Any]] = [
    {
        "id": 1,
        "since": "2026-03-01",
        "impact": None,
        "level": 3,
        "disabled": False,
        "calendar_id": 7,
    },
    {"id": 2, "since": None, "impact": "top", "level": None, "disabled": True, "calendar_id": None},
    {
        "id": 3,
        "since": "2026-02-28",
        "impact": "low",
        "level": -3,
        "disabled": False,
        "calendar_id": 8,
    },
    {
        "id": 4,
        "since": "2025-12-31",
        "impact": None,
        "level": None,
        "disabled": True,
        "calendar_id": 7,
    },
    {"id": 5, "since": None, "impact": "low", "level": 3, "disabled": False, "calendar_id": 7},
]
PLANS = {
    "id": ColumnPlan("id", "integer", False, "id", None, {}),
    "impact": ColumnPlan("impact", "text", True, "impact", None, {}),
    "level": ColumnPlan("level", "integer", True, "level", None, {}),
    "disabled": ColumnPlan("disabled", "boolean", False, "disabled", None, {}),
}
FIELDS = {
    "id": Filterable("integer", TEAMS.c.id),
    "impact": Filterable("option", TEAMS.c.impact, True),
    "source": Filterable("exact", TEAMS.c.impact, True),
    "level": Filterable("integer", TEAMS.c.level, True),
    "calendar": Filterable("reference", TEAMS.c.calendar_id, True),
    "since": Filterable("date", TEAMS.c.since, True),
}


@pytest.fixture(name="teams")
def _teams() -> Any:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        TEAMS.create(connection)
        connection.execute(TEAMS.insert(), ROWS)
        yield connection
    engine.dispose()


def order_of(field: str, *, descending: bool) -> list[OrderTerm]:
    return [
        term_of(PLANS[field], TEAMS.c[field], descending=descending),
        term_of(PLANS["id"], TEAMS.c.id, descending=False),
    ]


def rows_beyond(
    teams: Connection, order: Sequence[OrderTerm], cursor: Cursor, *, reverse: bool = False
) -> list[Any]:
    query = select(TEAMS).where(beyond(order, cursor, reverse=reverse))
    return [*teams.execute(query.order_by(*(term.sql(reverse=reverse) for term in order)))]


@pytest.mark.parametrize(
    ("field", "ascending", "descending"),
    [
        ("impact", [1, 4, 3, 5, 2], [2, 3, 5, 1, 4]),
        ("level", [2, 4, 3, 1, 5], [1, 5, 3, 2, 4]),
        ("disabled", [1, 3, 5, 2, 4], [2, 4, 1, 3, 5]),
    ],
)
def test_cursors_lead_through_rows_without_a_value(
    teams: Connection, field: str, ascending: list[int], descending: list[int]
) -> None:
    for ids, down in ((ascending, False), (descending, True)):
        order = order_of(field, descending=down)
        rows = [*teams.execute(select(TEAMS).order_by(*(term.sql() for term in order)))]
        assert [row.id for row in rows] == ids
        for before, after in pairwise(rows):
            text = Cursor(0, tuple(term.value(before) for term in order)).encoded()
            cursor = decoded("search_after", text, order)
            assert rows_beyond(teams, order, cursor)[0].id == after.id
            text = Cursor(1, tuple(term.value(after) for term in order)).encoded()
            cursor = decoded("search_before", text, order)
            assert rows_beyond(teams, order, cursor, reverse=True)[0].id == before.id


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("calendar", "7", [1, 4, 5]),
        ("calendar_id", "7", [1, 4, 5]),
        ("calendar_id", "7,8", [1, 3, 4, 5]),
        ("calendar_id", "!7", [2, 3]),
        ("calendar_id!", "7", [2, 3]),
        ("calendar", "", [2]),
        ("calendar_id", "!", [1, 3, 4, 5]),
        ("impact", "low", [3, 5]),
        ("impact", "LOW", []),
        ("impact", "low,top", [2, 3, 5]),
        ("impact", "!low", [1, 2, 4]),
        ("impact", "", [1, 4]),
        ("source", "top", [2]),
        ("source", "!top", [1, 3, 4, 5]),
        ("level", "3", [1, 5]),
        ("level", "<4", [1, 3, 5]),
        ("level", "!3", [2, 3, 4]),
        ("level", "", [2, 4]),
        ("since", "2026-03-01", [1]),
        ("since", "!2026-03-01", [2, 3, 4, 5]),
        ("since", ">=2026-02-28", [1, 3]),
        ("since", ">2025-12-31<2026-03-01", [3]),
        ("since", "<2026-02-28T12:00Z", [4]),
        ("since", "", [2, 5]),
    ],
)
def test_filters_by_kind(teams: Connection, name: str, value: str, ids: list[int]) -> None:
    matching: list[ColumnElement[bool]] = conditions({name: value}, FIELDS, set(), UTC)
    query = select(TEAMS.c.id).where(*matching).order_by(TEAMS.c.id)
    assert [row.id for row in teams.execute(query)] == ids


KEYS = {
    "says": "Who does the work.",
    "singular": "team",
    "shape": "holiday.json",
    "operations": {"list": None},
    "fields": ["id", "name"],
    "order": ["name"],
    "sort": ["id"],
    "filter": {
        "id": "integer",
        "source": "exact",
        "calendar": "reference",
        "impact": "option",
        "since": "date",
    },
    "examples": {"show": "team"},
}


def test_the_document_has_the_schema_of_each_kind_of_filters() -> None:
    components = describe(Declaration("xurrent", "teams", KEYS), {}).components
    schemas = components["schemas"]
    values = {
        "ExactFilter": ("a", "!a", "", "!"),
        "ReferenceFilter": ("1", "!1", "1,2", "", "!", ">=1<=2"),
        "OptionFilter": ("low", "!low", "low,top", "", "!"),
        "DateFilter": (
            "2026-03-01",
            "!2026-03-01",
            "<2026-03-01",
            ">=2026-02-28<2026-03-01",
            "",
            "!",
        ),
    }
    for name, texts in values.items():
        for text in texts:
            assert re.search(schemas[name]["pattern"], text), (name, text)
    assert not re.search(schemas["ExactFilter"]["pattern"], "a,b")
    assert not re.search(schemas["ReferenceFilter"]["pattern"], "a")
    assert not re.search(schemas["OptionFilter"]["pattern"], "<low")
    assert not re.search(schemas["DateFilter"]["pattern"], "2026-02-30")
    parameters = components["parameters"].values()
    used = {node["schema"].get("$ref", "") for node in parameters if "x-filter" in node}
    assert {f"#/components/schemas/{name}" for name in values} <= used


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fields": ["id", "nam"]}, "teams: fields: nam: holiday.json lacks it; meant name?"),
        ({"examples": {}}, "teams: examples.show is missing: the name of the shape's example"),
    ],
)
def test_a_document_tells_what_a_declaration_lacks(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        describe(Declaration("xurrent", "teams", {**KEYS, **changes}), {})


def test_a_document_without_a_kind_has_no_schema_of_it() -> None:
    keys = {**KEYS, "filter": {"id": "integer"}}
    schemas = describe(Declaration("xurrent", "teams", keys), {}).components["schemas"]
    assert not {"ExactFilter", "ReferenceFilter", "OptionFilter"} & {*schemas}


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("date", "2026-03-01", "2026-03-01"),
        ("date", "2026-03-01T23:30:00-06:00", "2026-03-02"),
        ("date", "", None),
        ("instant", "2026-03-01T12:00", 1772362800000),
        ("instant", "2026-03-01T12:00:00Z", 1772366400000),
        ("decimal", 12000, "12000.0"),
        ("decimal", "12.50", "12.5"),
        ("decimal", -0.25, "-0.25"),
        ("decimal", None, None),
        ("time_zone", "Amsterdam", "Amsterdam"),
        ("time_zone", "", None),
    ],
)
def test_attributes_by_kind(
    monkeypatch: pytest.MonkeyPatch, kind: str, sent: object, kept: object
) -> None:
    monkeypatch.setattr(attribute_kinds, "account_zone", lambda: ZoneInfo("Europe/Amsterdam"))
    attribute = Attribute("since", kind)
    assert attribute_kinds.KINDS[kind].read(sent, attribute) == kept
    schema = attribute_schema(attribute, {})
    assert sent == "" or "$ref" in schema or validator_class()(schema).is_valid(sent)


@pytest.mark.parametrize(
    ("kind", "sent", "problem"),
    [
        ("date", "2026-02-30", "invalid"),
        ("date", 20260301, "invalid"),
        ("instant", "noon", "invalid"),
        ("decimal", "12,5", "not_a_number"),
        ("decimal", True, "not_a_number"),
        ("decimal", float("nan"), "not_a_number"),
        ("decimal", [1], "not_a_number"),
        ("time_zone", "Mars", "inclusion"),
        ("time_zone", {"a": 1}, "inclusion"),
        ("custom_fields", [Parameters({"id": 5, "value": 2})], "pairs"),
        ("custom_fields", [Parameters({"id": {"a": 1}, "value": 2})], "pairs"),
    ],
)
def test_attributes_that_are_refused(
    monkeypatch: pytest.MonkeyPatch, kind: str, sent: object, problem: str
) -> None:
    monkeypatch.setattr(attribute_kinds, "account_zone", lambda: UTC)
    with pytest.raises(InvalidError) as refused:
        attribute_kinds.KINDS[kind].read(sent, Attribute("since", kind))
    assert refused.value.problem == problem


@pytest.mark.parametrize(
    ("changes", "path", "name"),
    [
        ({"writable": {"nam": "text"}}, ("writable", "nam"), "nam"),
        (
            {"writable": {"start_at": {"kind": "local", "unique": True}}},
            ("writable", "start_at"),
            "start_at",
        ),
        ({"parents": {"calendars": {"says": "All."}}}, ("parents", "calendars"), "calendar_id"),
        ({"parents": {"calendars": {"column": "start"}}}, ("parents", "calendars"), "start"),
        ({"predefined": ["odd"]}, ("predefined",), "odd"),
        ({"predefined": {"odd": {"start": 1}}}, ("predefined",), "start"),
        ({"predefined": ["enabled"]}, ("predefined",), "disabled"),
    ],
)
def test_a_declared_column_that_is_not_there_is_told(
    changes: dict[str, Any], path: tuple[str, str], name: str
) -> None:
    resource = resource_named("holidays")
    assert all(exists for _, _, exists in resource.declared_columns(resource.declaration))
    declared = Declaration("xurrent", "holidays", {**resource.declaration.keys, **changes})
    missing = [
        (at, column) for at, column, exists in resource.declared_columns(declared) if not exists
    ]
    assert missing == [(path, name)]


@pytest.mark.parametrize(
    ("name", "attribute", "message"),
    [
        (
            "start_at",
            "reference",
            "a reference to no resource; start_at in holiday.json needs x-reference",
        ),
        (
            "start_at",
            "local",
            "may be blank, and its column may not be null: give it required: true or a default, or"
            " let start_at in holiday.json be null",
        ),
        (
            "picture_uri",
            {"kind": "option", "options": ["a.png"], "default": "b.png"},
            "default: 'b.png' is no value of the kind option",
        ),
        (
            "start_at",
            {"kind": "local", "default": "2026-01-01T00:00:00"},
            "default: an attribute of the kind local has none",
        ),
    ],
)
def test_an_attribute_that_its_column_cannot_hold_is_told(
    name: str, attribute: Any, message: str
) -> None:
    resource = resource_named("holidays")
    assert list(resource.misdeclared(resource.declaration)) == []
    writable = {"writable": {name: attribute}}
    declared = Declaration("xurrent", "holidays", {**resource.declaration.keys, **writable})
    assert list(resource.misdeclared(declared)) == [(("writable", name), message)]


@pytest.mark.parametrize(
    "attribute",
    [
        {"kind": "text", "default": "none"},
        {"kind": "text", "required": True},
        {"kind": "boolean"},
    ],
)
def test_an_attribute_that_is_never_blank_needs_no_null(attribute: Any) -> None:
    resource = resource_named("holidays")
    writable = {"writable": {"name": attribute}}
    declared = Declaration("xurrent", "holidays", {**resource.declaration.keys, **writable})
    assert list(resource.misdeclared(declared)) == []


def test_a_default_stands_in_where_a_record_has_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = resource_named("holidays")
    attribute = Attribute("picture_uri", "text", default="none.png")
    monkeypatch.setitem(resource.__dict__, "attributes", (attribute,))
    monkeypatch.setitem(resource.__dict__, "_defaults", {"picture_uri": "none.png"})
    kept = {"name": "Day", "start_at": 0, "end_at": 1}
    assert resource.completed(kept, "wdc", 0)["picture_uri"] == "none.png"
    assert resource.completed({**kept, "picture_uri": None}, "wdc", 0)["picture_uri"] == "none.png"
    assert resource.completed({**kept, "picture_uri": "a"}, "wdc", 0)["picture_uri"] == "a"
    for sent, value in (({"picture_uri": None}, "none.png"), ({"picture_uri": "a"}, "a")):
        validator = Validator(sent, {})
        validator.read(attribute)
        assert validator.columns == {"picture_uri": value}
    keys = {
        **resource.declaration.keys,
        "writable": {"picture_uri": {"kind": "text", "default": "n"}},
    }
    schemas = bodies(Declaration("xurrent", "holidays", keys))
    assert schemas["HolidayNew"]["properties"]["picture_uri"]["default"] == "n"
    assert "default" not in schemas["HolidayChanges"]["properties"]["picture_uri"]


def test_the_section_has_the_columns_that_no_request_writes() -> None:
    keys = {
        **resource_named("holidays").declaration.keys,
        "writable": {"name": "text"},
        "dataset": {},
    }
    made = section(Declaration("xurrent", "holidays", keys))
    record = made["properties"]["records"]["items"]["properties"]
    assert record["start_at"]["pattern"].startswith("^[0-9]{4}")
    assert record["picture_uri"]["type"] == ["string", "null"]
    assert not {"nodeID", "x-reference"} & record.keys()


def test_a_wrong_reference_is_called_by_its_property_in_each_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names: list[str] = []
    monkeypatch.setattr(validation, "message", lambda name, problem, **values: names.append(name))
    Validator({"work_hours_id": "x"}, {}).read(Attribute("work_hours_id", "reference"))
    assert names == ["work_hours"]


def test_a_date_of_a_dataset_may_be_one_of_yaml() -> None:
    plan = ColumnPlan("since", "text", True, "since", None, {})
    assert dataset_records._value(plan, date(2026, 3, 1)) == "2026-03-01"


@pytest.mark.parametrize(
    ("operation", "settings"),
    [
        ("list_teams", {"parameters"}),
        ("list_enabled_teams", {"parameters"}),
        ("list_teams_of_calendar", {"checks"}),
        ("create_team", {"checks"}),
        ("replace_team", {"checks"}),
        ("get_team", set()),
    ],
)
def test_exceptions_of_contract_tests_hold_for_every_resource(
    operation: str, settings: set[str]
) -> None:
    chosen: set[str] = set()
    for adjusted in api_under_test("xurrent").adjusted:
        if adjusted.pattern and re.search(adjusted.pattern, operation):
            assert adjusted.selector == {"include-operation-id-regex": adjusted.pattern}
            chosen |= {*adjusted.settings}
    assert chosen == settings
