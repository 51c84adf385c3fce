"""The names for views: the world of a request, its parameters and body, answers and errors.

The names are part of surface 1 and stay as they are.
"""

from typing import TYPE_CHECKING, Any

from fake_server.api.homes import homes_of

if TYPE_CHECKING:
    from fake_server.rest.access.credentials import credential_entry
    from fake_server.rest.answers import answer, json_answer, with_etag
    from fake_server.rest.api_errors import (
        ApiError,
        DeepJsonError,
        MalformedJsonError,
        MalformedParametersError,
    )
    from fake_server.rest.attribute_reader import AttributeReader, body_schema, read_body
    from fake_server.rest.context import RAW_PATH, current_request, has_quirk, now, store, world
    from fake_server.rest.cors import allow_origin, is_preflight
    from fake_server.rest.http_text import curl, header_text, phrase_of
    from fake_server.rest.links import link_header, page_links, query_string
    from fake_server.rest.pages import (
        LARGEST_OFFSET,
        Page,
        QueryValues,
        count_of,
        order_by,
        page_of,
        restricted,
    )
    from fake_server.rest.parameters import (
        Parameters,
        body_parameters,
        query_parameters,
        query_values,
        request_parameters,
    )
    from fake_server.rest.rails.json_and_etag import etag_of, to_json
    from fake_server.rest.rails.tracing import add_trace, begin_trace
    from fake_server.rest.remembering.repeating import repeat, world_of
    from fake_server.rest.rendered_records import cached_records
    from fake_server.rest.schema.schema_values import (
        MESSAGES,
        InvalidValueError,
        Mistake,
        Schema,
        read_json,
        read_text,
    )
    from fake_server.rest.schema.spec import spec
    from fake_server.rest.sorting import SortKey, parse_sort
    from fake_server.rest.standard.documented import answer_example
    from fake_server.rest.standard.record import record_answer
    from fake_server.rest.standard.resource import instant_text
    from fake_server.rest.standard.writing import write_record
    from fake_server.rest.urls import base_url, canonical, request_url, url_of
    from fake_server.rest.zones import UnknownZoneError, pinned_zone, zone
    from fake_server.world.clock import Clock
    from fake_server.world.rate_counters import RateCounters, RecentRequests, Usage
    from fake_server.world.world import World

__all__ = [
    "LARGEST_OFFSET",
    "MESSAGES",
    "RAW_PATH",
    "ApiError",
    "AttributeReader",
    "Clock",
    "DeepJsonError",
    "InvalidValueError",
    "MalformedJsonError",
    "MalformedParametersError",
    "Mistake",
    "Page",
    "Parameters",
    "QueryValues",
    "RateCounters",
    "RecentRequests",
    "Schema",
    "SortKey",
    "UnknownZoneError",
    "Usage",
    "World",
    "add_trace",
    "allow_origin",
    "answer",
    "answer_example",
    "base_url",
    "begin_trace",
    "body_parameters",
    "body_schema",
    "cached_records",
    "canonical",
    "count_of",
    "credential_entry",
    "curl",
    "current_request",
    "etag_of",
    "has_quirk",
    "header_text",
    "instant_text",
    "is_preflight",
    "json_answer",
    "link_header",
    "now",
    "order_by",
    "page_links",
    "page_of",
    "parse_sort",
    "phrase_of",
    "pinned_zone",
    "query_parameters",
    "query_string",
    "query_values",
    "read_body",
    "read_json",
    "read_text",
    "record_answer",
    "repeat",
    "request_parameters",
    "request_url",
    "restricted",
    "spec",
    "store",
    "to_json",
    "url_of",
    "with_etag",
    "world",
    "world_of",
    "write_record",
    "zone",
]

_HOMES = homes_of(
    {
        "rest.answers": ["answer", "json_answer", "with_etag"],
        "rest.attribute_reader": ["AttributeReader", "body_schema", "read_body"],
        "rest.context": ["RAW_PATH", "current_request", "has_quirk", "now", "store", "world"],
        "rest.access.credentials": ["credential_entry"],
        "rest.cors": ["allow_origin", "is_preflight"],
        "rest.api_errors": [
            "ApiError",
            "DeepJsonError",
            "MalformedJsonError",
            "MalformedParametersError",
        ],
        "rest.links": ["link_header", "page_links", "query_string"],
        "rest.pages": [
            "LARGEST_OFFSET",
            "Page",
            "QueryValues",
            "count_of",
            "order_by",
            "page_of",
            "restricted",
        ],
        "rest.parameters": [
            "Parameters",
            "body_parameters",
            "query_parameters",
            "query_values",
            "request_parameters",
        ],
        "rest.http_text": ["curl", "header_text", "phrase_of"],
        "rest.rendered_records": ["cached_records"],
        "rest.rails.json_and_etag": ["etag_of", "to_json"],
        "rest.rails.tracing": ["add_trace", "begin_trace"],
        "rest.remembering.repeating": ["repeat", "world_of"],
        "rest.schema.schema_values": [
            "InvalidValueError",
            "MESSAGES",
            "Mistake",
            "Schema",
            "read_json",
            "read_text",
        ],
        "rest.schema.spec": ["spec"],
        "rest.standard.documented": ["answer_example"],
        "rest.standard.record": ["record_answer"],
        "rest.standard.resource": ["instant_text"],
        "rest.standard.writing": ["write_record"],
        "rest.sorting": ["SortKey", "parse_sort"],
        "rest.urls": ["base_url", "canonical", "request_url", "url_of"],
        "rest.zones": ["UnknownZoneError", "pinned_zone", "zone"],
        "world.clock": ["Clock"],
        "world.rate_counters": ["RateCounters", "RecentRequests", "Usage"],
        "world.world": ["World"],
    }
)


def __getattr__(name: str) -> Any:
    """Import a name at its first use: a start imports nothing that it does not need."""
    return _HOMES.get(__name__, name)
