"""The attributes of a machine that a request writes, and the mistakes that the service reports."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from werkzeug.datastructures import FileStorage

from fake_server.api.records import Row
from fake_server.api.serve import ApiError, Parameters, current_request, has_quirk, world
from fake_server.apis.fabmanager.dialect.errors import (
    ENDPOINT_HEADERS,
    BadRequestError,
    ServerError,
)
from fake_server.apis.fabmanager.dialect.parameters import invalid
from fake_server.apis.fabmanager.dialect.uploads import EXTENSIONS, extension_of, picture_kind
from fake_server.apis.fabmanager.dialect.written import attributes
from fake_server.apis.fabmanager.resources import API
from fake_server.apis.fabmanager.ruby.conversions import is_blank
from fake_server.apis.fabmanager.ruby.slugs import RESERVED, as_flag, as_text, slug_of

_TEXTS = ("name", "description", "spec")
_PICTURE = "machine_image_attributes"
_FIELDS = (f"machine[{_PICTURE}][attachment]", f"machine[{_PICTURE}[attachment]]")
_NAMES = frozenset(
    (*_TEXTS, "disabled", _PICTURE, "id", "slug", "created_at", "updated_at", "deleted_at")
)
_LONGEST_NAME = 50
_MESSAGES = {
    "en": {
        "blank": "can't be blank",
        "long": f"is too long (maximum is {_LONGEST_NAME} characters)",
        "reserved": "is reserved",
    },
    "fr": {
        "blank": "doit être rempli(e)",
        "long": f"est trop long (pas plus de {_LONGEST_NAME} caractères)",
        "reserved": "n'est pas disponible",
    },
}


class InvalidMachineError(ApiError):
    """The attributes break a rule. The answer has the messages by attribute."""

    def __init__(self, messages: Mapping[str, list[str]]) -> None:
        super().__init__(422, dict(messages), {**ENDPOINT_HEADERS, "Cache-Control": "no-cache"})


class Written(NamedTuple):
    """The attributes that a request sets.

    - `columns`: the columns of the machine, by name.
    - `file`: a new picture.
    - `is_broken`: whether the new picture has no file, which the real service does not notice.
    """

    columns: dict[str, Any]
    file: FileStorage | None
    is_broken: bool


def read_machine(parameters: Parameters) -> Written:
    """Return the attributes that a request sets.

    Raises `BadRequestError` without any, and with quirks on the real service's `ServerError`.
    """
    request = current_request()
    file = next((request.files[name] for name in _FIELDS if name in request.files), None)
    sent = attributes(parameters, "machine", _NAMES, {_PICTURE: {}} if file else {})
    if request.is_json and not has_quirk("validation-off"):
        _require_types(sent)
    columns: dict[str, Any] = {
        name: as_text(sent[name]) for name in _TEXTS if name in sent and _is_plain(sent[name])
    }
    if "disabled" in sent and _is_plain(sent["disabled"]):
        columns["disabled"] = as_flag(sent["disabled"])
    if any("\0" in value for value in columns.values() if isinstance(value, str)):
        raise _null_byte()
    picture = sent.get(_PICTURE)
    has_no_file = file is None and isinstance(picture, Mapping)
    return Written(columns, file, has_no_file and has_quirk("picture-without-file"))


def _require_types(sent: Mapping[str, Any]) -> None:
    """Raise `BadRequestError` for a value of JSON that is of the wrong type."""
    for name in _TEXTS:
        if not isinstance(sent.get(name), str | None):
            raise invalid(name, sent[name], "Must be a String")
    if not isinstance(sent.get("disabled"), bool | None):
        raise invalid("disabled", sent["disabled"], "Must be one of: true, false, null")


def _null_byte() -> ApiError:
    message = "string contains null byte"
    return ServerError(message) if has_quirk("validation-off") else BadRequestError(message)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, list | Mapping)


def check_machine(written: Written, before: Row | None) -> None:
    """Raise `InvalidMachineError` for attributes that break a rule; `before` is the machine."""
    words = _MESSAGES[world().section(API).get("locale", "en")]
    messages: dict[str, list[str]] = {}
    if before is None and slug_of(written.columns.get("name") or "") in RESERVED:
        messages["friendly_id"] = [words["reserved"]]
    name = _value("name", written, before)
    problems = [words["blank"]] if is_blank(name) else []
    if len(name or "") > _LONGEST_NAME:
        problems.append(words["long"])
    if problems:
        messages["name"] = problems
    if is_blank(_value("description", written, before)):
        messages["description"] = [words["blank"]]
    if messages:
        if written.file is not None:
            written.file.close()
        raise InvalidMachineError(messages)
    if written.file is not None:
        _check_picture(written.file)


def _value(name: str, written: Written, before: Row | None) -> Any:
    return written.columns[name] if name in written.columns else getattr(before, name, None)


def _check_picture(file: FileStorage) -> None:
    extension = extension_of(file.filename or "")
    start = file.stream.read(16)
    file.stream.seek(0)
    message = ""
    if extension.lower() not in EXTENSIONS:
        allowed = ", ".join(EXTENSIONS)
        message = f'You are not allowed to upload "{extension}" files, allowed types: {allowed}'
    elif picture_kind(start) is None:
        message = "Failed to manipulate, maybe it is not an image?"
    if message:
        file.close()
        raise InvalidMachineError({"machine_image.attachment": [message]})
