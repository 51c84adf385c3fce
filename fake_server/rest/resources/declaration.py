"""What can be asked of a resource, as `schemas/<api>/resources/<name>.yaml` declares it.

`schemas/resource.json` describes every key. Keys that only one dialect knows stand in
`resources/keys.json` of its API, and are read from `Declaration.keys`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fake_server.rest.resources.declaration_files import Keys, patched_keys
from fake_server.rest.sorting import SortKey, parse_sort


class Field(NamedTuple):
    """A field that can be filtered by or ranged over.

    - `kind`: what its values are, a name that the API's dialect knows, such as `Integer`.
    - `says`: what its values mean, a sentence for the document; empty if the kind says enough.
    - `options`: the only values it may have, as text; empty if its kind decides.
    - `column`: the column that it is about, where that has another name; else empty.
    """

    kind: str
    says: str = ""
    options: tuple[str, ...] = ()
    column: str = ""


class Declaration:
    """What can be asked of one resource of an API."""

    def __init__(self, api: str, name: str, keys: Keys) -> None:
        self.api = api
        self.name = name
        self.keys = keys
        self.singular: str = keys.get("singular", name.removesuffix("s").replace("_", " "))
        self.plural: str = keys.get("plural", name.replace("_", " "))
        self.shape: str | None = keys.get("shape")
        self.item: str | None = keys.get("item", self.shape)
        self.operations = _texts(keys.get("operations"))
        self.part_of: str = keys.get("part_of", "")
        self.parents: Mapping[str, Keys] = {
            parent: about or {} for parent, about in (keys.get("parents") or {}).items()
        }
        self.columns: Mapping[str, str] = keys.get("columns") or {}
        self.order = tuple(parse_sort(",".join(keys.get("order", ["id"]))))
        self.sort: tuple[str, ...] = tuple(keys.get("sort") or ())
        self.filter = _fields(keys.get("filter"))
        self.range = _fields(keys.get("range"))
        self.graph: tuple[str, ...] = tuple((keys.get("graph") or {}).get("fields") or ())
        self._under: dict[frozenset[str], Declaration] = {}

    @property
    def tag(self) -> str:
        """The tag of the resource's operations."""
        return str(self.keys.get("tag", self.name))

    @property
    def type_name(self) -> str:
        """The name of the resource's components in the document, such as `ProjectsUser`."""
        words = self.singular.replace("-", " ").split()
        return "".join(word[:1].upper() + word[1:] for word in words)

    @property
    def quirks(self) -> Mapping[str, Keys]:
        """What each quirk of the resource changes of its declaration."""
        quirks: Mapping[str, Keys] = self.keys.get("quirks") or {}
        return quirks

    def under(self, active: Iterable[str]) -> "Declaration":
        """Return the declaration as it is while quirks, named without their API, are on."""
        if not self.quirks:
            return self
        own = frozenset(name for name in active if name in self.quirks)
        if not own:
            return self
        patched = self._under.get(own)
        if patched is None:
            keys = self.keys
            for name in self.quirks:
                if name in own:
                    keys = patched_keys(keys, self.quirks[name])
            patched = self._under[own] = Declaration(self.api, self.name, keys)
        return patched

    def default_order(self) -> tuple[SortKey, ...]:
        """Return the keys that sort a list where the request does not; the last breaks ties."""
        return self.order


def _texts(declared: Any) -> dict[str, str]:
    """Return texts by name, from a mapping or a list of names; one that is derived is empty."""
    texts = dict.fromkeys(declared) if isinstance(declared, list) else declared or {}
    return {name: text or "" for name, text in texts.items()}


def _fields(declared: Any) -> dict[str, Field]:
    """Return fields by name, from `{name: kind}` or `{name: {kind, says, options}}`."""
    fields: dict[str, Field] = {}
    for name, about in (declared or {}).items():
        if isinstance(about, str):
            fields[name] = Field(about)
        else:
            options = tuple(str(option) for option in about.get("options", ()))
            kind, says = about.get("kind", "Option"), about.get("says", "")
            fields[name] = Field(kind, says, options, about.get("column", ""))
    return fields
