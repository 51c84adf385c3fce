"""The resources of the Fab-manager Open API, those that others refer to first."""

from fake_server.api.declare import Resources

API = "fabmanager"

RESOURCES = Resources(__name__, ("availabilities",))
