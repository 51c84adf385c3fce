"""A client of Xurrent's calendars: it reads every page, and tries again what failed."""

from collections.abc import Iterator

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry


class Calendars:
    """The calendars of one account."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self._url = f"{base_url}/calendars"
        self._session = requests.Session()
        self._session.headers.update(headers)
        retries = Retry(3, status_forcelist=[429, 503], backoff_factor=0.01)
        self._session.mount(base_url, HTTPAdapter(max_retries=retries))

    def names(self) -> Iterator[str]:
        """Yield the name of every calendar, page by page."""
        url: str | None = f"{self._url}?per_page=5"
        while url is not None:
            answer = self._session.get(url, timeout=5)
            answer.raise_for_status()
            yield from (calendar["name"] for calendar in answer.json())
            url = answer.links.get("next", {}).get("url")

    def minutes(self, calendar: int, start: str, end: str) -> int:
        """Return how many minutes of a calendar lie between two times."""
        answer = self._session.get(
            f"{self._url}/{calendar}/duration", params={"start": start, "end": end}, timeout=5
        )
        answer.raise_for_status()
        return int(answer.json()["duration"])
