"""Defects of single records and what changes them."""

from fake_server.contract.mutants import ApiMutants, ConstantEdit, SourceEdit

_API = ApiMutants("xurrent", "fake_server.apis.xurrent")
_mutant, _edit = _API.mutant, _API.edit

MUTANTS = (
    _mutant(
        "key-renamed",
        "sourceID is called source_id.",
        SourceEdit(
            "fake_server.rest.resources.rendering:compiled",
            "{name!r}: {_value(",
            "{name.replace('sourceID', 'sourceID_')!r}: {_value(",
        ),
        "calendars.*",
    ),
    _mutant(
        "disabled-hidden",
        "A disabled calendar does not say so in the collection.",
        _edit(
            "dialect.model.resource:XurrentResource._finished",
            'if getattr(row, "disabled", False):',
            "if False:",
        ),
        "calendars.fields.disabled",
    ),
    _mutant(
        "disabled-always-shown",
        "Every calendar says in the collection whether it is disabled.",
        _edit(
            "dialect.model.resource:XurrentResource._finished",
            'if getattr(row, "disabled", False):\n            item["disabled"] = True',
            'if hasattr(row, "disabled"):\n            item["disabled"] = row.disabled',
        ),
        "calendars.fields.disabled",
        "fields.asked",
    ),
    _mutant(
        "disabled-left-out",
        "The list has no disabled calendars.",
        _edit(
            "dialect.query.selection:states",
            "if name]",
            "if name] or [_state(resource, 'enabled')]",
        ),
        "calendars.list",
    ),
    _mutant(
        "keys-unsorted",
        "A single record has its keys in the order of the documents.",
        _edit(
            "dialect.model.printing:alphabetical",
            "sorted(record, key=_sort_key)",
            "sorted(record, key=lambda name: (name != 'id', _sort_key(name)))",
        ),
        "calendars.key_order",
    ),
    _mutant(
        "hours-as-made",
        "Hours within a calendar come in the order they were made.",
        ConstantEdit(
            "fake_server.apis.xurrent.resources.calendar_hours:_OF_CALENDARS",
            lambda value: value.order_by(None),
        ),
        "calendars.hours",
    ),
    _mutant(
        "timestamps-in-utc",
        "Timestamps are printed in UTC.",
        _edit(
            "dialect.values.formatting:account_zone",
            'world().section("xurrent").get("time_zone", "UTC")',
            '"UTC"',
        ),
        "calendars.timestamps",
    ),
    _mutant(
        "updated-at-stays",
        "A PATCH leaves updated_at as it was.",
        _edit(
            "dialect.writing:update_record",
            'columns["updated_at"] = _current_second()\n',
            "pass\n",
        ),
        "calendars.updated_at",
    ),
    _mutant(
        "updated-at-always",
        "A PATCH that changes nothing changes updated_at.",
        _edit("dialect.writing:update_record", "if columns:", "if True:"),
        "calendars.updated_at",
    ),
    _mutant(
        "patch-of-text-only",
        "A PATCH leaves disabled as it was.",
        _edit(
            "dialect.model.resource:XurrentResource.column_changes",
            "validator.read(attribute)",
            '_ = before and attribute.kind == "boolean" or validator.read(attribute)',
        ),
        "calendars.update",
        "calendars.disabled",
    ),
    _mutant(
        "read-only-written",
        "created_at in a body is written.",
        _edit(
            "dialect.model.resource:XurrentResource.column_changes",
            "changes = validator.changes()",
            "changes = validator.changes()\n"
            '    changes |= {"created_at": 0} if "created_at" in body else {}',
        ),
        "calendars.unknown_attributes",
    ),
    _mutant(
        "unknown-attribute-refused",
        "An unknown attribute is answered with 422.",
        _edit(
            "dialect.model.resource:XurrentResource.column_changes",
            "    self.validate(validator)\n",
            "    self.validate(validator)\n"
            "    if set(body) - {attribute.name for attribute in self.attributes}:\n"
            "        validator.add_error('name', 'invalid')\n",
        ),
        "calendars.unknown_attributes",
    ),
    _mutant(
        "blank-name-taken",
        "A name of blanks is a name.",
        _edit(
            "dialect.attributes.attribute_kinds:text",
            'value if re.search(r"\\S", value) else None',
            "value or None",
        ),
        "calendars.name.required",
    ),
    _mutant(
        "name-of-81",
        "A name may have 81 characters.",
        _edit(
            "dialect.attributes.attribute_kinds:text", "> longest", "> longest + (longest == 80)"
        ),
        "calendars.name.length",
    ),
    _mutant(
        "source-of-31",
        "A source may have 31 characters.",
        _edit(
            "dialect.attributes.attribute_kinds:text", "> longest", "> longest + (longest == 30)"
        ),
        "calendars.source.length",
    ),
    _mutant(
        "name-not-unique",
        "Two calendars may have the same name.",
        _edit("dialect.model.resource:XurrentResource.is_duplicate", "row.id != own_id", "False"),
        "calendars.name.taken*",
    ),
    _mutant(
        "own-name-taken",
        "A calendar cannot keep its own name.",
        _edit("dialect.model.resource:XurrentResource.is_duplicate", "row.id != own_id", "row.id"),
        "calendars.update*",
        "calendars.name.taken*",
    ),
    _mutant(
        "taken-by-case",
        "A name with capitals is never taken.",
        _edit(
            "dialect.model.resource:XurrentResource.column_changes",
            "folded(value), own_id",
            "value, own_id",
        ),
        "calendars.name.taken*",
    ),
    _mutant(
        "location-relative",
        "Location has no host.",
        _edit("dialect.answer.responses:created", 'url_of(f"/v1{path}")', 'f"/v1{path}"'),
        "calendars.create.location",
    ),
    _mutant(
        "created-200",
        "A record that was made is answered with 200.",
        _edit("dialect.answer.responses:created", "value, 201", "value, 200"),
        "calendars.create",
    ),
    _mutant(
        "source-default-is-brand",
        "The User-Agent is no source.",
        _edit(
            "dialect.attributes.sources:source_of",
            'header("Source") or agent or name',
            'header("Source") or name',
        ),
        "calendars.source.default",
    ),
    _mutant(
        "source-agent-first",
        "The User-Agent goes before the Source header.",
        _edit(
            "dialect.attributes.sources:source_of",
            'header("Source") or agent',
            'agent or header("Source")',
        ),
        "calendars.source.default",
    ),
    _mutant(
        "any-text-is-true",
        "Any text makes disabled true.",
        _edit("dialect.values.parsing:truth", "in _TRUE", 'not in {"", "false", "none", "0"}'),
        "calendars.disabled",
    ),
    _mutant(
        "anyone-may-write",
        "No administrator is needed to change anything.",
        _edit("dialect.access.auth:require_administrator", "not identity.administrator", "False"),
        "calendars.administrator",
    ),
    _mutant(
        "hours-backwards-taken",
        "Hours may end when they begin.",
        _edit(
            "resources.calendar_hours:_CalendarHours.validate",
            "<= minutes_of_day(start)",
            "< minutes_of_day(start)",
        ),
        "hours.backwards",
    ),
    _mutant(
        "weekday-any-case",
        "A weekday is taken in any case.",
        _edit(
            "dialect.attributes.attribute_kinds:weekday",
            "if value not in WEEKDAYS",
            "value = str(value).lower()\n    if value not in WEEKDAYS",
        ),
        "hours.required",
    ),
    _mutant(
        "2400-becomes-0000",
        "24:00 is given back as 00:00.",
        _edit(
            "dialect.attributes.attribute_kinds:time_of_day",
            "    return value\n",
            "    return value.replace('24:00', '00:00')\n",
        ),
        "hours.echo",
    ),
    _mutant(
        "delete-answers-200",
        "A deletion is answered with 200 and an empty object.",
        _edit("dialect.answer.responses:deleted", "answer(204, None)", "json_answer({})"),
        "hours.delete",
        "holidays.unlink",
    ),
    _mutant(
        "no-content-with-type",
        "A 204 has a Content-Type.",
        _edit(
            "dialect.answer.responses:deleted", "return answer(204, None)", "return answer(204, '')"
        ),
        "answers.no_content",
    ),
    _mutant(
        "unlink-twice",
        "Unlinking what is not linked is answered with 204.",
        _edit("dialect.writing:unlink_record", "if not links.is_linked(ids):", "if False:"),
        "holidays.unlink",
    ),
    _mutant(
        "holiday-times-with-zone",
        "A holiday's times end in Z.",
        _edit(
            "dialect.values.formatting:wall_clock",
            'isoformat(timespec="seconds")',
            'isoformat(timespec="seconds") + "Z"',
        ),
        "holidays.times",
    ),
    _mutant(
        "holiday-times-to-the-minute",
        "A holiday's times are printed without seconds.",
        _edit("dialect.values.formatting:wall_clock", '"seconds"', '"minutes"'),
        "holidays.times",
    ),
    _mutant(
        "holiday-backwards-taken",
        "A holiday may end when it begins.",
        _edit("resources.holidays:_Holidays.validate", "end <= start", "end < start"),
        "holidays.backwards",
    ),
    _mutant(
        "holidays-descending",
        "Holidays are sorted by name, descending.",
        _edit(
            "dialect.query.selection:_order",
            "directions.get(name, False)",
            'directions.get(name) or name == "name" and "start_at" in resource.fields',
        ),
        "holidays.list",
    ),
    _mutant(
        "picture-lost",
        "A holiday's picture_uri is always null.",
        SourceEdit(
            "fake_server.rest.resources.rendering:_value",
            "        return column\n",
            '        return "None" if name == "picture_uri" else column\n',
        ),
        "holidays.*",
    ),
    _mutant(
        "picture-of-255",
        "A picture_uri of more than 255 characters is refused.",
        _edit(
            "dialect.attributes.attribute_kinds:text",
            "longest = attribute.longest",
            'longest = 255 if attribute.name == "picture_uri" else attribute.longest',
        ),
        "holidays.picture",
    ),
    _mutant(
        "offset-dropped",
        "The offset of a holiday's times is dropped.",
        _edit("dialect.values.parsing:local_time", "instant(text, UTC)", "instant(text[:19], UTC)"),
        "holidays.times.read",
    ),
)
