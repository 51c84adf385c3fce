"""An asynchronous client of the 42 intra API: it signs in anew when its token has expired."""

import asyncio
from collections.abc import Iterable

import httpx


class Intra:
    """What an application may ask for."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._client = httpx.AsyncClient(base_url="https://api.intra.42.fr", timeout=5)

    async def sign_in(self) -> None:
        """Get a token."""
        answer = await self._client.post("/oauth/token", data=self._form)
        answer.raise_for_status()
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    async def get(self, path: str) -> httpx.Response:
        """Ask for a path; with a new token, if the one there was has expired."""
        answer = await self._client.get(path)
        if answer.status_code == 401:
            await self.sign_in()
            answer = await self._client.get(path)
        return answer.raise_for_status()

    async def slots_by(self, periods: Iterable[str]) -> dict[str, int]:
        """Return how many slots there are, counted by several periods at a time."""
        paths = [f"/v2/slots/graph/on/begin_at/by/{period}" for period in periods]
        graphs = await asyncio.gather(*(self.get(path) for path in paths))
        return {
            period: sum(graph.json().values())
            for period, graph in zip(periods, graphs, strict=True)
        }
