"""Defects of the body of the list."""

from mutants.mutant import Defects
from mutants.slips import Constant

_API = Defects("fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "oldest-first",
        "The list begins with the oldest.",
        _edit(
            "statements:statements",
            "newest=page.order_by(table.start_at.desc(), table.id.desc())",
            "newest=page.order_by(table.start_at, table.id)",
        ),
        "availabilities.order",
    ),
    _mutant(
        "ordered-by-end",
        "The list is ordered by the end.",
        _edit(
            "statements:statements",
            "newest=page.order_by(table.start_at.desc(), ",
            "newest=page.order_by(table.end_at.desc(), ",
        ),
        "availabilities.order",
    ),
    _mutant(
        "ties-ascending",
        "Of those that start together, the lowest id comes first.",
        _edit(
            "statements:statements",
            "newest=page.order_by(table.start_at.desc(), table.id.desc())",
            "newest=page.order_by(table.start_at.desc(), table.id)",
        ),
        "availabilities.ties",
    ),
    _mutant(
        "slots-as-stored",
        "Slots are in the order in which they are stored.",
        _edit("render:_availability", "if not unordered", "if False"),
        "slots.order",
    ),
    _mutant(
        "ids-sorted",
        "available_ids are sorted.",
        _edit("render:_available_ids", "return found", "return sorted(found)"),
        "availabilities.available_ids",
        "availabilities.example",
    ),
    _mutant(
        "id-is-text",
        "The id of a slot is text.",
        _edit("render:_availability", '{"id": number,', '{"id": str(number),'),
        "availabilities.*",
        "slots.*",
    ),
    _mutant(
        "key-renamed",
        "created_at is called createdAt.",
        _edit("render:_availability", '"created_at":', '"createdAt":'),
        "availabilities.keys",
    ),
    _mutant(
        "key-order",
        "The type stands before the times.",
        _edit(
            "render:_availability",
            '        "id": row.id,\n',
            '        "id": row.id,\n        "available_type": row.available_type,\n',
        ),
        "availabilities.keys",
    ),
    _mutant(
        "damaged-listed",
        "Records without a start are listed.",
        _edit("selection:_filters", 'if not has_quirk("damaged-records")', "if False"),
        "availabilities.damaged",
        "availabilities.untyped",
    ),
    _mutant(
        "empty-is-404",
        "Where nothing matches, the answer is 404.",
        _edit(
            "routes:list_availabilities",
            "rows = page_rows",
            "selection.total or abort(404)\n    rows = page_rows",
        ),
        "availabilities.empty",
    ),
    _mutant(
        "training-cut-into-slots",
        "A pinned training is cut into slots like a machine.",
        Constant("apis.fabmanager.records:CUT_INTO_SLOTS", lambda value: (*value, "Training")),
        "slots.by_type",
        stored=True,
    ),
)
