"""The resources of the lending API, each in a module of its name."""

from fake_server.api.declare import Resources

API = "library"
RESOURCES = Resources(__name__, ["loans"])
