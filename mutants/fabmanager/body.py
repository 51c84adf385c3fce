"""Defects of the body of the list."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "oldest-first",
        "The list begins with the oldest.",
        _edit(
            "dialect.statements:_term",
            "term = column.desc() if key.descending else column.asc()",
            "term = column.asc()",
        ),
        "availabilities.order",
    ),
    _mutant(
        "ordered-by-end",
        "The list is ordered by the end.",
        _edit(
            "dialect.statements:_term",
            "column = resource.table.c[key.field]",
            'column = resource.table.c[key.field.replace("start", "end")]',
        ),
        "availabilities.order",
    ),
    _mutant(
        "ties-ascending",
        "Of those that start together, the lowest id comes first.",
        _edit(
            "dialect.statements:_term",
            "column.desc() if key.descending",
            'column.desc() if key.descending and key.field != "id"',
        ),
        "availabilities.ties",
    ),
    _mutant(
        "slots-as-stored",
        "Slots are in the order in which they are stored.",
        _edit(
            "resources.availabilities.shown_availabilities:_slots",
            "if not unordered",
            "if False",
        ),
        "slots.order",
    ),
    _mutant(
        "ids-sorted",
        "available_ids are sorted.",
        _edit(
            "resources.availabilities.shown_availabilities:_available_ids",
            "return ids",
            "return sorted(ids)",
        ),
        "availabilities.available_ids",
        "availabilities.example",
    ),
    _mutant(
        "id-is-text",
        "The id of a slot is text.",
        _edit(
            "resources.availabilities.shown_availabilities:_slots",
            '{"id": number,',
            '{"id": str(number),',
        ),
        "availabilities.*",
        "slots.*",
    ),
    _mutant(
        "key-renamed",
        "created_at is called createdAt.",
        _edit(
            "resources.availabilities.shown_availabilities:_availability",
            '"created_at":',
            '"createdAt":',
        ),
        "availabilities.keys",
    ),
    _mutant(
        "key-order",
        "The type stands before the times.",
        _edit(
            "resources.availabilities.shown_availabilities:_availability",
            '        "id": row.id,\n',
            '        "id": row.id,\n        "available_type": row.available_type,\n',
        ),
        "availabilities.keys",
    ),
    _mutant(
        "damaged-listed",
        "Records without a start are listed.",
        _edit(
            "resources.availabilities:_Availabilities.always",
            'has_quirk("damaged-records")',
            "True",
        ),
        "availabilities.damaged",
        "availabilities.untyped",
    ),
    _mutant(
        "empty-is-404",
        "Where nothing matches, the answer is 404.",
        _edit(
            "dialect.collection:list_records",
            "    rows = page_rows",
            '    selection.total or resource.named("nothing")\n    rows = page_rows',
        ),
        "availabilities.empty",
    ),
    _mutant(
        "training-cut-into-slots",
        "A pinned training is cut into slots like a machine.",
        ConstantEdit(
            "fake_server.apis.fabmanager.invention.availability:CUT_INTO_SLOTS",
            lambda value: (*value, "Training"),
        ),
        "slots.by_type",
        stored=True,
    ),
)
