"""Defects of what came of evaluations."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "evaluations-without-a-comment",
        "An evaluation does not show what the evaluator said.",
        _edit(
            "resources.scale_teams:_item",
            '"comment": row.comment',
            '"comment": None',
        ),
        "scale_teams.filled",
    ),
    _mutant(
        "flags-of-no-mark",
        "Every evaluation has the same flag.",
        _edit("resources.scale_teams:_item", "_FLAGS[row.flag_id]", "_FLAGS[1]"),
        "scale_teams.flag",
    ),
    _mutant(
        "nobody-is-truant",
        "truant is empty whoever did not come.",
        _edit(
            "resources.scale_teams:_item",
            '"truant": {} if truant is None else truant',
            '"truant": {}',
        ),
        "scale_teams.truant",
    ),
    _mutant(
        "evaluations-below-any-session",
        "An evaluation is shown below every session.",
        _edit(
            "resources.scale_teams:_ScaleTeams.of_parent",
            "offered.session_id == parent_id",
            "offered.session_id > 0",
        ),
        "scale_teams.below",
    ),
    _mutant(
        "feedbacks-below-anything",
        "A feedback is shown below every evaluation and every event.",
        _edit(
            "resources.feedbacks:_Feedbacks.of_parent",
            "own.feedbackable_id == parent_id",
            "own.feedbackable_id > 0",
        ),
        "feedbacks.below",
    ),
    _mutant(
        "feedback-that-no-evaluation-shows",
        "The comment of a new feedback is not shown as that of the evaluation.",
        _edit(
            "resources.feedbacks:_Feedbacks.follow",
            "feedback=comments[-1] if comments else None",
            "feedback=slots.c.feedback",
        ),
        "feedbacks.create",
    ),
    _mutant(
        "feedback-details-of-any-kind",
        "What is wrong in the details of a feedback is not told.",
        _edit("dialect.written:_records", "mistakes |= {", "_ = {"),
        "feedbacks.refused",
    ),
    _mutant(
        "feedbacks-in-detail-everywhere",
        "The list of the feedbacks of an event has their details.",
        _edit(
            "resources.feedbacks:list_feedbacks",
            'call.operation.parent == "scale_teams"',
            "bool(call.operation.parent)",
        ),
        "feedbacks.details",
    ),
    _mutant(
        "feedbacks-without-details",
        "The list of the feedbacks of an evaluation leaves their details out.",
        _edit(
            "resources.feedbacks:list_feedbacks",
            'call.operation.parent == "scale_teams"',
            "False",
        ),
        "feedbacks.details",
    ),
    _mutant(
        "feedbacks-of-either-kind",
        "An event lists the feedbacks of the evaluation with its id.",
        _edit(
            "resources.feedbacks:_Feedbacks.of_parent",
            "own.feedbackable_type == _TYPES[parent]",
            'own.feedbackable_type != ""',
        ),
        "feedbacks.parents",
    ),
    _mutant(
        "feedback-of-a-user-by-id",
        "The user of a feedback has the id first.",
        _edit(
            "resources.feedbacks:_people",
            '("login", "id", "url")',
            '("id", "login", "url")',
        ),
        "feedbacks.shape",
    ),
)
