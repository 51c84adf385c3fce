"""The attributes of a create or update: their checks and their columns."""

from collections.abc import Mapping
from typing import Any

from fake_server.api.serve import Parameters
from fake_server.apis.xurrent.dialect.attributes.attribute_kinds import (
    KINDS,
    Attribute,
    InvalidError,
)
from fake_server.apis.xurrent.dialect.attributes.validation_messages import message
from fake_server.apis.xurrent.dialect.errors import ValidationFailedError
from fake_server.apis.xurrent.dialect.values.requested import warn_of_plus

_TIMES = {"local", "instant", "date"}


class Validator:
    """The attributes that a request sends for a record. It collects all errors before it fails.

    `before` are the columns of the present record. They are empty for a new record.
    """

    def __init__(self, values_sent: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        self._body = values_sent
        self._before = before
        self._errors: list[tuple[str, str]] = []
        self.columns: dict[str, Any] = {}

    def read(self, attribute: Attribute) -> None:
        """Read an attribute into a column of its name, if it is sent or required."""
        name, required = attribute.name, attribute.required
        if name not in self._body and (self._before or not required):
            return
        kind = KINDS[attribute.kind]
        sent = self._body.get(name)
        if attribute.kind in _TIMES and isinstance(self._body, Parameters):
            warn_of_plus(self._body, name, sent)
        try:
            value = kind.read(sent, attribute)
            value = attribute.read_default() if value is None else value
            if required and value is None:
                raise InvalidError("blank")
        except InvalidError as error:
            self.add_error(attribute.property_name, error.problem, **error.values)
        else:
            self.columns[name] = (
                kind.merged(self._before.get(name), value) if kind.merged else value
            )

    def value(self, name: str) -> Any:
        """Return the new value of a column, or None if it is unknown."""
        return self.columns.get(name, self._before.get(name))

    def add_error(self, name: str, problem: str, **values: Any) -> None:
        """Add an error of a field."""
        self._errors.append((name, message(name, problem, **values)))

    def changes(self) -> dict[str, Any]:
        """Return the columns that change.

        Raises `ValidationFailedError` with all errors.
        """
        if self._errors:
            raise ValidationFailedError(self._errors)
        return {
            name: value
            for name, value in self.columns.items()
            if name not in self._before or self._before[name] != value
        }
