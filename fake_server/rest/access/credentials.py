"""Who may ask: the credentials that a world's dataset lists, and the requests that carry them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Request, g

from fake_server.rest.access.forms import (
    CredentialForm,
    credential_forms,
    credential_headers,
    credential_parameters,
    sent_forms,
)
from fake_server.rest.access.requirements import example_operation, form_sets
from fake_server.rest.context import ROUTE
from fake_server.rest.schema.requested_operation import operation_of
from fake_server.world.image_inputs import Section
from fake_server.world.world import World

if TYPE_CHECKING:
    from fake_server.world.records.kinds import RecordKind

Entry = Mapping[str, Any]
"""A credential as the dataset lists it: an object with the fields of a form and more."""

_ANY = "any-token"


class Key(NamedTuple):
    """What lets a client in."""

    token: str | None
    """The token, or what serves as one; None where nothing is needed."""

    headers: Mapping[str, str]
    """The headers that carry it."""

    good: bool = True
    """Whether it is one at the world's time, and opens what `Api.example` asks for."""

    query: Mapping[str, str] = {}
    """The parameters of the query that carry it."""


class Credentials:
    """The credentials of an API that anybody may use: there are none.

    An API whose dataset lists credentials uses `DatasetCredentials`; one that issues tokens or
    knows accounts overrides what is its own.
    """

    @property
    def header_names(self) -> tuple[str, ...]:
        """The headers in which credentials stand."""
        return ()

    @property
    def query_names(self) -> frozenset[str]:
        """The parameters of the query in which credentials stand."""
        return frozenset()

    @property
    def cookie_names(self) -> frozenset[str]:
        """The cookies in which credentials stand."""
        return frozenset()

    @property
    def section_key(self) -> str:
        """The key of the dataset's section below which they stand."""
        return "credentials"

    def shown(self, world: World) -> Mapping[str, Any]:
        """Return the banner's credentials by name, those good at the world's time first.

        A value is one credential or a list; a credential is text or an object.
        """
        return {}

    def key(self, world: World) -> Key | None:
        """Return the first of a world's credentials, a good one if there is one; None for none."""
        return Key(None, {})

    def any_key(self) -> Key:
        """Return a key that lets in where any well-formed credential does."""
        return Key(None, {})

    def variables(self, world: World) -> Mapping[str, str]:
        """Return the values of `key` by the names that contract tests know them by."""
        return {}

    def secrets(self, world: World) -> Iterable[str]:
        """Return the texts that no journal may show: all credentials, pinned or issued."""
        return ()

    def sign_in(self, base_url: str, world: World) -> str | None:
        """Return a `curl` command that gets a good key; None if nothing can."""
        return None

    def kinds(self) -> "Sequence[RecordKind]":
        """Return the credentials as kinds of records, which a world can be asked to change."""
        return ()

    def entry_of(self, request: Request, world: World) -> Entry | None:
        """Return the credential that a request carries; None if it may not be answered."""
        return {}


class DatasetCredentials(Credentials):
    """Credentials that stand in one list of the dataset's section, in the forms of `target.yaml`.

    An item of the list is an object with the fields of a form, or, where the form has one field,
    its value: `tokens: [secret-1]` with `fields: [token]`.
    """

    def __init__(self, api: str, path: tuple[str, ...] = ("credentials", "tokens")) -> None:
        self.api = api
        self.path = path

    @property
    def forms(self) -> tuple[CredentialForm, ...]:
        """The forms in which requests carry the credentials of the list."""
        return sent_forms(self.api)

    @property
    def header_names(self) -> tuple[str, ...]:
        """The headers that carry the credentials, as the forms name them."""
        return credential_headers(self.api)

    @property
    def query_names(self) -> frozenset[str]:
        """See `Credentials`; as the forms name them."""
        return credential_parameters(self.api)

    @property
    def cookie_names(self) -> frozenset[str]:
        """See `Credentials`; as the forms name them."""
        return frozenset(name for form in self.forms for name in form.cookies)

    @property
    def section_key(self) -> str:
        """The key of the section that has the list, the first of `path`."""
        return self.path[0]

    def listed(self, section: Section) -> list[Any] | None:
        """Return the list as it stands in a section; None where it does not."""
        value: Any = section
        for step in self.path:
            value = (value or {}).get(step)
        return None if value is None else list(value)

    def entries(self, world: World) -> list[Entry]:
        """Return the credentials of a world as objects, in the dataset's order."""
        return self._entries(world.section(self.api))

    def _entries(self, section: Section) -> list[Entry]:
        field = self.forms[0].fields[0] if self.forms else "token"
        return [
            entry if isinstance(entry, Mapping) else {field: entry}
            for entry in self.listed(section) or ()
        ]

    def shown(self, world: World) -> Mapping[str, Any]:
        """See `Credentials`; of each object, what the forms know of."""
        section = world.section(self.api)
        if self.listed(section) is None:
            return {}
        return {self.path[-1]: [self._shown(entry) for entry in self._entries(section)]}

    def _shown(self, entry: Entry) -> Any:
        known = {
            name for form in credential_forms(self.api) for name in (*form.fields, *form.optional)
        }
        values = {name: value for name, value in entry.items() if name in known}
        return next(iter(values.values())) if len(values) == 1 else values

    def key(self, world: World) -> Key | None:
        """See `Credentials`; in the forms that have all their fields, see `_key`."""
        return self._key(self.variables(world))

    def any_key(self) -> Key:
        """Return a key with each field made up; without a form, that of any API."""
        names = {name for form in self.forms for name in form.fields}
        return self._key(dict.fromkeys(names, _ANY)) or super().any_key()

    def _key(self, values: Mapping[str, str]) -> Key | None:
        """Return a key with some values; None if they fit no form.

        It carries the forms that the API's example takes and, if those name security schemes, the
        other ones as well, as far as one request can carry all of them.
        """
        example = form_sets(self.api, example_operation(self.api))
        fitting = [forms for forms in (*example, *form_sets(self.api, None)) if _fit(forms, values)]
        if not any(fitting):
            return None
        chosen = next(forms for forms in fitting if forms)
        others = [form for form in self.forms if form.schemes and _fit((form,), values)]
        headers: dict[str, str] = {}
        query: dict[str, str] = {}
        for form in (*chosen, *(others if chosen[0].schemes else ())):
            headers = {**form.filled(values), **headers}
            query |= form.filled_query(values)
        return Key(values[chosen[0].fields[0]], headers, query=query)

    def variables(self, world: World) -> Mapping[str, str]:
        """Return the fields of the first credential by name; empty if it fits no form."""
        entry = next(iter(self.entries(world)), {})
        form = next(
            (candidate for candidate in self.forms if set(candidate.fields) <= entry.keys()), None
        )
        if form is None:
            return {}
        named = [other for other in self.forms if other.schemes] if form.schemes else [form]
        names = (name for each in named for name in (*each.fields, *each.optional))
        return {name: str(entry[name]) for name in names if entry.get(name) is not None}

    def secrets(self, world: World) -> Iterable[str]:
        """See `Credentials`; those that the dataset had included."""
        names = {name for form in self.forms for name in form.fields}
        for section in (world.dataset.section(self.api), world.section(self.api)):
            for entry in self._entries(section):
                yield from (str(value) for name, value in entry.items() if name in names)

    def kinds(self) -> "Sequence[RecordKind]":
        """See `Credentials`; called for by the path's last key, such as `tokens`."""
        # Imported here: few worlds are asked for their records.
        from fake_server.rest.access.credential_kind import CredentialKind

        return (CredentialKind(self.api, self.path),)

    def entry_of(self, request: Request, world: World) -> Entry | None:
        """Return the entry of the dataset that a request's credentials match; None without one.

        An operation whose `security` names schemes takes credentials of these schemes alone;
        where it takes several together, a single entry has all of them. Where the world lets
        anybody in (`auth` is `any` or `off`), credentials that the dataset does not list are an
        entry of the values that the request carries.
        """
        entries = self.entries(world)
        carried: Entry | None = None
        for forms in form_sets(self.api, _operation(self.api, request)):
            sent = [form.values_in(request) for form in forms]
            values = {name: value for each in sent if each for name, value in each.items()}
            if not sent or None in sent:
                continue
            carried = values if carried is None else carried
            needed = {name for form in forms for name in form.fields}
            for entry in entries:
                if all(str(entry.get(name)) == values[name] for name in needed):
                    return entry
        if world.auth == "off":
            return carried or {}
        return carried if world.auth == "any" else None


def _fit(forms: Iterable[CredentialForm], values: Mapping[str, str]) -> bool:
    return all(set(form.fields) <= values.keys() for form in forms)


def _operation(api: str, request: Request) -> str | None:
    """Return the id, without the API's name, of the operation that a request is for."""
    name = operation_of(api, request.method, request.environ.get(ROUTE))
    return name and name.partition(".")[2]


def credential_entry() -> Entry:
    """Return the credential of the current request; empty where none was asked for."""
    entry: Entry = g.get("credential_entry") or {}
    return entry
