"""What a status is called."""

from werkzeug.http import HTTP_STATUS_CODES

_AS_RACK_HAS_IT = {413: "Payload Too Large", 511: "Network Authentication Required"}
_AS_THE_STATUS_LINE_HAS_IT = {418: "I'm a Teapot"}
_PHRASES = HTTP_STATUS_CODES | _AS_RACK_HAS_IT | _AS_THE_STATUS_LINE_HAS_IT
_UNKNOWN = "Internal Server Error"


def phrase_of(status: int) -> str:
    """Return what Rails calls a status: for one that is not registered, what it calls 500."""
    return _PHRASES.get(status, _UNKNOWN)
