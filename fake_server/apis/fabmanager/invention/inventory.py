"""The invented things of a fab lab: machines, spaces and trainings.

The machines of a kind follow from their training: whoever completed it may reserve them.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import ImageInputs
from fake_server.apis.fabmanager.invention.workshop import workshop_of

Values = dict[str, Any]


class _MachineModel(NamedTuple):
    """A kind of machines: its name, what it does, its data, and the training that it needs."""

    name: str
    purpose: str
    data: str
    training: int


_MACHINES = (
    _MachineModel(
        "Laser cutter Trotec Speedy 100", "Cuts and engraves wood, acrylic and card.", "60 W", 1
    ),
    _MachineModel("3D printer Prusa MK4", "Prints PLA and PETG.", "250 × 210 × 220 mm", 2),
    _MachineModel("CNC mill ShopBot Desktop", "Mills plywood, MDF and foam.", "610 × 460 mm", 3),
    _MachineModel("Vinyl cutter Roland GS-24", "Cuts foil for signs and textiles.", "24 inches", 0),
    _MachineModel(
        "Embroidery machine Brother PR680W", "Embroiders with six colours.", "200 × 300 mm", 4
    ),
    _MachineModel("Band saw Metabo BAS 318", "Saws wood up to 17 cm.", "900 W", 3),
    _MachineModel(
        "Resin printer Formlabs Form 3", "Prints resin in fine layers.", "145 × 145 × 185 mm", 2
    ),
    _MachineModel("Soldering station Weller WE 1010", "Solders electronics.", "70 W", 0),
    _MachineModel("Sewing machine Bernina 335", "Sews clothes and bags.", "43 stitches", 0),
    _MachineModel("Heat press Secabo TC5", "Presses foil onto textiles.", "380 × 380 mm", 4),
    _MachineModel("Lathe Jet JWL-1015", "Turns bowls and pens.", "254 mm", 3),
    _MachineModel("Oscilloscope Rigol DS1054Z", "Shows signals of four channels.", "50 MHz", 0),
)
_SPACES = (
    ("Wood workshop", "Benches, clamps and hand tools.", "60 m²"),
    ("Electronics lab", "Eight places with power supplies.", "30 m²"),
    ("Meeting room", "A table, a screen and a whiteboard.", "18 m²"),
)
_TRAININGS = (
    ("Laser cutting", "Focus, power and speed, and what must never be cut."),
    ("3D printing", "From the model to the print, and the care of the printer."),
    ("Wood machines", "Safety at the saw, the mill and the lathe."),
    ("Textile machines", "Threads, hoops and foils."),
    ("Electronics", "Solder, measure, repair."),
    ("CAD with FreeCAD", "Sketches, bodies and drawings."),
)
_NO_WORD = re.compile(r"[^a-z0-9]+")


def machine(inputs: ImageInputs, number: int) -> Values:
    """Return the row of an invented machine."""
    rounds, kind = _nth(_MACHINES, number)
    trainings = workshop_of(inputs).trainings
    return {
        **_reservable(inputs, "machines", number, _numbered(kind.name, rounds)),
        "description": f"<p>{kind.purpose}</p>",
        "spec": f"<p>{kind.data}</p>",
        "picture": f"/uploads/machine_image/{number}/machine_image.png" if number % 3 else None,
        "deleted_at": None,
        "training_ids": [kind.training] if 0 < kind.training <= trainings else [],
    }


def space(inputs: ImageInputs, number: int) -> Values:
    """Return the row of an invented space."""
    rounds, (name, purpose, size) = _nth(_SPACES, number)
    return {
        **_reservable(inputs, "spaces", number, _numbered(name, rounds)),
        "description": f"<p>{purpose}</p>",
        "characteristics": f"<p>{size}</p>",
        "picture": None,
        "deleted_at": None,
    }


def training(inputs: ImageInputs, number: int) -> Values:
    """Return the row of an invented training."""
    rounds, (name, content) = _nth(_TRAININGS, number)
    return {
        **_reservable(inputs, "trainings", number, _numbered(name, rounds)),
        "nb_total_places": 6,
        "description": f"<p>{content}</p>",
    }


def slug_of(name: str) -> str:
    """Return a name as it stands in an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NO_WORD.sub("-", plain).strip("-")


def _reservable(inputs: ImageInputs, resource: str, number: int, name: str) -> Values:
    random = SeededRandom(inputs.seed, resource, number)
    created_at = (
        milliseconds(inputs.start) - random.integer(200, 900) * DAY - random.integer(0, DAY)
    )
    return {
        "id": number,
        "name": name,
        "slug": slug_of(name),
        "disabled": random.chance(0.05),
        "created_at": created_at,
        "updated_at": created_at + random.integer(0, 150 * DAY),
    }


def _nth(options: Sequence[Any], number: int) -> tuple[int, Any]:
    rounds, position = divmod(number - 1, len(options))
    return rounds, options[position]


def _numbered(name: str, rounds: int) -> str:
    return f"{name} {rounds + 1}" if rounds else name
