"""Makes `open.yaml` and `open.jsonl` of a recording of the real service's code.

`python -m tests.fabmanager.recorded.make_open RECORDING`. The recording has rows of our own
invention and exchanges over them; its `about` explains its form. `open.yaml` gets the rows of the
resources that the dataset schema knows, so run it again when the schema has one more.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SCHEMA = FOLDER.parents[2] / "schemas" / "fabmanager" / "dataset.json"
START = "2026-11-29T12:00:00Z"
"""When the exchanges were recorded, as far as their answers tell: events are to come after it."""

AFTER_DELETED = 1_000_000
"""The ids of deleted accounts in the dataset: this, and the number of their invoicing profile."""

_NAME = re.compile("(?:Reservation|Subscription) of (.*?) (?:on [0-9]|for |extended)")

Row = dict[str, Any]


def users(row: Row) -> Row:
    """Return a user. A deleted one has no number any more; the dataset needs one."""
    deleted = row["id"] is None
    number = AFTER_DELETED + row["invoicing_profile_id"] if deleted else row["id"]
    return {**without(row, "full_name"), "id": number, "deleted": deleted}


def pictured(row: Row) -> Row:
    """Return a machine or a space."""
    return {**without(row, "image", "default_places"), "picture": row["image"]}


def events(row: Row) -> Row:
    """Return an event."""
    image = row["event_image"]
    return {
        **without(row, "event_image", "prices"),
        "picture": image and image["large_url"].replace("/large_", "/"),
        "other_prices": row["prices"],
    }


def plans(row: Row) -> Row:
    """Return a plan."""
    return {**without(row, "file"), "path": row["file"]}


def subscriptions(row: Row) -> Row:
    """Return a subscription."""
    days = [without(days, "created_at") for days in row["offer_days"]]
    return {**without(row, "expiration_date_without_offers"), "offer_days": days or None}


def reservations(row: Row) -> Row:
    """Return a reservation. The slots have their times from their availabilities."""
    slots = [without(slot, "start_at", "end_at") for slot in row["reserved_slots"]]
    return {**row, "reserved_slots": slots}


def invoices(row: Row) -> Row:
    """Return an invoice. Its label follows from the name in it and from what the invoice is of."""
    name = re.match(
        "(?:Reservation|Subscription) of (.*?) (?:on [0-9]|for |extended)", row["label"]
    )
    about, gateway = row["main_object"], row["payment_gateway_object"] or {}
    return {
        **without(row, "label", "file_name", "main_object", "payment_gateway_object"),
        "recipient": name and name[1],
        "main_object_type": about["type"],
        "main_object_id": about["id"],
        "main_object_created_at": about["created_at"],
        "gateway_object_id": gateway.get("id"),
        "gateway_object_type": gateway.get("type"),
        "prefix": row["file_name"].partition("-")[0],
    }


def accounting(row: Row) -> Row:
    """Return an accounting line. How it was paid follows from the invoice."""
    return without(row, "payment_method", "payment_details")


def without(row: Row, *names: str) -> Row:
    """Return a row without some values."""
    return {name: value for name, value in row.items() if name not in names}


CONVERSIONS: Mapping[str, Callable[[Row], Row]] = {
    "users": users,
    "machines": pictured,
    "spaces": pictured,
    "events": events,
    "plans": plans,
    "subscriptions": subscriptions,
    "reservations": reservations,
    "invoices": invoices,
    "accounting": accounting,
}


def section(recording: Mapping[str, Any]) -> list[str]:
    """Return the lines of the Fab-manager section."""
    known = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]
    lines = [
        f"  time_zone: {recording['time_zone']}",
        f"  public_host: {recording['base_url']}",
        f"  accounting_codes: {json.dumps(recording['accounting_codes'])}",
        f"  credentials: {{tokens: [{recording['token']}]}}",
    ]
    for name, rows in recording["rows"].items():
        if name in known:
            convert = CONVERSIONS.get(name, dict)
            lines += [f"  {name}:", "    records:"]
            lines += [f"      - {json.dumps(convert(row), ensure_ascii=False)}" for row in rows]
    return lines


def main(recording_file: str) -> None:
    """Write both files."""
    recording = json.loads(Path(recording_file).read_text(encoding="utf-8"))
    head = [
        "description: A lab with rows of every kind, as the real service's code was run over.",
        f'start: "{START}"',
        "frozen: true",
        "",
        "fabmanager:",
    ]
    text = "\n".join([*head, *section(recording)]) + "\n"
    (FOLDER / "open.yaml").write_text(text, encoding="utf-8")
    names = ("token", "unordered", "tie_groups")
    first = {name: recording[name] for name in names}
    with (FOLDER / "open.jsonl").open("w", encoding="utf-8") as file:
        for line in (first, *recording["exchanges"]):
            file.write(f"{json.dumps(line, ensure_ascii=False, separators=(',', ':'))}\n")


if __name__ == "__main__":
    main(sys.argv[1])
