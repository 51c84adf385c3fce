"""The records that a run creates on a server without a control plane, and how it disables them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from fake_server.errors import VerificationError
from fake_server.verify.api_files.api_under_test import ApiUnderTest
from fake_server.verify.api_files.creations import (
    Creation,
    DisablingRequest,
    RecordMark,
    creation_at,
)
from fake_server.verify.api_files.operations_by_path import operation_of
from fake_server.verify.outcome_errors import NoAnswerError, NotShownError, brief
from fake_server.verify.server.raw_messages import Answer, ApiRequest
from fake_server.verify.texts import read_json


@dataclass(frozen=True, slots=True)
class _CreatedRecord:
    """A record that the run created: its kind, its own path and the mark that identifies it."""

    creation: Creation
    path: str
    mark: str

    def __str__(self) -> str:
        return f"{self.path} ({brief(self.mark, 120)})"


class CreatedRecords:
    """Tracks the records that a run creates, by its requests and answers."""

    def __init__(self, api: ApiUnderTest) -> None:
        self._api = api
        self._records: dict[str, _CreatedRecord] = {}
        self._disabled: set[str] = set()

    def check_request(self, request: ApiRequest) -> None:
        """Raise `NotShownError` for a POST whose record nobody could recognise or disable.

        Records below a record of the run go with it. A POST that the API's document does not
        declare creates nothing.
        """
        path = _plain_path(request)
        if request.method != "POST" or path in self._api.harmless or self._is_below_created(path):
            return
        creation = creation_at(self._api.creations, path)
        if creation is not None:
            _require_marked(creation, request)
        elif operation_of(self._api.name, "POST", path) is not None:
            raise NotShownError(
                f"a world of its own: target.yaml does not say what POST {path} makes",
                "capability",
            )

    def _is_below_created(self, path: str) -> bool:
        return any(path.startswith(f"{created_path}/") for created_path in self._records)

    def on_answer(self, answer: Answer) -> None:
        """Note a record that the request created, or that a test disabled itself."""
        request, path = answer.request, _plain_path(answer.request)
        if not 200 <= answer.status < 300 or request.method in {"GET", "HEAD"}:
            return
        attributes = _members(answer.body)
        creation = creation_at(self._api.creations, path) if request.method == "POST" else None
        if creation is not None and creation.id in attributes:
            path = creation.path_of(path, attributes[creation.id])
            mark = creation.mark.value(attributes) if creation.mark else None
            self._records[path] = _CreatedRecord(creation, path, str(mark))
        for record in self._records.values():
            if path == record.path or path.startswith(f"{record.path}/"):
                self._note_change(record, request, path, attributes)

    def _note_change(
        self, record: _CreatedRecord, request: ApiRequest, path: str, attributes: dict[str, Any]
    ) -> None:
        disabling = record.creation.disabling
        if disabling is None:
            return
        if path == _disabling_path(record, disabling) and request.method == disabling.method:
            expected = disabling.json if disabling.method in {"PATCH", "PUT"} else None
            is_disabled = all(
                attributes.get(key) == value for key, value in (expected or {}).items()
            )
            (self._disabled.add if is_disabled else self._disabled.discard)(record.path)
        elif path == record.path:
            self._disabled.discard(record.path)

    def disable(self, send: Callable[[str, str, Any], Answer]) -> list[str]:
        """Disable the created records, the last one first; describe those that remain.

        `send(method, path, values)` sends a request, with values as JSON.
        """
        enabled = [record for path, record in self._records.items() if path not in self._disabled]
        remaining = []
        try:
            while enabled:
                reason = _disable(enabled[-1], send)
                record = enabled.pop()
                remaining += [] if reason is None else [f"{record}: {reason}"]
        except KeyboardInterrupt:
            remaining += [f"{record}: interrupted" for record in enabled]
        return remaining


def _disable(record: _CreatedRecord, send: Callable[[str, str, Any], Answer]) -> str | None:
    """Disable a record; return the reason if that fails, else None."""
    disabling = record.creation.disabling
    try:
        for part in record.creation.emptied_lists:
            send("DELETE", f"{record.path}/{part}", None)
        if disabling is None:
            return record.creation.kept_because
        answer = send(disabling.method, _disabling_path(record, disabling), disabling.json)
    except (NoAnswerError, NotShownError, VerificationError) as error:
        return str(error)
    gone = disabling.method == "DELETE" and answer.status in {404, 410}
    if gone or 200 <= answer.status < 300:
        return None
    return f"{answer.status} {answer.mask.brief(answer.text, 120)}"


def _disabling_path(record: _CreatedRecord, disabling: DisablingRequest) -> str:
    return f"{record.path}/{disabling.path}" if disabling.path else record.path


def _require_marked(creation: Creation, request: ApiRequest) -> None:
    if creation.owner and not creation.obstacle:
        return
    if creation.mark is None or creation.obstacle:
        raise NotShownError(
            f"a world of its own: what POST {creation.path} makes {creation.obstacle}", "capability"
        )
    mark = _mark_in_body(creation.mark, request)
    # A test of names may write the mark in capitals.
    marked = isinstance(mark, str) and creation.mark.text.casefold() in mark.casefold()
    # The service refuses an empty value, or one that is no text, where it requires a text.
    if marked or (creation.mark.required and not (isinstance(mark, str) and mark)):
        return
    description = "no mark" if mark is None else f"the mark {mark!r}"
    raise NotShownError(
        f"a world of its own: a record with {description} in {creation.mark.field}", "capability"
    )


def _mark_in_body(mark: RecordMark, request: ApiRequest) -> Any:
    """Return the mark in a body; None without one. The whole text of a form is searched."""
    content_types = [value for name, value in request.headers if name.lower() == "content-type"]
    if request.body is None or not content_types or "json" in content_types[-1]:
        return mark.value(_members(request.body))
    text = unquote_plus(request.body.decode("utf-8", "replace"))
    return text if mark.field.rpartition(".")[2] in text else None


def _plain_path(request: ApiRequest) -> str:
    """Return the path of a request without doubled slashes, a last slash and `.json`."""
    path = re.sub("/+", "/", request.target.partition("?")[0])
    return path.removesuffix("/").removesuffix(".json")


def _members(body: bytes | None) -> dict[str, Any]:
    try:
        value = read_json(body or b"")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
