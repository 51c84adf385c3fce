"""A fake server and contract-test harness for documented REST APIs."""

from typing import TYPE_CHECKING, Any

from fake_server._version import __version__

if TYPE_CHECKING:
    from fake_server.app import create_app
    from fake_server.errors import (
        AccessError,
        AddressError,
        ApiFileError,
        CertificateError,
        ControlTokenError,
        DataError,
        DatasetError,
        DeclarationError,
        DefaultWorldError,
        DefectError,
        DocumentError,
        ExpectationError,
        FaultError,
        ForeignServerError,
        InterceptionError,
        InUseError,
        MissingExtraError,
        MutantError,
        OutputError,
        QuirkError,
        RecordError,
        RequestError,
        ScaffoldError,
        SettingError,
        StorageError,
        TargetError,
        TooLargeExportError,
        TooManyFaultsError,
        TooManyWorldsError,
        UnknownApiError,
        UnknownFaultError,
        UnknownRecordError,
        UnknownWorldError,
        UnreachableServerError,
        UntestedError,
        UserError,
        VerificationError,
        WorldExistsError,
        YamlError,
    )
    from fake_server.testing.server_thread import FakeServer
    from fake_server.world.fault import Fault

__all__ = [
    "AccessError",
    "AddressError",
    "ApiFileError",
    "CertificateError",
    "ControlTokenError",
    "DataError",
    "DatasetError",
    "DeclarationError",
    "DefaultWorldError",
    "DefectError",
    "DocumentError",
    "ExpectationError",
    "FakeServer",
    "Fault",
    "FaultError",
    "ForeignServerError",
    "InUseError",
    "InterceptionError",
    "MissingExtraError",
    "MutantError",
    "OutputError",
    "QuirkError",
    "RecordError",
    "RequestError",
    "ScaffoldError",
    "SettingError",
    "StorageError",
    "TargetError",
    "TooLargeExportError",
    "TooManyFaultsError",
    "TooManyWorldsError",
    "UnknownApiError",
    "UnknownFaultError",
    "UnknownRecordError",
    "UnknownWorldError",
    "UnreachableServerError",
    "UntestedError",
    "UserError",
    "VerificationError",
    "WorldExistsError",
    "YamlError",
    "__version__",
    "create_app",
]

_HOMES = {
    "create_app": "fake_server.app",
    "FakeServer": "fake_server.testing.server_thread",
    "Fault": "fake_server.world.fault",
}
_ERRORS = "fake_server.errors"


def __getattr__(name: str) -> Any:
    """Import the public names at their first use: importing the package costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, _ERRORS)), name)
