"""What a status is called."""

from werkzeug.http import HTTP_STATUS_CODES

_AS_RACK_HAS_IT = {413: "Payload Too Large"}
_UNKNOWN = "Internal Server Error"


def phrase_of(status: int) -> str:
    """Return what Rails calls a status: for one that is not registered, what it calls 500."""
    return _AS_RACK_HAS_IT.get(status) or HTTP_STATUS_CODES.get(status, _UNKNOWN)
