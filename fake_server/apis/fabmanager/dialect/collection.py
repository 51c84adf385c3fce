"""The answers to a list and to a single record of any resource."""

from flask import Response

from fake_server.api.declare import Call
from fake_server.api.serve import json_answer
from fake_server.apis.fabmanager.dialect.errors import (
    ENDPOINT_HEADERS,
    BrokenRecordError,
    ServerError,
)
from fake_server.apis.fabmanager.dialect.pages import page_headers, window_of
from fake_server.apis.fabmanager.dialect.request_checks import authorized_parameters, require_json
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.dialect.selection import page_rows, selected


def list_records(resource: LabResource, call: Call) -> Response:
    """Answer the records that satisfy all filters of the request.

    The answer is one page of them if the list has pages.
    """
    parameters = authorized_parameters(call)
    query = resource.list_query(parameters)
    window = window_of(resource, parameters)
    selection = selected(resource, query)
    require_json()
    rows = page_rows(selection, window)
    headers = page_headers(window, selection.total)
    try:
        items = resource.as_items(rows)
    except BrokenRecordError as error:
        raise ServerError(str(error), headers) from None
    body = {resource.envelope: items, **resource.beside()}
    return json_answer(body, headers={**ENDPOINT_HEADERS, **headers})


def show_record(resource: LabResource, call: Call) -> Response:
    """Answer one record."""
    authorized_parameters(call)
    row = resource.shown(call.record)
    require_json()
    try:
        record = resource.as_record(row)
    except BrokenRecordError as error:
        raise ServerError(str(error)) from None
    return json_answer(record, headers=ENDPOINT_HEADERS)
