"""The view of a calendar's duration."""

from typing import Any

from flask import Response

from fake_server.api.declare import Call
from fake_server.api.invent import MINUTE
from fake_server.api.serve import has_quirk, json_answer
from fake_server.apis.xurrent.dialect.parameters import parameters
from fake_server.apis.xurrent.duration.query import DurationQuery
from fake_server.apis.xurrent.duration.working_time import Week
from fake_server.apis.xurrent.resources import calendar_hours, holidays


def show_duration(resource: Any, call: Call) -> Response:
    """Answer how many minutes a calendar is active between two instants."""
    row = resource.named(call.record)
    asked = DurationQuery.from_parameters(parameters())
    week = Week(calendar_hours.resource.active(row.id))
    minutes = asked.working_time(week, holidays.resource.spans(row.id)) // MINUTE
    return json_answer(minutes if has_quirk("duration-bare-number") else {"duration": minutes})
