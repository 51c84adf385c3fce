"""Defects of scales, transactions, tags and notions."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "scales-of-every-project",
        "A session lists the scales of other projects.",
        _edit(
            "resources.scales:_Scales.of_parent",
            "self.table.c.id.in_(own[parent])",
            "self.table.c.id.not_in(own[parent])",
        ),
        "scales.parents",
    ),
    _mutant(
        "scale-with-another-evaluation",
        "The scale of a list is a part of another evaluation than in evaluations.",
        _edit(
            "resources.scales:_Scales.as_items",
            '"id": row.evaluation_id',
            '"id": row.evaluation_id + 1',
        ),
        "scales.shape",
    ),
    _mutant(
        "flags-without-good-ones",
        "Every flag is negative.",
        _edit(
            "resources.flags:_Flags.as_items",
            "{**row._asdict(), **own}",
            '{**row._asdict(), **own, "positive": False}',
        ),
        "flags.shape",
    ),
    _mutant(
        "transactions-without-their-user",
        "A transaction shows no login.",
        _edit(
            "resources.transactions:_Transactions.user",
            "people[row.user_id]",
            '{**people[row.user_id], "id": 0}',
        ),
        "transactions.shape",
    ),
    _mutant(
        "tags-of-all-notions",
        "A notion lists the tags of the other notions.",
        _edit(
            "resources.tags:_Tags.of_parent",
            "notions.c.id == parent_id",
            "notions.c.id != parent_id",
        ),
        "tags.parents",
    ),
    _mutant(
        "tags-of-other-cursus",
        "filter[cursus_id] keeps every tag that belongs to a cursus.",
        _edit(
            "resources.tags:_in_cursus",
            ".where(member.c.value.in_(integers(name, text)))",
            "",
        ),
        "tags.cursus",
    ),
    _mutant(
        "subnotions-by-id",
        "A notion shows its parts by id.",
        _edit(
            "resources.subnotions:_Subnotions.of_notions",
            "own.position, own.id",
            "own.id",
        ),
        "notions.shape",
    ),
)
