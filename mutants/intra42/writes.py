"""Defects of what requests write, and of the lists of the token's person."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "slots-of-others-withdrawn",
        "A person withdraws what belongs to others.",
        _edit("dialect.written:Writer.require_own", "raise AccessDeniedError", "return"),
        "writes.access",
    ),
    _mutant(
        "slots-not-on-quarters",
        "Slots begin when the request says.",
        _edit("resources.slot_rules:on_quarters", "// QUARTER * QUARTER", "* 1"),
        "slots.create",
    ),
    _mutant(
        "slots-overlap",
        "Slots of a user may overlap.",
        _edit("resources.slot_rules:check_times", "slots.begin_at < end", "slots.begin_at < 0"),
        "slots.overlap",
    ),
    _mutant(
        "slots-beyond-two-weeks",
        "Slots may end at any time.",
        _edit("resources.slot_rules:check_times", "end > instant + _LATEST", "end < instant"),
        "slots.times",
    ),
    _mutant(
        "own-slots-with-evaluated-ones",
        "The slots of a person hold those in which others evaluate the person.",
        _edit("dialect.resource:IntraResource.of_person", 'if "column" in keys', 'if "of" in keys'),
        "slots.mine",
    ),
    _mutant(
        "events-twice",
        "A user takes part in an event twice.",
        _edit("dialect.written:WritableResource.require_unique", "if same and", "if not same and"),
        "events_users.refused",
    ),
    _mutant(
        "registered-into-the-last-team",
        "A user who registers to a project joins the team that was made last.",
        _edit("resources.registration:first_attempt", "last + 1", "max(last, 1)"),
        "projects_users.create",
    ),
    _mutant(
        "marks-of-people",
        "People give themselves marks.",
        _edit("dialect.written:WritableResource.of_writer", "staff & values.keys()", "not values"),
        "projects_users.of_people",
    ),
    _mutant(
        "marks-without-verdict",
        "A mark that is written does not say whether the work is validated.",
        _edit("resources.registration:with_verdict", "mark >= PASSED", "False"),
        "projects_users.change",
    ),
)
