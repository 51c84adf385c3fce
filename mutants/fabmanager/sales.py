"""Defects of reservations, invoices and accounting lines."""

from fake_server.contract.mutants import ApiMutants

_API = ApiMutants("fabmanager", "fake_server.apis.fabmanager")
_mutant, _edit = _API.mutant, _API.edit

_RESERVATIONS = "resources.reservations:_Reservations"
_PAYMENT = "resources.accounting.payment"

MUTANTS = (
    _mutant(
        "reservations-word-in-any-form",
        "machines stands for Machine, as for the live service.",
        _edit(
            "dialect.word_filters:read_class",
            'has_quirk("words-as-classes") and word in',
            "word in",
        ),
        "reservations.reservable_type",
    ),
    _mutant(
        "live-reservations-exact-word",
        "The live service takes no other form of a type.",
        _edit("dialect.word_filters:class_name", "return _PART", 'return words or "" or _PART'),
        "reservations.reservable_type",
        profile="live",
    ),
    _mutant(
        "reservations-slots-as-stored",
        "The slots of a reservation are in the order of the database.",
        _edit(
            f"{_RESERVATIONS}.reserved_slots",
            '_in_table_order if has_quirk("slots-unordered") else _by_start',
            "_in_table_order",
        ),
        "reservations.slots",
    ),
    _mutant(
        "reservations-user-null",
        "A deleted account's reservation has a user that is null.",
        _edit(
            "dialect.resource:LabResource._present",
            "value is not None or name not in self._optional",
            'value is not None or name not in self._optional or name == "user"',
        ),
        "reservations.deleted_user",
    ),
    _mutant(
        "canceled-slots-are-held",
        "A user holds a slot that was canceled.",
        _edit(
            "resources.availabilities:_Availabilities.condition",
            "reserved_slots.c.canceled_at.is_(None)",
            "reserved_slots.c.slot_id > 0",
        ),
        "reservations.availabilities",
    ),
    _mutant(
        "reservations-of-canceled-slots-lost",
        "availability_id leaves out reservations whose slots were canceled.",
        _edit(
            f"{_RESERVATIONS}._hold",
            "for row in rows for position, slot in _numbered(row)",
            "for row in rows for position, slot in _numbered(row) if not slot.get('canceled_at')",
        ),
        "reservations.availabilities",
    ),
    _mutant(
        "reservations-from-exclusive",
        "after leaves out what was made at that very time.",
        _edit("dialect.filters:_at_least", "column >= bindparam(name)", "column > bindparam(name)"),
        "reservations.filters",
    ),
    _mutant(
        "invoices-type-filter",
        "The list of invoices can be filtered by their numbers.",
        _edit(
            "dialect.resource:LabResource.list_query",
            "query.conditions.update(self.always())",
            'query.matches_nothing |= self.name == "invoices" and "id" in parameters\n'
            "    query.conditions.update(self.always())",
        ),
        "invoices.user_id",
    ),
    _mutant(
        "invoices-gateway-null",
        "payment_gateway_object is null where no gateway was involved.",
        _edit(
            "resources.invoices:_Invoices.payment_gateway_object",
            "row.id: row.gateway_object_id",
            "row.id: True",
        ),
        "invoices.list",
    ),
    _mutant(
        "pdf-as-attachment",
        "The PDF comes as an attachment.",
        _edit("resources.invoices.download:_inline", 'f"inline; ', 'f"attachment; '),
        "invoices.download",
    ),
    _mutant(
        "pdf-day-of-utc",
        "The name of the PDF has the day in UTC.",
        _edit("resources.invoices.download:download", ".astimezone(zone)", ""),
        "invoices.pdf",
    ),
    _mutant(
        "pdf-with-etag",
        "The PDF has an ETag.",
        _edit(
            "dialect.hooks:after",
            "status_code in {200, 201} and not is_file",
            "status_code in {200, 201}",
        ),
        "invoices.download",
    ),
    _mutant(
        "live-pdf-always-there",
        "The live service has every PDF at once.",
        _edit(
            "resources.invoices.download:download",
            'not row.has_file and has_quirk("pdf-made-later")',
            "False",
        ),
        "invoices.pdf",
        profile="live",
    ),
    _mutant(
        "invoices-by-leading-number",
        "The number that an id begins with counts, as for the live service.",
        _edit(
            "resources.invoices.download:_invoice",
            'as_id(text) if has_quirk("validation-off") else number(text)',
            "as_id(text)",
        ),
        "invoices.number",
    ),
    _mutant(
        "invoices-unknown-by-slug",
        "An unknown invoice is answered as an unknown slug is.",
        _edit(
            "resources.invoices.download:_invoice",
            "(invoices.declaration.type_name, text)",
            "(invoices.declaration.type_name, None)",
        ),
        "invoices.unknown",
    ),
    _mutant(
        "accounting-without-status",
        "An empty list of accounting lines says nothing of its making.",
        _edit(
            "dialect.collection:list_records",
            "**resource.beside()",
            "**(items and resource.beside() or {})",
        ),
        "accounting.list",
    ),
    _mutant(
        "accounting-always-built",
        "The status is always built.",
        _edit(
            "resources.accounting:_Accounting.beside",
            'world().section(API).get("accounting_status", "built")',
            '"built"',
        ),
        "accounting.list",
    ),
    _mutant(
        "accounting-client-is-nothing",
        "type=client keeps nothing, as for the live service.",
        _edit(
            "resources.accounting:read_type",
            '{} if "payment" in field.options else _STORED_WORDS',
            "{}",
        ),
        "accounting.type",
    ),
    _mutant(
        "live-accounting-client",
        "For the live service, client stands for payment.",
        _edit(
            "resources.accounting:read_type",
            '{} if "payment" in field.options else _STORED_WORDS',
            "_STORED_WORDS",
        ),
        "accounting.type",
        profile="live",
    ),
    _mutant(
        "live-accounting-words-trimmed",
        "The live service trims the words of a list.",
        _edit(
            "dialect.word_filters:read_listed_words",
            "stored.get(word, word) for word",
            "stored.get(word.strip(), word.strip()) for word",
        ),
        "accounting.types",
        profile="live",
    ),
    _mutant(
        "accounting-cents",
        "What is debited is in cents.",
        _edit("resources.accounting:_Accounting.debit", "row.debit / _CENTS", "row.debit / 1"),
        "accounting.money",
    ),
    _mutant(
        "accounting-whole-units",
        "What is credited is a whole number where it can be.",
        _edit(
            "resources.accounting:_Accounting.credit", "row.credit / _CENTS", "row.credit // _CENTS"
        ),
        "accounting.money",
    ),
    _mutant(
        "accounting-wallet-forgotten",
        "An invoice that the wallet paid is paid as it says.",
        _edit(f"{_PAYMENT}:method_of", " or invoice.wallet_amount == invoice.total", ""),
        "accounting.payment_method",
    ),
    _mutant(
        "accounting-means-of-others",
        "A line whose means is not the invoice's has its own means.",
        _edit(
            f"{_PAYMENT}:details_of",
            '{"payment_mean": None}',
            '{"payment_mean": means}',
        ),
        "accounting.payment_details",
    ),
    _mutant(
        "accounting-details-everywhere",
        "What was sold has payment_details too.",
        _edit(f"{_PAYMENT}:has_details", "return line", "return True or line"),
        "accounting.payment_details",
    ),
    _mutant(
        "accounting-labels-in-english",
        "Labels are in English, whatever the language of the service.",
        _edit(
            "resources.invoices.labels:labels_of",
            'world().section(API).get("locale", "en")',
            '"en"',
        ),
        "accounting.label",
    ),
)
