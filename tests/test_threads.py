"""Threads that read, write, fail and reset at once, on one world and on worlds of one image."""

import gc
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from fake_server import create_app
from fake_server.world.worlds import Worlds

ROUNDS = 25
THREADS = 5


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app("documented", auth="off")


def _connections() -> int:
    gc.collect()
    return sum(isinstance(each, sqlite3.Connection) for each in gc.get_objects())


def _use(app: Flask, prefix: str, name: str) -> None:
    """Read of two APIs, write, be refused after the write was begun."""
    client = app.test_client()
    calendar = {"name": name, "time_zone": "Amsterdam"}
    created = client.post(f"{prefix}/v1/calendars", json=calendar)
    assert created.status_code == 201
    assert client.get(f"{prefix}/v1/calendars").status_code == 200
    assert client.get(f"{prefix}/v2/slots").status_code == 200
    refused = client.post(f"{prefix}/v1/calendars", json={"name": ""})
    assert refused.status_code == 422


def test_requests_and_resets_race_without_harm(app: Flask) -> None:
    worlds: Worlds = app.extensions["fake_server.worlds"]
    for number in range(THREADS):
        worlds.create(f"own-{number}")
    barrier = threading.Barrier(THREADS)
    before = app.test_client().get("/v1/calendars").json

    def work(number: int) -> None:
        barrier.wait()
        for turn in range(ROUNDS):
            _use(app, "", f"Team {number}-{turn}")
            _use(app, f"/w/own-{number}", f"Team {turn}")
            if turn % THREADS == number:
                worlds.default.reset()
            if turn % 4 == 0:
                worlds.get(f"own-{number}").reset()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    worlds.default.reset()
    assert app.test_client().get("/v1/calendars").json == before


def test_worlds_that_are_reset_leave_no_connection_open(app: Flask) -> None:
    worlds: Worlds = app.extensions["fake_server.worlds"]
    worlds.default.reset()
    before = _connections()
    for _ in range(10):
        worlds.create("made-again")
        _use(app, "/w/made-again", "Team")
    worlds.get("made-again").reset()
    assert _connections() <= before
