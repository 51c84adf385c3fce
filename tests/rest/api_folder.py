"""A folder of schemas with the files that a test gives an API."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fake_server import data_files
from fake_server.rest import attribute_reader
from fake_server.rest.access import forms as credential_forms
from fake_server.rest.access import requirements
from fake_server.rest.schema import requested_operation, spec

_API = """
name: {api}
title: An API of a test
base_path: /{api}
prefixes: [/{api}]
hosts: []
example: /{api}
server: tests:{api}
surface: 1
"""
_CACHES = (
    credential_forms.credential_forms,
    credential_forms.sent_forms,
    credential_forms.credential_headers,
    requested_operation.operation_of,
    requested_operation._by_route,
    requested_operation._declared_paths,
    credential_forms.credential_parameters,
    requirements.open_operations,
    requirements.form_sets,
    requirements.example_operation,
    requirements._alternatives,
    spec.spec,
    attribute_reader.body_schema,
)


@contextmanager
def api_folder(path: Path, api: str, **files: str) -> Iterator[None]:
    """Let `path` be the folder of schemas, with files of one API more, such as `openapi`."""
    for entry in data_files.schemas().iterdir():
        (path / entry.name).symlink_to(entry)
    folder = path / api
    folder.mkdir()
    (folder / "api.yaml").write_text(_API.format(api=api))
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_files, "schemas", lambda: path)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for cached in _CACHES:
        cached.cache_clear()
