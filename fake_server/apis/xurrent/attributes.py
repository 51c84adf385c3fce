"""The attributes of a create or update, checked and made ready for the tables."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from fake_server.apis.xurrent.errors import ValidationFailedError
from fake_server.apis.xurrent.messages import sentence
from fake_server.apis.xurrent.render import WEEKDAYS
from fake_server.apis.xurrent.values import folded, local_time, truth
from fake_server.apis.xurrent.working_time import end_of_hours, minutes_of_day

NAME_LENGTH = 80
SOURCE_LENGTH = 30
SOURCE_ID_LENGTH = 128

_TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")


class InvalidError(Exception):
    """A value cannot be taken; `problem` is the name of a sentence, `values` what it mentions."""

    def __init__(self, problem: str, **values: Any) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values


class Attributes:
    """What a request gives of a record's attributes; gathers every mistake before it fails.

    `before` are the columns of the record as it is, empty for one that is being created.
    """

    def __init__(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        self._given = given
        self._before = before
        self._errors: list[tuple[str, str]] = []
        self.columns: dict[str, Any] = {}

    def take(self, field: str, read: Callable[[Any], Any], *, required: bool = False) -> None:
        """Read one field into a column of its name, if it is given or must be."""
        if field not in self._given and (self._before or not required):
            return
        try:
            value = read(self._given.get(field))
            if required and value is None:
                raise InvalidError("blank")
        except InvalidError as error:
            self.refuse(field, error.problem, **error.values)
        else:
            self.columns[field] = value

    def value(self, field: str) -> Any:
        """Return what a column is going to be; None if that is not known."""
        return self.columns.get(field, self._before.get(field))

    def refuse(self, field: str, problem: str, **values: Any) -> None:
        """Note a mistake."""
        self._errors.append((field, sentence(field, problem, **values)))

    def checked(self) -> dict[str, Any]:
        """Return the columns that change; raises `ValidationFailedError` after any mistake."""
        if self._errors:
            raise ValidationFailedError(self._errors)
        return {
            name: value
            for name, value in self.columns.items()
            if name not in self._before or self._before[name] != value
        }


def text(longest: int | None = None) -> Callable[[Any], str | None]:
    """Return a reader of text of at most so many characters, if any; blank text is none."""

    def read(value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or "\0" in value:
            raise InvalidError("invalid")
        if longest is not None and len(value) > longest:
            raise InvalidError("too_long", count=longest)
        return value if re.search(r"\S", value) else None

    return read


def boolean(value: Any) -> bool:
    """Read a boolean: a few words are true, all other scalars false."""
    if isinstance(value, list | Mapping):
        raise InvalidError("invalid")
    return truth(value)


def weekday(value: Any) -> int | None:
    """Read a weekday into its place in the week, from 0."""
    if value is None or value == "":
        return None
    if value not in WEEKDAYS:
        raise InvalidError("inclusion")
    return WEEKDAYS.index(value)


def time_of_day(value: Any) -> str | None:
    """Read `hh:mm`, up to 24:00."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _TIME_OF_DAY.fullmatch(value):
        raise InvalidError("invalid")
    return value


def moment_of_holiday(value: Any) -> int | None:
    """Read a wall clock's time into milliseconds."""
    if value is None or value == "":
        return None
    found = local_time(value) if isinstance(value, str) else None
    if found is None:
        raise InvalidError("invalid")
    return found


def _shared(attributes: Attributes) -> None:
    attributes.take("name", text(NAME_LENGTH), required=True)
    attributes.take("source", text(SOURCE_LENGTH))
    attributes.take("sourceID", text(SOURCE_ID_LENGTH))


def _with_folded(columns: dict[str, Any]) -> dict[str, Any]:
    if "name" in columns:
        columns["name_folded"] = folded(columns["name"])
    if "sourceID" in columns:
        columns["source_id_folded"] = folded(columns["sourceID"])
    return columns


def calendar(
    given: Mapping[str, Any],
    before: Mapping[str, Any],
    is_taken: Callable[[str], bool],
) -> dict[str, Any]:
    """Return the columns that a calendar gets; `is_taken(folded name)` tells of other calendars.

    Raises `ValidationFailedError`.
    """
    attributes = Attributes(given, before)
    _shared(attributes)
    attributes.take("disabled", boolean)
    name = attributes.columns.get("name")
    if name is not None and is_taken(folded(name)):
        attributes.refuse("name", "taken")
    return _with_folded(attributes.checked())


def holiday(given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a holiday gets; raises `ValidationFailedError`."""
    attributes = Attributes(given, before)
    _shared(attributes)
    attributes.take("picture_uri", text())
    attributes.take("start_at", moment_of_holiday, required=True)
    attributes.take("end_at", moment_of_holiday, required=True)
    start, end = attributes.value("start_at"), attributes.value("end_at")
    if start is not None and end is not None and end <= start:
        attributes.refuse("end_at", "after", other="start_at")
    return _with_folded(attributes.checked())


def hours(given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that calendar hours get; raises `ValidationFailedError`."""
    attributes = Attributes(given, before)
    attributes.take("weekday", weekday, required=True)
    attributes.take("time_from", time_of_day, required=True)
    attributes.take("time_until", time_of_day, required=True)
    start, end = attributes.value("time_from"), attributes.value("time_until")
    if start is not None and end is not None and end_of_hours(end) <= minutes_of_day(start):
        attributes.refuse("time_until", "after", other="time_from")
    return attributes.checked()
