"""The routes of a world's records, `/_fake/worlds/<name>/data`, and of its export."""

from functools import partial

from flask import Blueprint, Response


def add_data(blueprint: Blueprint) -> None:
    """Add the routes."""
    kind_path = "/worlds/<name>/data/<api>/<kind>"
    record_path = f"{kind_path}/<path:key>"
    for path, view, method in (
        ("/worlds/<name>/data", "count_records", "GET"),
        ("/worlds/<name>/data", "load_records", "POST"),
        (kind_path, "list_records", "GET"),
        (kind_path, "add_records", "POST"),
        (record_path, "get_record", "GET"),
        (record_path, "change_record", "PATCH"),
        (record_path, "remove_record", "DELETE"),
        ("/worlds/<name>/export", "export_world", "GET"),
    ):
        blueprint.add_url_rule(path, view, partial(_answer, view), methods=[method])


def _answer(view: str, /, **path: str) -> Response:
    from fake_server.control import records

    answer: Response = getattr(records, view)(**path)
    return answer
