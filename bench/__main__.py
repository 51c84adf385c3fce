"""Run as `python -m bench [--large]`: prints one table of measured figures beside their targets."""

import argparse
import statistics
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from bench import many_worlds
from bench.http import JsonConnection
from bench.measure import Served, median_ms, served

TOKEN = {"Authorization": "Bearer YOUR_ACCESS_TOKEN", "Accept": "application/json"}
FAB = {"Authorization": "Token 7Yq3hKc9WnB5tRf2XvM8sZdE", "Accept": "application/json"}
BASIC = {"Authorization": "Basic YXBpLXRva2VuOng="}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: its unit is in the name; `target` is the most it should be."""

    name: str
    value: float
    target: float
    floor: float | None = None


def main() -> None:
    """Measure, and print the table."""
    options = argparse.ArgumentParser(prog="python -m bench")
    options.add_argument(
        "--large", action="store_true", help="also the dataset of 3,000,000 records"
    )
    large = options.parse_args().large
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        figures = [*start_up(Path(folder)), *requests(Path(folder)), *worlds(Path(folder))]
        if large:
            figures += large_dataset(Path(folder))
    show(figures)


def start_up(folder: Path) -> list[Figure]:
    """Measure from the start of the process to its first answer."""
    cold = []
    for run in range(3):
        with served("--dataset", "demo", cache=folder / f"cold-{run}") as server:
            cold.append(server.ready_ms)
    warm = []
    for _ in range(5):
        with served("--dataset", "demo", cache=folder / "cold-0") as server:
            warm.append(server.ready_ms)
    return [
        Figure("ready, cold image cache (ms)", statistics.median(cold), 900),
        Figure("ready, warm image cache (ms)", statistics.median(warm), 400),
    ]


PAGES = {
    "intra42 page of 20 slots": ("/v2/slots?per_page=20", TOKEN),
    "intra42 page of 20 projects_users": ("/v2/projects_users?per_page=20", TOKEN),
    "intra42 graph by day": ("/v2/slots/graph/on/begin_at/by/day", TOKEN),
    "intra42 graph by hour of day": (
        "/v2/projects_users/graph/on/created_at/by/hour_of_day",
        TOKEN,
    ),
    "fabmanager page of 20": ("/open_api/v1/availabilities", FAB),
    "xurrent page of calendars": ("/v1/calendars?per_page=20", BASIC),
}


def requests(folder: Path) -> list[Figure]:
    """Measure requests over one kept connection, beside the cheapest one there is.

    Each is measured as a remembered answer, and computed anew by a server without a memory.
    """
    demo = ("--dataset", "demo")
    with (
        served(*demo, cache=folder / "cold-0") as server,
        served(*demo, "--no-cache", cache=folder / "cold-0") as forgetful,
    ):
        floor = median_ms(lambda: server.get("/_fake/health"), 500)
        figures = [Figure("health, the floor (ms)", floor, 1, floor)]
        for name, (path, headers) in PAGES.items():
            remembered = _get(server, path, headers, 300)
            computed = _get(forgetful, path, headers, 300)
            figures.append(Figure(f"{name}, remembered (ms)", remembered, 0.3, floor))
            figures.append(Figure(f"{name}, computed (ms)", computed, 1, floor))
    return figures


def _get(server: Served, path: str, headers: dict[str, str], runs: int) -> float:
    return median_ms(lambda: server.get(path, headers), runs)


def worlds(folder: Path) -> list[Figure]:
    """Measure making and resetting a world of an image that is built already."""
    from fake_server import create_app

    app = create_app("demo")
    made = app.extensions["fake_server.worlds"]
    client = app.test_client()

    def make() -> None:
        world = made.create("bench-new")
        world.store("xurrent")

    world = made.create("bench")
    untouched = median_ms(world.reset, 500)

    def write() -> None:
        answer = client.post("/w/bench/v1/calendars", json={"name": "Mine"}, headers=BASIC)
        if answer.status_code != 201:
            raise RuntimeError(answer.text)

    return [
        Figure("world made in process (ms)", median_ms(make, 500), 1),
        Figure("world reset in process (ms)", untouched, 0.2),
        Figure(
            "world reset in process, after a write (ms)",
            median_ms(world.reset, 300, before=write),
            0.2,
        ),
        world_of_a_test(),
        *worlds_over_http(folder),
        many_worlds_at_once(),
    ]


def world_of_a_test() -> Figure:
    """Measure what the pytest fixture does before and after each test."""
    from fake_server import FakeServer

    with FakeServer(dataset="demo") as server:
        spent = median_ms(lambda: server.create_world().delete(), 300)
    return Figure("fake_world made and deleted (ms)", spent, 1)


def worlds_over_http(folder: Path) -> list[Figure]:
    """Measure a test's own world, made and deleted through the control plane."""
    with served("--dataset", "demo", cache=folder / "cold-0") as server:
        connection = JsonConnection(server.port)

        def make() -> None:
            connection.ask("POST", "/_fake/worlds", {"name": "bench"})

        def delete() -> None:
            connection.ask("DELETE", "/_fake/worlds/bench")

        make()
        return [
            Figure("world made over HTTP (ms)", median_ms(make, 300, before=delete), 5),
            Figure(
                "world reset over HTTP (ms)",
                median_ms(lambda: connection.ask("POST", "/_fake/worlds/bench/reset"), 300),
                5,
            ),
        ]


def many_worlds_at_once() -> Figure:
    """Measure what 10,000 worlds in use weigh, in a process of their own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        weight = process.submit(many_worlds.peak_mb).result()
    return Figure("10,000 worlds in use, 1,000 written to (MB)", weight, many_worlds.MOST_MB)


LARGE = {
    "large: graph by day": ("/v2/slots/graph/on/begin_at/by/day", 150),
    "large: graph by month": ("/v2/projects_users/graph/on/created_at/by/month", 150),
    "large: graph by hour of day": ("/v2/slots/graph/on/begin_at/by/hour_of_day", 150),
    "large: filtered graph": ("/v2/slots/graph/on/begin_at/by/day?filter[end]=true", 800),
    "large: filtered graph, campus": (
        "/v2/projects_users/graph/on/created_at/by/day?filter[campus]=1&filter[marked]=true",
        800,
    ),
    "large: page, a filter of few matches (user_id)": (
        "/v2/projects_users?filter[user_id]=2069&per_page=20",
        20,
    ),
    "large: page, the status of most (finished)": (
        "/v2/projects_users?filter[status]=finished&per_page=20",
        20,
    ),
    "large: page, the cursus of most (21)": (
        "/v2/projects_users?filter[cursus]=21&per_page=20",
        20,
    ),
    "large: page, slots begun by now": ("/v2/slots?filter[future]=false&per_page=20", 20),
    "large: locations, graph by day": ("/v2/locations/graph/on/begin_at/by/day", 150),
    "large: locations, graph by hour of day": ("/v2/locations/graph/on/end_at/by/hour_of_day", 150),
    "large: locations, filtered graph": (
        "/v2/locations/graph/on/begin_at/by/week?filter[campus_id]=1",
        800,
    ),
    "large: locations, page": ("/v2/locations?per_page=20", 20),
    "large: locations, page of a campus": ("/v2/campus/1/locations?per_page=20", 20),
    "large: locations, who sits at a campus": (
        "/v2/campus/1/locations?filter[active]=true&per_page=100",
        20,
    ),
    "large: locations, page of a user and months": (
        "/v2/users/2069/locations?range[begin_at]=2026-01-01,2026-12-01&per_page=20",
        20,
    ),
    "large: locations, page of a computer": ("/v2/locations?filter[host]=c1r1s1&per_page=20", 20),
    "large: locations_stats of a user": ("/v2/users/2069/locations_stats", 20),
}


def large_dataset(folder: Path) -> list[Figure]:
    """Measure the dataset of 1,000,000 slots, projects_users and locations each."""
    with served("--dataset", "large", cache=folder / "large") as server:
        figures = [Figure("large: made (s)", server.ready_ms / 1000, float("nan"))]
        for name, (path, target) in LARGE.items():
            figures.append(Figure(f"{name} (ms)", _get(server, path, TOKEN, 7), target))
        figures.append(Figure("large: memory (MB)", server.memory_mb(), 600))
    return figures


def show(figures: list[Figure]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "measured", "at most", "x floor")
    for figure in figures:
        ratio = f"{figure.value / figure.floor:.1f}" if figure.floor else ""
        table.add_row(figure.name, f"{figure.value:.2f}", f"{figure.target:g}", ratio)
    Console().print(table)


if __name__ == "__main__":
    main()
