"""Defects of what requests write, and of the lists of the token's person."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("intra42", "fake_server.apis.intra42")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "slots-of-others-withdrawn",
        "A person withdraws what belongs to others.",
        _edit("dialect.written:WritingUser.require_own", "raise AccessDeniedError", "return"),
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
        _edit("dialect.written:WritableResource.require_unique", "not is_kept and", "is_kept and"),
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
        "registered-where-nobody-may",
        "A project takes registrations whatever its session says.",
        _edit(
            "resources.registration:check_permission",
            'has_quirk("registrations-unchecked")',
            "True",
        ),
        "projects_users.permission",
    ),
    _mutant(
        "levels-from-failed-work",
        "A mark that does not validate a project gives a level as well.",
        _edit("resources.registration:_points", 'work["validated"]', 'work["final_mark"]'),
        "projects_users.levels",
    ),
    _mutant(
        "feedbacks-of-strangers",
        "Whoever was not evaluated says something of the evaluation.",
        _edit("resources.feedbacks:_require_part", "raise AccessDeniedError", "return"),
        "feedbacks.of_people",
    ),
    _mutant(
        "bookings-of-a-quarter",
        "An evaluation takes one slot.",
        _edit(
            "resources.evaluation_bookings:_free",
            "for index in range(_QUARTERS)",
            "for index in range(1)",
        ),
        "scale_teams.book",
    ),
    _mutant(
        "bookings-on-any-scale",
        "A booking names a scale of another project.",
        _edit(
            "resources.evaluation_bookings:booking",
            'values["scale_id"] != team[0].project_id',
            "False",
        ),
        "scale_teams.refused",
    ),
    _mutant(
        "cancelled-slots-stay-booked",
        "The slots of an evaluation that is cancelled stay booked.",
        _edit("resources.scale_teams:_ScaleTeams.clear", '("scale_team_id", ', "("),
        "scale_teams.cancel",
    ),
    _mutant(
        "filled-in-by-anybody",
        "Whoever has the scope fills in an evaluation.",
        _edit(
            "resources.evaluation_bookings:filling",
            "and writer.user_id != row.user_id",
            "and writer.user_id is None",
        ),
        "scale_teams.unfilled",
    ),
    _mutant(
        "filled-in-without-a-time",
        "A mark does not say when an evaluation was filled in.",
        _edit("resources.evaluation_bookings:filling", ', "filled_at": instant', ""),
        "scale_teams.fill",
    ),
    _mutant(
        "evaluations-for-nothing",
        "Who fills in an evaluation earns nothing.",
        _edit("resources.evaluation_bookings:earn", "1, _GIVEN", "0, _GIVEN"),
        "scale_teams.earn",
    ),
    _mutant(
        "several-bookings-in-part",
        "Of several bookings the first are kept where one is not valid.",
        _edit("login.writing:create_records", "for each in values:", "for each in values[:1]:"),
        "scale_teams.several",
    ),
    _mutant(
        "several-bookings-without-scope",
        "The role is enough where a scope is needed beside it.",
        _edit(
            "login.declared_access:_require",
            'access.get("with_scope") and scope',
            "scope and scope",
        ),
        "scale_teams.several",
    ),
    _mutant(
        "feedbacks-of-anything",
        "A feedback is about something that does not exist.",
        _edit(
            "resources.feedbacks:_subject",
            "and RESOURCES[name].shown_in_lists([number])",
            "",
        ),
        "feedbacks.flat",
    ),
    _mutant(
        "feedbacks-of-others-changed",
        "A person changes what others said.",
        _edit("resources.feedbacks:_Feedbacks.changes", "writer.require_own(row.user_id)", "pass"),
        "feedbacks.change",
    ),
    _mutant(
        "feedbacks-taken-back-and-shown",
        "An evaluation shows what was taken back.",
        _edit(
            "resources.feedbacks:_Feedbacks.follow",
            "comments[-1] if comments else None",
            'said["comment"]',
        ),
        "feedbacks.change",
    ),
    _mutant(
        "events-of-unknown-campus",
        "An event is at a campus that does not exist.",
        _edit("dialect.written:_mistake", "not all(", "not any("),
        "events.refused",
    ),
    _mutant(
        "events-without-room-told",
        "The attributes of an event that a request writes are lost.",
        _edit(
            "resources.events:_Events.new_rows",
            "{**hidden, **values}",
            "{**values, **hidden, 'max_people': None}",
        ),
        "events.create",
    ),
    _mutant(
        "computers-for-two",
        "Two users have open locations at a computer.",
        _edit(
            "dialect.written:WritableResource.require_unique",
            "own[name] == values[name]",
            "own[name] == (values[name] or 0)",
        ),
        "locations.refused",
    ),
    _mutant(
        "everywhere-ended",
        "The open locations at every campus end.",
        _edit(
            "resources.locations:_Locations.end_all",
            "own.campus_id == campus_id, ",
            "own.campus_id > 0, ",
        ),
        "locations.end_all",
    ),
    _mutant(
        "profiles-after-the-end",
        "Who left is shown at a computer.",
        _edit(
            "resources.locations:_Locations.end_all",
            "_show_computer(records, user_id, None)",
            "pass",
        ),
        "locations.end_all",
    ),
    _mutant(
        "points-not-given-back",
        "An evaluation that is cancelled costs a point all the same.",
        _edit("resources.evaluation_bookings:pay", "(1, _CANCELLED)", "(0, _CANCELLED)"),
        "scale_teams.points",
    ),
    _mutant(
        "profile-elsewhere",
        "The profile of a user who sits down does not show the computer.",
        _edit("resources.locations:_Locations.follow", 'after["host"]', "None"),
        "locations.create",
    ),
    _mutant(
        "marks-without-verdict",
        "A mark that is written does not say whether the work is validated.",
        _edit("resources.registration:with_verdict", "mark >= PASSED", "False"),
        "projects_users.change",
    ),
    _mutant(
        "scores-for-the-member-alone",
        "Points do not count in the score of the coalition.",
        _edit("resources.scores:_count", "coalitions.c.score + points", "coalitions.c.score"),
        "scores.create",
    ),
    _mutant(
        "scores-taken-back-with-points-kept",
        "A score that is deleted still counts.",
        _edit("resources.scores:_Scores.follow", "(before, -1)", "(before, 0)"),
        "scores.delete",
    ),
    _mutant(
        "records-below-anything",
        "A record is shown and deleted below a parent that it does not belong to.",
        _edit("dialect.resource:IntraResource.called", "if call.operation.parent", "if False"),
        "scores.below",
    ),
    _mutant(
        "cursus-ended-before-it-begins",
        "A user may end a cursus before its beginning.",
        _edit("dialect.written:WritableResource.require_order", "end < begin", "end < 0"),
        "cursus_users.refused",
    ),
    _mutant(
        "cursus-without-coalitions",
        "Who begins a cursus gets no coalition unless the request says so.",
        _edit("dialect.written:_read", 'about["default"]', "False"),
        "cursus_users.create",
    ),
    _mutant(
        "titles-for-any-application",
        "An application without a role writes titles.",
        _edit("login.declared_access:_require", "raise AccessDeniedError", "return"),
        "titles.write",
    ),
    _mutant(
        "two-titles-borne",
        "A user bears several titles.",
        _edit(
            "resources.titles_users:_TitlesUsers.follow",
            "values(selected=False)",
            "values(selected=own.selected)",
        ),
        "titles_users.selected",
    ),
    _mutant(
        "names-shown-as-before",
        "The name that is shown stays when a user gets another one.",
        _edit(
            "resources.users.written_users:WritableUsers.changes",
            '"first_name", "last_name"',
            '"none"',
        ),
        "users.change",
    ),
    _mutant(
        "logins-shared",
        "Two users may have one login.",
        _edit(
            "dialect.written:WritableResource.changes", "self.require_unique(after, row)", "pass"
        ),
        "users.refused",
    ),
    _mutant(
        "points-below-zero",
        "A user may have less than no correction points.",
        _edit(
            "resources.users.written_users:WritableUsers.count_points",
            "max(before + amount, 0)",
            "before + amount",
        ),
        "correction_points.least",
    ),
    _mutant(
        "points-without-history",
        "A change of correction points tells the points that were meant, not those that changed.",
        _edit(
            "resources.users.written_users:WritableUsers.count_points",
            '"total": total',
            '"total": before',
        ),
        "correction_points.change",
    ),
    _mutant(
        "two-primary-campus",
        "A user has several primary campus.",
        _edit("resources.campus_users:_CampusUsers.follow", "number == first", "True"),
        "campus_users.primary",
    ),
    _mutant(
        "pools-overflow",
        "A pool takes more points than it has room for.",
        _edit("resources.pools:_Pools._hold", "points > row.max_points", "points < 0"),
        "pools.bounds",
    ),
    _mutant(
        "expertises-of-any-value",
        "The value of an expertise may be as great as one likes.",
        _edit("dialect.written:_mistake", 'if "most" in about', 'if "more" in about'),
        "expertises_users.refused",
    ),
)
