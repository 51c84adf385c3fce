"""The routes of a world's records, `/_fake/worlds/<name>/records`, and of its export."""

from functools import partial

from flask import Blueprint, Response

from fake_server.control.aliases import ALIASES


def add_records(blueprint: Blueprint) -> None:
    """Add the routes, by all their names."""
    all_path = "/worlds/<name>/records"
    kind_path = f"{all_path}/<api>/<kind>"
    record_path = f"{kind_path}/<path:key>"
    for path, view, method in (
        (all_path, "count_records", "GET"),
        (all_path, "load_records", "POST"),
        (kind_path, "list_records", "GET"),
        (kind_path, "add_records", "POST"),
        (record_path, "get_record", "GET"),
        (record_path, "change_record", "PATCH"),
        (record_path, "remove_record", "DELETE"),
        ("/worlds/<name>/export", "export_world", "GET"),
    ):
        blueprint.add_url_rule(path, view, partial(_answer, view), methods=[method])
        for alias, declared in ALIASES.items():
            if path.startswith(declared):
                blueprint.add_url_rule(path.replace(declared, alias), view, methods=[method])


def _answer(view: str, /, **path: str) -> Response:
    from fake_server.control import records

    answer: Response = getattr(records, view)(**path)
    return answer
