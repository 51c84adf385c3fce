"""The 42 API as an application reads it: with a token, page by page, and no faster than it may."""

import os
import time
from collections.abc import Iterator
from typing import Any, Self

import requests

PAGE = 100
TRIES = 5


class Intra:
    """The API at a URL such as `https://api.intra.42.fr`, read by an application of it."""

    def __init__(self, url: str, uid: str, secret: str) -> None:
        self._url = url
        self._application = {"client_id": uid, "client_secret": secret}
        self._session = requests.Session()

    @classmethod
    def of_environment(cls) -> Self:
        """Return the API that INTRA42_URL, INTRA42_CLIENT_ID and INTRA42_CLIENT_SECRET name."""
        url = os.environ.get("INTRA42_URL", "https://api.intra.42.fr")
        return cls(url, os.environ["INTRA42_CLIENT_ID"], os.environ["INTRA42_CLIENT_SECRET"])

    def get(self, path: str, **params: Any) -> Any:
        """Return the content of a path below `/v2/`; asks again after a limit or an expired token.

        Raises `requests.HTTPError` for other statuses than 200, and for the last of too many tries.
        """
        for _ in range(TRIES):
            answer = self._session.get(f"{self._url}/v2/{path}", params=params, timeout=10)
            if answer.status_code == 401:
                self._log_in()
            elif answer.status_code == 429:
                time.sleep(int(answer.headers.get("Retry-After", "1")))
            else:
                break
        answer.raise_for_status()
        return answer.json()

    def records(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Yield the records of a list, page by page."""
        number, records = 0, [{}] * PAGE
        while len(records) == PAGE:
            number += 1
            page = {"page[size]": PAGE, "page[number]": number}
            records = self.get(path, **params, **page)
            yield from records

    def _log_in(self) -> None:
        form = {"grant_type": "client_credentials", **self._application}
        answer = self._session.post(f"{self._url}/oauth/token", data=form, timeout=10)
        answer.raise_for_status()
        token = answer.json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
