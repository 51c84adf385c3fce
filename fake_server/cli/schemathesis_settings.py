"""`fake-server openapi API --schemathesis`: the settings that go with an API's document."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from fake_server.rest.access.forms import sent_forms
from fake_server.rest.schema.spec import spec
from fake_server.verify.api_files.api_under_test import ApiUnderTest, api_under_test
from fake_server.verify.layers.credential_placeholders import scheme_settings

_HEAD = """\
# The settings of Schemathesis for the OpenAPI document of {title}, as schemathesis.toml:
#
#   fake-server openapi {api} > {api}.json
#   fake-server openapi {api} --schemathesis > schemathesis.toml
#   fake-server serve
#   st run {api}.json --url http://127.0.0.1:8042
#
# The credentials are those of the bundled datasets. Another server takes others.
"""


def print_settings(api: str) -> None:
    """Print the `schemathesis.toml` of an API; raises `UserError` for an unknown API."""
    click.echo("\n".join(_lines(api_under_test(api))))


def _lines(api: ApiUnderTest) -> Iterator[str]:
    yield _HEAD.format(title=api.title, api=api.name)
    yield from _credential_lines(api)
    yield "[phases.coverage]"
    yield "# Each service answers methods that it does not route in a way of its own."
    yield "unexpected-methods = []"
    yield ""
    yield "[generation]"
    yield "# The services ignore parameters that they do not know."
    yield "allow-extra-parameters = false"
    for check in api.disabled:
        yield f"\n# {check.evidence}"
        yield f"[checks.{check.check}]"
        yield "enabled = false"
    for operations in api.adjusted:
        yield f"\n# {operations.evidence}"
        yield "[[operations]]"
        for key, value in {**operations.selector, **operations.settings}.items():
            yield f"{key} = {_toml(value)}"


def _credential_lines(api: ApiUnderTest) -> Iterator[str]:
    """Yield the credentials: by their security schemes if the forms name any, else the headers."""
    sent = {form.fields: form for form in sent_forms(api.name)}
    named = [form for form in api.credentials if form.schemes and form.fields in sent]
    if named:
        declared = spec(api.name).document["components"]["securitySchemes"]
        for form in named:
            values = {name: form.fake[name] for name in form.fields}
            for scheme in form.schemes:
                yield f"[auth.openapi.{json.dumps(scheme)}]"
                settings = scheme_settings(declared[scheme], values)
                yield from (f"{key} = {_toml(value)}" for key, value in settings.items())
                yield ""
        return
    for credential in api.credentials:
        if credential.fields in sent and credential.fake:
            headers = sent[credential.fields].filled(credential.fake)
            yield f"headers = {_toml(headers)}"
            yield ""
            return


def _toml(value: Any) -> str:
    """Return a value of TOML on one line; JSON is the same but for objects."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(str(key))} = {_toml(item)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
