"""The forms of credentials, from the security schemes of a document."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.form import METHODS
from fake_server.cli.scaffold.references import resolved
from fake_server.cli.scaffold.source import snake

_LOCATIONS = {"header": "headers", "query": "query", "cookie": "cookies"}
"""The key of a form, by the location of a key."""

_CHALLENGES = {"concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "vapid"}
"""The registered schemes of HTTP that no fixed text of a header answers."""


class Access(NamedTuple):
    """The credentials of a new API.

    - `forms`: the forms of `target.yaml`, with an example of each field.
    - `notes`: the unsupported schemes, each as one line.
    """

    forms: list[Node]
    notes: list[str]

    @property
    def fields(self) -> dict[str, str]:
        """An example of each field of all forms."""
        return {name: text for form in self.forms for name, text in form["fake"].items()}


def access_of(document: Node, api: str) -> Access:
    """Return the credentials that an API's document requires."""
    declared = (document.get("components") or {}).get("securitySchemes") or {}
    used_names = {
        name
        for requirements in _requirements(document)
        for requirement in requirements
        for name in requirement
    }
    schemes = {name: resolved(document, declared[name]) for name in declared if name in used_names}
    kinds = Counter(scheme.get("type") for scheme in schemes.values())
    forms: list[Node] = []
    notes = [
        f"The security scheme {name} is not declared: nobody is asked for it."
        for name in sorted(used_names - set(declared))
    ]
    for name, scheme in schemes.items():
        key = "api_key" if kinds["apiKey"] == 1 else snake(name) or "api_key"
        form = _form(name, scheme, api, key)
        if isinstance(form, str):
            notes.append(form)
            continue
        carriers = _carriers(form)
        equal = next((other for other in forms if _carriers(other) == carriers), None)
        if equal is None:
            forms.append(form)
        else:
            equal["schemes"].append(name)
    return Access(forms, notes)


def _carriers(form: Node) -> list[tuple[str, str]]:
    """Return the headers, parameters and cookies of a form."""
    return [(key, name) for key in _LOCATIONS.values() for name in form.get(key, ())] + [
        ("scheme", str(template).partition(" ")[0]) for template in form.get("headers", {}).values()
    ]


def _operations(document: Node) -> Iterator[Node]:
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _requirements(document: Node) -> Iterator[list[Mapping[str, Any]]]:
    yield document.get("security") or []
    for operation in _operations(document):
        yield operation.get("security") or []


def _form(name: str, scheme: Mapping[str, Any], api: str, key: str) -> Node | str:
    """Return the form of a security scheme, or why it has none; `key` is the field of a key."""
    kind, location = scheme.get("type"), scheme.get("in")
    http_scheme = str(scheme.get("scheme", ""))
    if kind == "http" and http_scheme.lower() == "basic":
        return _credentials_form(
            name,
            {"headers": {"Authorization": "Basic base64({user}:{password})"}},
            {"user": f"{api}-user", "password": f"{api}-password"},
        )
    if kind == "apiKey" and location in _LOCATIONS:
        carrier = {_LOCATIONS[location]: {str(scheme.get("name")): f"{{{key}}}"}}
        return _credentials_form(name, carrier, {key: f"{api}-{key.replace('_', '-')}"})
    is_bearer = kind in {"oauth2", "openIdConnect"} or http_scheme.lower() == "bearer"
    is_token = kind == "http" and http_scheme.isalpha() and http_scheme.lower() not in _CHALLENGES
    if is_bearer or is_token:
        word = "Bearer" if is_bearer else http_scheme
        header = {"headers": {"Authorization": f"{word} {{token}}"}}
        return _credentials_form(name, header, {"token": f"{api}-token"})
    detail = f"in {location}" if kind == "apiKey" else http_scheme
    what = " ".join(filter(None, (str(kind), detail)))
    return f"The security scheme {name} ({what}) is not supported: nobody is asked for it."


def _credentials_form(name: str, carrier: Node, fake: dict[str, str]) -> Node:
    wrong = dict.fromkeys(fake, "nobody-knows-this")
    fields = list(fake)
    form = {"name": name, "schemes": [name], "fields": fields, **carrier}
    return {**form, "fake": fake, "wrong": wrong}
