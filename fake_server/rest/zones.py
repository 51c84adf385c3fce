"""Time zones by their Rails names ("Central Time (US & Canada)") or their IANA names.

The names are those of `ActiveSupport::TimeZone::MAPPING`, with Manila and Nigeria, which services
that run on Rails added to it.
"""

from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from fake_server.errors import RecordError

RAILS_ZONES: dict[str, str] = {
    "International Date Line West": "Etc/GMT+12",
    "American Samoa": "Pacific/Pago_Pago",
    "Midway Island": "Pacific/Midway",
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Tijuana": "America/Tijuana",
    "Arizona": "America/Phoenix",
    "Mazatlan": "America/Mazatlan",
    "Mountain Time (US & Canada)": "America/Denver",
    "Central America": "America/Guatemala",
    "Central Time (US & Canada)": "America/Chicago",
    "Chihuahua": "America/Chihuahua",
    "Guadalajara": "America/Mexico_City",
    "Mexico City": "America/Mexico_City",
    "Monterrey": "America/Monterrey",
    "Saskatchewan": "America/Regina",
    "Bogota": "America/Bogota",
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Lima": "America/Lima",
    "Quito": "America/Lima",
    "Atlantic Time (Canada)": "America/Halifax",
    "Caracas": "America/Caracas",
    "Georgetown": "America/Guyana",
    "La Paz": "America/La_Paz",
    "Puerto Rico": "America/Puerto_Rico",
    "Santiago": "America/Santiago",
    "Newfoundland": "America/St_Johns",
    "Brasilia": "America/Sao_Paulo",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Montevideo": "America/Montevideo",
    "Greenland": "America/Godthab",
    "Mid-Atlantic": "Atlantic/South_Georgia",
    "Azores": "Atlantic/Azores",
    "Cape Verde Is.": "Atlantic/Cape_Verde",
    "Edinburgh": "Europe/London",
    "Lisbon": "Europe/Lisbon",
    "London": "Europe/London",
    "Monrovia": "Africa/Monrovia",
    "UTC": "Etc/UTC",
    "Amsterdam": "Europe/Amsterdam",
    "Belgrade": "Europe/Belgrade",
    "Berlin": "Europe/Berlin",
    "Bern": "Europe/Zurich",
    "Bratislava": "Europe/Bratislava",
    "Brussels": "Europe/Brussels",
    "Budapest": "Europe/Budapest",
    "Casablanca": "Africa/Casablanca",
    "Copenhagen": "Europe/Copenhagen",
    "Dublin": "Europe/Dublin",
    "Ljubljana": "Europe/Ljubljana",
    "Madrid": "Europe/Madrid",
    "Paris": "Europe/Paris",
    "Prague": "Europe/Prague",
    "Rome": "Europe/Rome",
    "Sarajevo": "Europe/Sarajevo",
    "Skopje": "Europe/Skopje",
    "Stockholm": "Europe/Stockholm",
    "Vienna": "Europe/Vienna",
    "Warsaw": "Europe/Warsaw",
    "West Central Africa": "Africa/Algiers",
    "Zagreb": "Europe/Zagreb",
    "Zurich": "Europe/Zurich",
    "Athens": "Europe/Athens",
    "Bucharest": "Europe/Bucharest",
    "Cairo": "Africa/Cairo",
    "Harare": "Africa/Harare",
    "Helsinki": "Europe/Helsinki",
    "Jerusalem": "Asia/Jerusalem",
    "Kaliningrad": "Europe/Kaliningrad",
    "Kyiv": "Europe/Kiev",
    "Pretoria": "Africa/Johannesburg",
    "Riga": "Europe/Riga",
    "Sofia": "Europe/Sofia",
    "Tallinn": "Europe/Tallinn",
    "Vilnius": "Europe/Vilnius",
    "Baghdad": "Asia/Baghdad",
    "Istanbul": "Europe/Istanbul",
    "Kuwait": "Asia/Kuwait",
    "Minsk": "Europe/Minsk",
    "Moscow": "Europe/Moscow",
    "Nairobi": "Africa/Nairobi",
    "Riyadh": "Asia/Riyadh",
    "St. Petersburg": "Europe/Moscow",
    "Volgograd": "Europe/Volgograd",
    "Tehran": "Asia/Tehran",
    "Abu Dhabi": "Asia/Muscat",
    "Baku": "Asia/Baku",
    "Muscat": "Asia/Muscat",
    "Samara": "Europe/Samara",
    "Tbilisi": "Asia/Tbilisi",
    "Yerevan": "Asia/Yerevan",
    "Kabul": "Asia/Kabul",
    "Almaty": "Asia/Almaty",
    "Ekaterinburg": "Asia/Yekaterinburg",
    "Islamabad": "Asia/Karachi",
    "Karachi": "Asia/Karachi",
    "Tashkent": "Asia/Tashkent",
    "Chennai": "Asia/Kolkata",
    "Kolkata": "Asia/Kolkata",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Sri Jayawardenepura": "Asia/Colombo",
    "Kathmandu": "Asia/Kathmandu",
    "Astana": "Asia/Dhaka",
    "Dhaka": "Asia/Dhaka",
    "Urumqi": "Asia/Urumqi",
    "Rangoon": "Asia/Rangoon",
    "Bangkok": "Asia/Bangkok",
    "Hanoi": "Asia/Bangkok",
    "Jakarta": "Asia/Jakarta",
    "Krasnoyarsk": "Asia/Krasnoyarsk",
    "Novosibirsk": "Asia/Novosibirsk",
    "Beijing": "Asia/Shanghai",
    "Chongqing": "Asia/Chongqing",
    "Hong Kong": "Asia/Hong_Kong",
    "Irkutsk": "Asia/Irkutsk",
    "Kuala Lumpur": "Asia/Kuala_Lumpur",
    "Manila": "Asia/Manila",
    "Perth": "Australia/Perth",
    "Singapore": "Asia/Singapore",
    "Taipei": "Asia/Taipei",
    "Ulaanbaatar": "Asia/Ulaanbaatar",
    "Osaka": "Asia/Tokyo",
    "Sapporo": "Asia/Tokyo",
    "Seoul": "Asia/Seoul",
    "Tokyo": "Asia/Tokyo",
    "Yakutsk": "Asia/Yakutsk",
    "Adelaide": "Australia/Adelaide",
    "Darwin": "Australia/Darwin",
    "Brisbane": "Australia/Brisbane",
    "Canberra": "Australia/Melbourne",
    "Guam": "Pacific/Guam",
    "Hobart": "Australia/Hobart",
    "Melbourne": "Australia/Melbourne",
    "Port Moresby": "Pacific/Port_Moresby",
    "Sydney": "Australia/Sydney",
    "Vladivostok": "Asia/Vladivostok",
    "Magadan": "Asia/Magadan",
    "New Caledonia": "Pacific/Noumea",
    "Solomon Is.": "Pacific/Guadalcanal",
    "Srednekolymsk": "Asia/Srednekolymsk",
    "Auckland": "Pacific/Auckland",
    "Fiji": "Pacific/Fiji",
    "Kamchatka": "Asia/Kamchatka",
    "Marshall Is.": "Pacific/Majuro",
    "Wellington": "Pacific/Auckland",
    "Chatham Is.": "Pacific/Chatham",
    "Nuku'alofa": "Pacific/Tongatapu",
    "Samoa": "Pacific/Apia",
    "Tokelau Is.": "Pacific/Fakaofo",
    "Nigeria": "Africa/Lagos",
}
"""IANA name by Rails name."""


class UnknownZoneError(LookupError):
    """A text is neither the Rails name nor the IANA name of a time zone; its text is the name."""

    def told(self) -> str:
        """Return the mistake as a line for the user who made it, with what may be meant."""
        name = str(self)
        close = get_close_matches(name, sorted({*RAILS_ZONES, *_iana_names()}), n=1, cutoff=0.75)
        kinds = "give a Rails name such as Paris, or an IANA name such as Europe/Paris"
        return f"{name} is not a time zone; {f'meant {close[0]}?' if close else kinds}"


@lru_cache(1024)
def zone(name: str) -> ZoneInfo:
    """Return the time zone that has a Rails name or an IANA name; case matters.

    Raises `UnknownZoneError` for any other text.
    """
    iana = RAILS_ZONES.get(name, name)
    if iana not in _iana_names():
        raise UnknownZoneError(name)
    return ZoneInfo(iana)


def pinned_zone(path: tuple[str | int, ...], name: str) -> ZoneInfo:
    """Return the time zone that a dataset names; raises `RecordError` with the name's path."""
    try:
        return zone(name)
    except UnknownZoneError as error:
        raise RecordError(path, error.told()) from None


@cache
def _iana_names() -> frozenset[str]:
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(listed.split())
