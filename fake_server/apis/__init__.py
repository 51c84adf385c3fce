"""The APIs that are served, one package each."""

from importlib import import_module

from fake_server.rest.api import Api

NAMES = ("intra42", "fabmanager", "xurrent")


def load() -> dict[str, Api]:
    """Return the declaration of every API, by name."""
    return {name: import_module(f"{__name__}.{name}").api for name in NAMES}
