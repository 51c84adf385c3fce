"""Defects of users and the trainings that they completed."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "full-name-as-stored",
        "full_name is first and last name as they are stored.",
        _edit("ruby.names:_titled", "words = _spoken(_underscored(_spoken(name)))", "return name"),
        "users.full_name",
    ),
    _mutant(
        "full-name-with-hyphens",
        "A hyphen stays in full_name.",
        _edit("ruby.names:_underscored", 'replace("-", "_")', 'replace("-", "-")'),
        "users.full_name",
    ),
    _mutant(
        "email-by-part",
        "email keeps the users whose address begins with it.",
        _edit(
            "dialect.filters:read_texts",
            "query.require(name, values)",
            'query.require(name, [f"{text}@example.org" for text in values] + values)',
        ),
        "users.email",
    ),
    _mutant(
        "email-by-case",
        "email has to be in lower case.",
        _edit("dialect.parameters:texts", "item.lower()", "item"),
        "users.email",
    ),
    _mutant(
        "user-id-of-profile",
        "user_id compares the invoicing profile, as the live service does.",
        _edit(
            "resources.users:_read_user_id",
            '_OF_PROFILE if has_quirk("user-id-of-profile") else name',
            "_OF_PROFILE",
        ),
        "users.user_id",
    ),
    _mutant(
        "deleted-users-listed",
        "Deleted accounts are always listed.",
        _edit("resources.users:_read_deleted", "not flag(parameters, name)", "False"),
        "users.including_deleted_users",
    ),
    _mutant(
        "deleted-user-has-account-id",
        "A deleted account keeps its number.",
        _edit("resources.users:_deleted", '"id": item["invoicing_profile_id"]', '"id": item["id"]'),
        "users.deleted",
    ),
    _mutant(
        "users-always-paged",
        "A list of users always has pages.",
        _edit("dialect.pages:window_of", 'pages == "asked"', "False"),
        "users.pages",
    ),
    _mutant(
        "user-of-training-null",
        "A training whose user was deleted has null as its user.",
        _edit(
            "dialect.resource:LabResource._present",
            "if value is not None or name not in self._optional",
            'if value is not None or name not in self._optional or name == "user"',
        ),
        "user_trainings.list",
    ),
)
