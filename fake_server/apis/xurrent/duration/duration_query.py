"""The parameters of a duration: two instants and the zone of the calendar."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from fake_server.api.serve import Parameters, UnknownZoneError, zone
from fake_server.apis.xurrent.dialect.errors import BadRequestError
from fake_server.apis.xurrent.dialect.query.parameters import text_of
from fake_server.apis.xurrent.dialect.values.requested import requested_instant, warn_of_plus
from fake_server.apis.xurrent.duration.working_time import Week, working_time


class DurationQuery(NamedTuple):
    """Start and end in milliseconds UTC, and the calendar's time zone."""

    start: int
    end: int
    zone: ZoneInfo

    @classmethod
    def from_parameters(cls, query_parameters: Parameters) -> "DurationQuery":
        """Read `start`, `end` and `time_zone` (default UTC).

        Raises `BadRequestError`.
        """
        local = _zone(text_of("time_zone", query_parameters.get("time_zone")))
        start, end = (
            _instant("start", query_parameters, local),
            _instant("end", query_parameters, local),
        )
        if end < start:
            raise BadRequestError("Parameter 'end' cannot be before parameter 'start'")
        return cls(start, end, local)

    def working_time(self, week: Week, holidays: list[tuple[int, int]]) -> int:
        """Return the active milliseconds of a calendar."""
        return working_time(week, holidays, self.zone, self.start, self.end)


def _zone(name: str) -> ZoneInfo:
    try:
        return zone(name or "UTC")
    except UnknownZoneError:
        raise BadRequestError("Parameter 'time_zone' is not a time zone") from None


def _instant(name: str, query_parameters: Parameters, local: ZoneInfo) -> int:
    text = text_of(name, query_parameters.get(name))
    if not text:
        raise BadRequestError(f"Parameter '{name}' cannot be blank")
    warn_of_plus(query_parameters, name, text)
    milliseconds_utc = requested_instant(text, local)
    if milliseconds_utc is None:
        raise BadRequestError(f"Parameter '{name}' is not a date and time")
    return milliseconds_utc
