"""Achievements: what users may achieve, in steps."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from sqlalchemy import select

from fake_server.api.declare import Json, Renderer, Values
from fake_server.api.invent import DAY
from fake_server.api.records import Row, Tables
from fake_server.api.serve import base_url, store
from fake_server.apis.intra42.dialect.record_cache import cached
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.belongings import numbered, slug_of
from fake_server.apis.intra42.invention.cities import BUSY_CAMPUS
from fake_server.apis.intra42.invention.curricula import MAIN_CURSUS, PISCINE
from fake_server.apis.intra42.resources import RESOURCES, campus, titles

_SERIES = (
    ("Early bird", "Log in before six.", "scolarity"),
    ("Good advice", "Give evaluations that others thank you for.", "pedagogy"),
    ("All in order", "Validate projects at the first try.", "project"),
    ("Open door", "Take part in events.", "social"),
    ("Long breath", "Work on a project for a month.", "project"),
    ("Night shift", "Log in after midnight.", "scolarity"),
)
_STEPS = (("easy", 1), ("medium", 10), ("hard", 42))
_FIRST = as_instant("2015-03-02T08:00:00Z")


class _Achievements(IntraResource):
    name = "achievements"

    @cached_property
    def _render_summaries(self) -> Renderer:
        return self.renderer(self.shape("achievement_summary.json")["properties"])

    def users_url(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return the address of those who have each achievement, by its id."""
        return {row.id: f"{base_url()}/v2/achievements/{row.id}/users" for row in rows}

    def campus(self, rows: Sequence[Row]) -> Mapping[int, list[str]]:
        """Return the names of the campus that have each achievement, by its id."""
        by_id = campus.resource.summaries({number for row in rows for number in row.campus_ids})
        return {row.id: [by_id[number]["name"] for number in row.campus_ids] for row in rows}

    def achievements(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the further steps of each achievement, by its id."""
        own = self.table.c
        query = select(self.table).where(own.parent_id.in_([row.id for row in rows]))
        steps: dict[int, list[Json]] = defaultdict(list)
        further = store().rows(query.order_by(own.id))
        for row, summary in zip(further, self._render_summaries(further), strict=True):
            steps[row.parent_id].append(summary)
        return {row.id: steps[row.id] for row in rows}

    def parent(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the first step of each achievement, by its id."""
        by_id = self._summaries({row.parent_id for row in rows} - {None})
        return {row.id: by_id.get(row.parent_id) for row in rows}

    def title(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the title that each achievement earns, by its id."""
        ids = {row.title_id for row in rows} - {None}
        by_id = cached(titles.resource.table, ids, titles.resource.as_record)
        return {row.id: by_id.get(row.title_id) for row in rows}

    def _summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        rows = [row for row in cached(self.table, ids, lambda row: row).values() if row.id in ids]
        return dict(zip([row.id for row in rows], self._render_summaries(rows), strict=True))

    def as_belongings(self, rows: Sequence[Row], keys: Sequence[str]) -> list[Json]:
        return self._render_summaries(rows)

    def invented(self, number: int, tables: Tables) -> Values:
        series, step = divmod(number - 1, len(_STEPS))
        name = numbered([name for name, *_ in _SERIES], series + 1)
        _, description, kind = _SERIES[series % len(_SERIES)]
        tier, successes = _STEPS[step]
        titles_earned = tables.ids(titles.resource.table) if step == len(_STEPS) - 1 else []
        created = _FIRST + number * DAY
        return {
            "id": number,
            "name": name,
            "description": description,
            "tier": tier,
            "kind": kind,
            "visible": True,
            "image": f"/uploads/achievement/image/{number}/{kind[:3].upper()}{number:03}.svg",
            "nbr_of_success": successes,
            "slug": f"{slug_of(name)}-{step + 1}",
            "parent_id": number - step if step else None,
            "title_id": titles_earned[series % len(titles_earned)] if titles_earned else None,
            "campus_ids": _among(BUSY_CAMPUS, tables.ids(RESOURCES["campus"].table)),
            "cursus_ids": _among((PISCINE, MAIN_CURSUS), tables.ids(RESOURCES["cursus"].table)),
            "created_at": created,
            "updated_at": created,
        }


resource = _Achievements()


def _among(preferred: Sequence[int], existing: Sequence[int]) -> list[int]:
    """Return the preferred ids that exist, or the first one of all where none does."""
    return [number for number in preferred if number in existing] or list(existing[:1])
