"""The resources of the 4me / Xurrent REST API. A resource stands after those that it refers to."""

from fake_server.api.declare import Resources

API = "xurrent"

RESOURCES = Resources(__name__, ("holidays", "calendars", "calendar_hours"))
