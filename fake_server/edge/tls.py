"""HTTPS with a temporary authority, made at the start of a server and written to a file."""

import ssl
import tempfile
from collections.abc import Iterable
from pathlib import Path
from shutil import rmtree
from typing import Any

from flask import Flask

from fake_server.control.guard import access_of
from fake_server.data_files.temporary import OWN
from fake_server.edge.atomic_files import write_atomically
from fake_server.errors import CertificateError, MissingExtraError, OutputError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WILDCARDS = {"0.0.0.0", "::"}


class Tls:
    """An authority, and the certificate of one server by it.

    The certificate has the names of loopback, the real services' hosts, the allowed hosts of
    `create_app`, and the `address` of the server. `context` has the certificate. `ca_file` has the
    authority, by default in a new temporary folder; no file has the authority's key. Raises
    `UserError`: the extra is missing, a certificate cannot have a name, the file cannot be written.
    """

    def __init__(self, app: Flask, address: str, ca_file: Path | None = None) -> None:
        access = access_of(app)
        hosts = [] if access is None else [*sorted(access.real_hosts), *sorted(access.hosts)]
        self.context, authority = _certificate(_names(address, hosts))
        self._folder = None if ca_file is not None else _new_folder()
        self.ca_file = ca_file or Path(f"{self._folder}/authority.pem")
        try:
            write_atomically(self.ca_file, authority, mode=0o644)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the temporary folder, if there is one."""
        if self._folder is not None:
            rmtree(self._folder, ignore_errors=True)


def _new_folder() -> Path:
    """Return a new folder in that of this process, which is removed even after `kill -9`."""
    try:
        return Path(tempfile.mkdtemp(prefix="authority-", dir=OWN.path()))
    except OSError as error:
        raise OutputError(
            f"{error.filename}: cannot be written: {error.strerror or error}"
        ) from None


def write_certificate(address: str, hosts: Iterable[str], folder: Path) -> bytes:
    """Write `certificate.pem` and `key.pem` for another program's server, and return the authority.

    The names are those of `Tls`, with `hosts` besides loopback and `address`. Only the owner may
    read the key. Raises `UserError` like `Tls`.
    """
    certificate, authority = _issued(_names(address, hosts))
    chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
    write_atomically(folder / "certificate.pem", chain, mode=0o644)
    write_atomically(folder / "key.pem", certificate.private_key_pem.bytes(), mode=0o600)
    return authority


def _names(address: str, hosts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys([*_LOOPBACK, *({address} - _WILDCARDS), *hosts])


def _certificate(names: Iterable[str]) -> tuple[ssl.SSLContext, bytes]:
    """Return the context of a server that has these names, and the authority's certificate."""
    certificate, authority = _issued(names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    certificate.configure_cert(context)
    return context, authority


def _issued(names: Iterable[str]) -> tuple[Any, bytes]:
    """Return trustme's certificate of a server that has these names, and that of the authority."""
    try:
        import trustme
    except ImportError:
        raise MissingExtraError(
            "trustme is missing: install understudy with its extra, understudy[tls]"
        ) from None
    authority = trustme.CA(organization_name="Understudy", organization_unit_name="for tests")
    try:
        certificate = authority.issue_cert(*names)
    except ValueError as error:
        raise CertificateError(
            f"no certificate can be made for the allowed hosts: {error}"
        ) from None
    return certificate, authority.cert_pem.bytes()
