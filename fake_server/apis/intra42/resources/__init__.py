"""The resources of the 42 intra API. A resource stands after those that it refers to."""

from fake_server.api.declare import Resources

API = "intra42"

RESOURCES = Resources(
    __name__,
    (
        *("campus", "cursus", "projects", "project_sessions", "users", "slots"),
        *("projects_users", "scales", "flags", "teams", "teams_users", "teams_uploads"),
        "scale_teams",
        *("skills", "groups", "titles", "achievements", "roles", "languages", "expertises"),
        *("cursus_users", "locations", "groups_users", "titles_users", "achievements_users"),
        *("languages_users", "expertises_users", "correction_point_historics"),
        *("campus_users", "blocs", "coalitions", "coalitions_users", "scores"),
        *("events", "events_users", "exams", "exams_users"),
        *("quests", "quests_users", "pools", "balances", "feedbacks"),
        *("tags", "notions", "subnotions", "project_sessions_skills", "transactions"),
    ),
)
