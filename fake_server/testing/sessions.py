"""A session of requests with a base URL; imported only where requests is installed."""

from typing import Any

import requests


class BaseUrlSession(requests.Session):
    """A session with paths relative to a base URL, without the environment's proxies and .netrc."""

    def __init__(self, base_url: str, headers: dict[str, str], query: dict[str, str]) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.update(headers)
        self.params = query
        self._base_url = base_url

    def request(  # type: ignore[override]  # all but the URL is passed on as it is
        self, method: str, url: str, *args: Any, **options: Any
    ) -> requests.Response:
        """Send a request; see `requests.Session.request`."""
        full_url = url if "://" in url else f"{self._base_url}/{url.lstrip('/')}".rstrip("/")
        return super().request(method, full_url, *args, **options)
