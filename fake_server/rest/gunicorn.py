"""The `Date` of answers under gunicorn, which takes the header for its own."""

from typing import Any


def with_own_date(start_response: Any) -> Any:
    """Return the `start_response` of a WSGI server so that an answer keeps its `Date`.

    gunicorn drops the `Date` of an application with the hop-by-hop headers, and its
    `Response.default_headers` adds that of the machine. Every other server keeps it.
    """
    response = getattr(start_response, "__self__", None)
    if not type(response).__module__.startswith("gunicorn.") or not hasattr(
        response, "default_headers"
    ):
        return start_response

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        date = next((value for name, value in headers if name.lower() == "date"), None)
        if date is not None:
            _set_date(response, date)
        return start_response(status, headers, *more)

    return start


def _set_date(response: Any, date: str) -> None:
    lines_of_server = response.default_headers

    def lines() -> list[str]:
        return [
            f"Date: {date}\r\n" if line.lower().startswith("date:") else line
            for line in lines_of_server()
        ]

    response.default_headers = lines
