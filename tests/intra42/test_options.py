"""A filter whose options the declaration lists, and that is a plain column."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text

from fake_server.api.declare import Field
from fake_server.api.serve import Parameters
from fake_server.apis.intra42.dialect.errors import OptionError
from fake_server.apis.intra42.dialect.parameters import filters

EVENTS = Table("events", MetaData(), Column("id", Integer, primary_key=True), Column("kind", Text))
FIELDS = {"kind": Field("Option", options=("rush", "conference"))}


def chosen(text: str) -> Any:
    declaration = SimpleNamespace(filter=FIELDS)
    resource = SimpleNamespace(table=EVENTS, conditions={}, declared=lambda: declaration)
    (condition,) = filters(cast(Any, resource), Parameters({"filter": Parameters({"kind": text})}))
    return condition.indexed.compile(compile_kwargs={"literal_binds": True})


def test_a_column_is_filtered_by_the_options_that_are_listed() -> None:
    assert str(chosen("rush")) == "events.kind IN ('rush')"
    assert str(chosen("rush,conference,rush")) == "events.kind IN ('rush', 'conference')"


def test_another_option_is_refused() -> None:
    with pytest.raises(OptionError):
        chosen("party")
