"""Clients that send a request: each HTTP library, with one signature."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests

LAB = "https://lab.example"

Get = Callable[..., Any]


def by_requests(method: str, url: str, **options: Any) -> Any:
    """Send a request by requests."""
    return requests.request(method, url, **options)


def by_httpx(method: str, url: str, **options: Any) -> Any:
    """Send a request by httpx."""
    return httpx.request(method, url, follow_redirects=True, **options)


def by_async_httpx(method: str, url: str, **options: Any) -> Any:
    """Send a request by httpx, asynchronously."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(follow_redirects=True) as client:
            return await client.request(method, url, **options)

    return asyncio.run(ask())


def by_httpx2(method: str, url: str, **options: Any) -> Any:
    """Send a request by httpx2."""
    return httpx2.request(method, url, follow_redirects=True, **options)


def by_async_httpx2(method: str, url: str, **options: Any) -> Any:
    """Send a request by httpx2, asynchronously."""

    async def ask() -> httpx2.Response:
        async with httpx2.AsyncClient(follow_redirects=True) as client:
            return await client.request(method, url, **options)

    return asyncio.run(ask())


class AiohttpAnswer:
    """An answer that aiohttp has read, with the names that requests gives its parts."""

    def __init__(self, answer: aiohttp.ClientResponse, content: bytes) -> None:
        self.status_code = answer.status
        self.headers = answer.headers
        self.content = content

    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.content)


def by_aiohttp(method: str, url: str, **options: Any) -> Any:
    """Send a request by aiohttp."""

    async def ask() -> AiohttpAnswer:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, **options) as answer,
        ):
            return AiohttpAnswer(answer, await answer.read())

    return asyncio.run(ask())


SENDERS = [by_requests, by_httpx, by_async_httpx, by_httpx2, by_async_httpx2, by_aiohttp]

each_library = pytest.mark.parametrize("send", SENDERS)
