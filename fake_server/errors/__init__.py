"""The mistakes of a user, as a tree of exceptions. The text of each is one line that helps.

UserError
├── AccessError                 access-denied
│   └── ControlTokenError       control-token
├── AddressError                address
├── ApiFileError                api-file
├── CertificateError            certificate
├── DataError                   data
├── DatasetError                dataset
│   └── RecordError             dataset-record
├── DeclarationError            declaration
├── DefaultWorldError           default-world
├── DefectError                 defect
├── DocumentError               document
├── ExpectationError            expectation
├── FaultError                  fault
├── ForeignServerError          foreign-server
├── InUseError                  record-in-use
├── InterceptionError           interception
├── MissingExtraError           missing-extra
├── MutantError                 mutants
├── OutputError                 output
├── QuirkError                  quirk
├── RequestError                request
├── ScaffoldError               scaffold
├── SettingError                setting
├── StorageError                storage
├── TargetError                 target
├── TooLargeExportError         export-too-large
├── TooManyFaultsError          too-many-faults
├── TooManyWorldsError          too-many-worlds
├── UnknownApiError             unknown-api
├── UnknownFaultError           unknown-fault
├── UnknownRecordError          unknown-record
├── UnknownWorldError           unknown-world
├── UnreachableServerError      unreachable-server
├── VerificationError           verification
│   └── UntestedError           untested
├── WorldExistsError            world-exists
└── YamlError                   yaml

The code of `UserError` itself is `user`. A problem of the control plane has the type
`urn:understudy:` and the code; `error_of_type` makes the exception of it again.
"""

from collections.abc import Iterator, Sequence
from typing import Self

from fake_server.errors.base import SENT_DATASET as SENT_DATASET
from fake_server.errors.base import URN as URN
from fake_server.errors.base import Position as Position
from fake_server.errors.base import UserError as UserError
from fake_server.errors.wording import expected_one_of as expected_one_of


class AccessError(UserError):
    """The control plane does not take requests of this host, machine or page."""

    code = "access-denied"


class ControlTokenError(AccessError):
    """A request to the control plane has no control token, or a wrong one."""

    code = "control-token"


class AddressError(UserError):
    """A server cannot listen on an address."""

    code = "address"


class ApiFileError(UserError):
    """An API's `api.yaml`, or the package that it names, cannot be used."""

    code = "api-file"


class CertificateError(UserError):
    """A certificate cannot be made, or a client does not trust it."""

    code = "certificate"


class DataError(UserError):
    """A record that is to be added or changed has a mistake."""

    code = "data"


class DatasetError(UserError):
    """A dataset cannot be found, read or understood."""

    code = "dataset"


class RecordError(DatasetError):
    """A record that no schema can refuse, such as one that refers to another that is not there.

    `path` leads to it: keys and indexes within the section. What makes the image adds file and
    line.
    """

    code = "dataset-record"

    def __init__(
        self, path: tuple[str | int, ...], message: str, position: Position | None = None
    ) -> None:
        super().__init__(message, position)
        self.path = path

    @classmethod
    def of_message(cls, message: str, position: Position | None = None) -> Self:
        """Return an error that names no record but in its message."""
        return cls((), message, position)


class DeclarationError(UserError):
    """The declarations of an API have a mistake, or contradict each other or another API's."""

    code = "declaration"


class DefaultWorldError(UserError):
    """The world `default` cannot be deleted."""

    code = "default-world"


class DefectError(UserError):
    """The fake itself failed: nothing that a user gave is wrong."""

    code = "defect"


class DocumentError(UserError):
    """A document that is made from declarations is not current, or cannot be made."""

    code = "document"


class ExpectationError(UserError):
    """What is expected of the requests to a world cannot be read."""

    code = "expectation"


class FaultError(UserError):
    """A fault cannot be: its attributes contradict each other, or it applies to no request."""

    code = "fault"


class ForeignServerError(UserError):
    """Something answers at a URL that is no fake, or does not speak HTTP."""

    code = "foreign-server"


class InUseError(UserError):
    """A record cannot be removed while others refer to it."""

    code = "record-in-use"


class InterceptionError(UserError):
    """A client that is not intercepted was about to reach a host that is."""

    code = "interception"


class MissingExtraError(UserError):
    """A library that a feature needs is not installed."""

    code = "missing-extra"


class MutantError(UserError):
    """The mutants of an API cannot be found or loaded."""

    code = "mutants"


class OutputError(UserError):
    """A file or folder cannot be read or written."""

    code = "output"


class QuirkError(UserError):
    """A quirk does not exist, or its switch is neither on nor off."""

    code = "quirk"


class RequestError(UserError):
    """A request to the control plane, or for a world, cannot be read."""

    code = "request"


class ScaffoldError(UserError):
    """The package of a new API cannot be written: name, folder or document does not fit."""

    code = "scaffold"


class SettingError(UserError):
    """An option, argument or attribute does not exist, or takes no such value."""

    code = "setting"


class StorageError(UserError):
    """A folder takes no records on disk: its file system is full, or cannot be written to."""

    code = "storage"


class TargetError(UserError):
    """A `target.yaml`, which says how contract tests reach an API, is missing or incomplete."""

    code = "target"


class TooLargeExportError(UserError):
    """A world has more records than can be exported."""

    code = "export-too-large"


class TooManyFaultsError(UserError):
    """A world has as many faults as it may have."""

    code = "too-many-faults"


class TooManyWorldsError(UserError):
    """A server has as many worlds as it may have."""

    code = "too-many-worlds"


class UnknownApiError(UserError):
    """No API has this name."""

    code = "unknown-api"


class UnknownFaultError(UserError):
    """A request names a fault that is not set."""

    code = "unknown-fault"


class UnknownRecordError(UserError):
    """A request names an API, a kind of records or a record that does not exist."""

    code = "unknown-record"


class UnknownWorldError(UserError):
    """A request names a world that does not exist, or expired."""

    code = "unknown-world"


class UnreachableServerError(UserError):
    """No server can be reached at a URL."""

    code = "unreachable-server"


class VerificationError(UserError):
    """A run of contract tests cannot start or go on."""

    code = "verification"


class UntestedError(VerificationError):
    """Sentences of the ledger have no contract test.

    `sentences`: the id of a behaviour each, followed by " (live)" for its live sentence.
    """

    code = "untested"

    def __init__(
        self, message: str = "", position: Position | None = None, sentences: Sequence[str] = ()
    ) -> None:
        super().__init__(message, position)
        self.sentences = tuple(sentences)


class WorldExistsError(UserError):
    """A new world is given the name of one that exists."""

    code = "world-exists"


class YamlError(UserError):
    """A file holds neither YAML nor JSON, or more than is read of it."""

    code = "yaml"


def tree(root: type[UserError] = UserError) -> Iterator[type[UserError]]:
    """Return a class and all its subclasses of this module, each parent before its children."""
    yield root
    for child in root.__subclasses__():
        if child.__module__ == __name__:
            yield from tree(child)


def error_of_type(
    problem_type: object, message: str, position: Position | None = None
) -> UserError:
    """Return the error that a problem says; a `UserError` for a type that is not of the tree."""
    for error in tree():
        if problem_type == f"{URN}{error.code}":
            return error.of_message(message, position)
    return UserError(message, position)
