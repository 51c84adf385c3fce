"""Defects of machines, and of what else can be reserved."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "deleted-machines-listed",
        "Machines that are marked as deleted are listed.",
        _edit("resources.machines:_Machines.always", "return (_KEPT,)", "return ()"),
        "machines.deleted",
    ),
    _mutant(
        "deleted-machines-shown",
        "A machine that is marked as deleted is shown.",
        _edit("resources.machines:_Machines.shown", "row.deleted_at is not None", "False"),
        "machines.deleted",
    ),
    _mutant(
        "number-before-slug",
        "A path names a machine by its number before its slug.",
        _edit(
            "dialect.resource:LabResource.named",
            "if names:",
            "if names and not text.isdigit():",
        ),
        "machines.show",
    ),
    _mutant(
        "number-given-out-again",
        "A new machine gets the number of the last one that was removed.",
        _edit(
            "dialect.uploads:Uploads.number_after",
            "max(self._numbers.get(name, 0), largest) + 1",
            "largest + 1",
        ),
        "machines.create",
    ),
    _mutant(
        "location-of-open-api",
        "Location leads to the Open API.",
        _edit(
            "dialect.written:written_answer",
            '"/api/{resource.name}/',
            '"/open_api/v1/{resource.name}/',
        ),
        "machines.create",
    ),
    _mutant(
        "slug-with-accents",
        "Letters with accents are left out of a slug.",
        _edit("ruby.slugs:_plain", "return base if base.isascii() else", "return"),
        "machines.slug",
    ),
    _mutant(
        "slug-taken-twice",
        "Two machines may have one slug.",
        _edit("resources.machines.machine_views:_free_slug", "if is_taken else", "if False else"),
        "machines.slug",
    ),
    _mutant(
        "long-names",
        "A name may have 51 characters.",
        _edit(
            "resources.machines.machine_attributes:check_machine",
            "> _LONGEST_NAME",
            "> _LONGEST_NAME + 1",
        ),
        "machines.create.invalid",
    ),
    _mutant(
        "name-in-bytes",
        "The length of a name counts in bytes.",
        _edit(
            "resources.machines.machine_attributes:check_machine",
            'len(name or "")',
            'len((name or "").encode())',
        ),
        "machines.create.invalid",
    ),
    _mutant(
        "nothing-reserved",
        "A machine may be called new.",
        _edit(
            "resources.machines.machine_attributes:check_machine", "before is None and", "False and"
        ),
        "machines.create.invalid",
    ),
    _mutant(
        "description-optional",
        "A machine needs no description.",
        _edit(
            "resources.machines.machine_attributes:check_machine",
            'if is_blank(_value("description", written, before)):',
            "if False:",
        ),
        "machines.create.invalid",
    ),
    _mutant(
        "types-unchecked",
        "Attributes of the wrong type are taken.",
        _edit(
            "resources.machines.machine_attributes:read_machine",
            'request.is_json and not has_quirk("validation-off")',
            "False",
        ),
        "machines.casts",
    ),
    _mutant(
        "words-are-true",
        "Every word for a truth value is true.",
        _edit("ruby.slugs:as_flag", "value not in _FALSE", "bool(value)"),
        "machines.forms",
    ),
    _mutant(
        "key-needed",
        "JSON needs the key machine.",
        _edit(
            "dialect.written:attributes",
            "key not in parameters and current_request().is_json",
            "False",
        ),
        "machines.forms",
    ),
    _mutant(
        "updated-anyway",
        "updated_at changes though nothing else does.",
        _edit(
            "resources.machines.machine_views:update_machine",
            "    if changes:\n        changes[",
            "    if True:\n        changes[",
        ),
        "machines.update",
    ),
    _mutant(
        "availabilities-stay",
        "The availabilities of a removed machine stay.",
        _edit(
            "resources.machines.machine_views:_close_availabilities",
            'RESOURCES["availabilities"].remove(records, empty)',
            "del empty",
        ),
        "machines.destroy",
    ),
    _mutant(
        "spaces-closed-too",
        "With a machine go the availabilities of the space of its number.",
        _edit(
            "resources.machines.machine_views:_close_availabilities",
            "availabilities.c.available_type == _MACHINE",
            "availabilities.c.available_type.is_not(None)",
        ),
        "machines.destroy",
    ),
    _mutant(
        "picture-updates",
        "A new picture changes updated_at.",
        _edit(
            "resources.machines.machine_views:update_machine",
            "changes |= _picture(records, written)",
            "changes |= _picture(records, written)\n"
            "        if written.file is not None:\n"
            '            changes["updated_at"] = milliseconds(now())',
        ),
        "machines.picture",
    ),
    _mutant(
        "picture-sniffed",
        "A browser may take a picture for something else.",
        _edit("dialect.served_files:show_file", '"X-Content-Type-Options": "nosniff", ', ""),
        "machines.picture",
    ),
    _mutant(
        "any-bytes",
        "Any bytes with the extension of a picture are one.",
        _edit(
            "resources.machines.machine_attributes:_check_picture",
            "picture_kind(start) is None",
            "False",
        ),
        "machines.picture.kind",
    ),
    _mutant(
        "refused-when-not-accepted",
        "A request for HTML fails after the machine is written, as the live service has it.",
        _edit(
            "dialect.written:written_answer",
            'has_quirk("accept-negotiated") and',
            "True and",
        ),
        "machines.accept",
    ),
    _mutant(
        "deleted-spaces-listed",
        "Spaces that are marked as deleted are listed.",
        _edit("resources.spaces:_Spaces.always", "return (_KEPT,)", "return ()"),
        "spaces.list",
    ),
    _mutant(
        "one-training-is-not-enough",
        "A user needs every training of a machine.",
        _edit(
            "resources.bookable_machines:_may_reserve",
            "not user.trainings.isdisjoint(needed)",
            "user.trainings.issuperset(needed)",
        ),
        "bookable_machines.list",
    ),
    _mutant(
        "managers-need-trainings",
        "Managers need trainings like members.",
        _edit("resources.bookable_machines:_may_reserve", "user.is_trusted or ", ""),
        "bookable_machines.list",
    ),
)
