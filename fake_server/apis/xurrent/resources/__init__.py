"""The resources of the 4me / Xurrent REST API, those that others refer to first."""

from fake_server.api.declare import Resources

API = "xurrent"

RESOURCES = Resources(__name__, ("holidays", "calendars", "calendar_hours"))
