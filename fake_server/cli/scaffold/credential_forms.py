"""The forms of credentials, from the security schemes of a document."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.form import METHODS
from fake_server.cli.scaffold.references import resolved


class Access(NamedTuple):
    """The credentials of a new API.

    - `forms`: the forms of `target.yaml`, with an example of each field.
    - `tokenless`: the ids of operations without credentials.
    - `notes`: the unsupported schemes, each as one line.
    """

    forms: list[Node]
    tokenless: list[str]
    notes: list[str]

    @property
    def fields(self) -> dict[str, str]:
        """An example of each field of all forms."""
        return {name: text for form in self.forms for name, text in form["fake"].items()}


def access_of(document: Node, api: str) -> Access:
    """Return the credentials that an API's document requires."""
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    forms: list[Node] = []
    notes: list[str] = []
    used_names = {
        name
        for requirements in _requirements(document)
        for requirement in requirements
        for name in requirement
    }
    for name in [name for name in schemes if name in used_names]:
        form = _form(name, resolved(document, schemes[name]), api)
        if isinstance(form, str):
            notes.append(form)
        elif all(form["headers"] != other["headers"] for other in forms):
            forms.append(form)
    if not forms:
        return Access([], [], notes)
    tokenless = [
        operation["operationId"]
        for operation in _operations(document)
        if _is_open(operation.get("security", document.get("security")) or [])
    ]
    return Access(forms, tokenless, notes)


def _operations(document: Node) -> Iterator[Node]:
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _requirements(document: Node) -> Iterator[list[Mapping[str, Any]]]:
    yield document.get("security") or []
    for operation in _operations(document):
        yield operation.get("security") or []


def _is_open(security: list[Mapping[str, Any]]) -> bool:
    return not security or {} in security


def _form(name: str, scheme: Mapping[str, Any], api: str) -> Node | str:
    kind, location = scheme.get("type"), scheme.get("in")
    http_scheme = str(scheme.get("scheme", "")).lower()
    if kind == "http" and http_scheme == "basic":
        return _credentials_form(
            "basic",
            {"Authorization": "Basic base64({user}:{password})"},
            {"user": api, "password": f"{api}-password"},
        )
    if kind == "apiKey" and location == "header":
        header = str(scheme.get("name"))
        return _credentials_form(name, {header: "{api_key}"}, {"api_key": f"{api}-api-key"})
    if kind in {"oauth2", "openIdConnect"} or (kind == "http" and http_scheme == "bearer"):
        return _credentials_form(
            "token", {"Authorization": "Bearer {token}"}, {"token": f"{api}-token"}
        )
    detail = f"in {location}" if kind == "apiKey" else http_scheme
    return f"The security scheme {name} ({kind} {detail}) is not supported: nobody is asked for it."


def _credentials_form(name: str, headers: dict[str, str], fake: dict[str, str]) -> Node:
    wrong = dict.fromkeys(fake, "nobody-knows-this")
    return {"name": name, "fields": list(fake), "headers": headers, "fake": fake, "wrong": wrong}
