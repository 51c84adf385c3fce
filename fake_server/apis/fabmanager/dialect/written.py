"""What a request writes: the attributes of one record, as Rails takes them from a body."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from flask import Response

from fake_server.api.declare import Call
from fake_server.api.records import Row
from fake_server.api.serve import (
    MalformedJsonError,
    Parameters,
    current_request,
    has_quirk,
    json_answer,
    query_values,
    request_parameters,
)
from fake_server.apis.fabmanager.dialect.addresses import page_address
from fake_server.apis.fabmanager.dialect.errors import (
    ENDPOINT_HEADERS,
    BadRequestError,
    BrokenRecordError,
    FrameworkError,
    ServerError,
)
from fake_server.apis.fabmanager.dialect.negotiation import accepts_json, page_kind
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.ruby.conversions import is_blank, no_method


def written_parameters() -> Parameters:
    """Return the parameters of a request that writes.

    JSON that is no object holds no parameters of a name. Raises `MalformedParametersError`.
    """
    request = current_request()
    try:
        return request_parameters(request)
    except MalformedJsonError:
        if not _is_other_json(request.get_data()):
            raise
        return Parameters(query_values(request))


def _is_other_json(raw: bytes) -> bool:
    try:
        return not isinstance(json.loads(raw), dict)
    except (ValueError, RecursionError):
        return False


def attributes(
    parameters: Parameters, key: str, names: Collection[str], files: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the attributes under a key of the parameters, with the files of a form among them.

    A JSON body may have the attributes at its top, without the key. Raises `BadRequestError` where
    there are none, and the error of the real service for a value that has no attributes.
    """
    value = parameters.get(key)
    if key not in parameters and current_request().is_json:
        value = {name: parameters[name] for name in parameters if name in names}
    if is_blank(value) and not files:
        raise BadRequestError(f"param is missing or the value is empty: {key}")
    if value is None or value == "":
        value = {}
    if not isinstance(value, Mapping):
        if has_quirk("validation-off"):
            raise ServerError(no_method("permit", value))
        raise BadRequestError(f"param is missing or the value is empty: {key}")
    return {**{name: value[name] for name in value}, **files}


def written_answer(resource: LabResource, call: Call, row: Row, status: int) -> Response:
    """Answer a record that the request wrote.

    The real service writes it even where the request asks for another format than JSON.
    """
    request = current_request()
    if has_quirk("accept-negotiated") and not accepts_json(request, call.path.get("suffix")):
        raise FrameworkError(500, page_kind(request))
    location = {"Location": page_address(f"/api/{resource.name}/{row.slug}")}
    try:
        record = resource.as_record(row)
    except BrokenRecordError as error:
        raise ServerError(str(error), location) from None
    return json_answer(record, status, {**ENDPOINT_HEADERS, **location})
