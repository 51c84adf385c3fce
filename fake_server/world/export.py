"""The export of a world as a dataset, from which another world can start."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fake_server.errors import TooLargeExportError
from fake_server.world.json_values import as_json
from fake_server.world.records.tables import Records

if TYPE_CHECKING:
    from fake_server.world.world import World

MOST_EXPORTED = 100_000
"""The greatest number of records of a world that can be exported."""

_WIDTH = 110


def exported(world: "World") -> dict[str, Any]:
    """Return a world as the content of a dataset, in JSON values; every record is pinned.

    A world made from this dataset has the same records, credentials, seed and time. Raises
    `UserError` for a world with more than `MOST_EXPORTED` records.
    """
    with world.lock:
        _require_few(world)
        frame: dict[str, Any] = {
            "description": f"The world {world.name}, made from {world.dataset.name}.",
            "seed": world.seed,
            "start": _spelled(world.start),
            "now": _spelled(world.clock.now()),
            "frozen": world.clock.frozen,
        }
        if world.dataset.on_disk:
            frame["storage"] = "disk"
        sections = {api: _section(Records(world, api)) for api in world.apis}
        return frame | {api: section for api, section in sections.items() if section}


def dataset_text(document: Mapping[str, Any]) -> str:
    """Return the result of `exported` as the YAML text of a dataset file."""
    import yaml

    from fake_server.yaml_classes import Dumper

    class PlainDumper(Dumper):
        """Writes a repeated value in full, without aliases."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    def as_timestamp(dumper: Any, moment: datetime) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:timestamp", _spelled(moment))

    PlainDumper.add_representer(datetime, as_timestamp)
    moments = {name: datetime.fromisoformat(document[name]) for name in ("start", "now")}
    return str(
        yaml.dump(
            {**document, **moments},
            Dumper=PlainDumper,
            default_flow_style=None,
            sort_keys=False,
            allow_unicode=True,
            width=_WIDTH,
        )
    )


def _require_few(world: "World") -> None:
    count = sum(kind.count(Records(world, api)) for api in world.apis for kind in world.kinds(api))
    if count > MOST_EXPORTED:
        raise TooLargeExportError(
            f"the world {world.name!r} has {count} records:"
            f" one with up to {MOST_EXPORTED} can be exported"
        )


def _spelled(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _section(records: Records) -> dict[str, Any]:
    kinds = records.world.kinds(records.api)
    pinned = {kind.path[0] for kind in kinds}
    section: dict[str, Any] = {
        key: as_json(value) for key, value in records.section.items() if key not in pinned
    }
    for kind in kinds:
        kind_records = kind.read(records, kind.all_keys(records))
        if kind_records:
            _merge(section, kind.in_section(kind_records))
    return section


def _merge(target: dict[str, Any], source: Mapping[str, Any]) -> None:
    for key, value in source.items():
        if isinstance(value, dict):
            _merge(target.setdefault(key, {}), value)
        else:
            target[key] = value
