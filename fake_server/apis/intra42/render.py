"""Rows into the JSON of the documents, keys in their order."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, bindparam, select

from fake_server.apis.intra42.places import LANGUAGES
from fake_server.apis.intra42.tables import projects, users
from fake_server.apis.intra42.timestamps import optional_timestamp, timestamp
from fake_server.rest.context import store, world
from fake_server.rest.urls import base_url
from fake_server.world.store import Row

Rows = Sequence[Row]
_INVISIBLE = "invisible"


class _Known:
    """Users and projects of a world that were read since it last changed."""

    def __init__(self) -> None:
        self.version = -1
        self.users: dict[int, _Person] = {}
        self.projects: dict[int, _Work] = {}


class _Person(NamedTuple):
    login: str
    profile: dict[str, Any]


class _Work(NamedTuple):
    session_id: int
    rendered: dict[str, Any]
    cursus_ids: list[int]


def _known() -> _Known:
    known = world().part(_Known)
    if known.version != world().version:
        known.version = world().version
        known.users.clear()
        known.projects.clear()
    return known


def _people(ids: set[int]) -> dict[int, _Person]:
    known = _known().users
    for row in _missing(users, ids - known.keys()):
        known[row.id] = _Person(row.login, json.loads(row.profile))
    return known


def _works(ids: set[int]) -> dict[int, _Work]:
    known = _known().projects
    for row in _missing(projects, ids - known.keys()):
        rendered = {
            "id": row.id,
            "name": row.name,
            "slug": row.slug,
            "parent_id": row.parent_id,
        }
        known[row.id] = _Work(row.session_id, rendered, json.loads(row.cursus_ids))
    return known


def _missing(table: Table, ids: set[int]) -> Rows:
    return store().rows(_by_id(table), {"ids": list(ids)}) if ids else []


@cache
def _by_id(table: Table) -> Select[Any]:
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


def _summary(login: str, user_id: int, base: str) -> dict[str, Any]:
    return {"id": user_id, "login": login, "url": f"{base}/v2/users/{login}"}


def render_slots(rows: Rows, *, with_users: bool) -> list[dict[str, Any]]:
    """Return slots; who offers them is shown only `with_users`."""
    people = _people({row.user_id for row in rows}) if with_users else {}
    base = base_url()
    return [
        {
            "id": row.id,
            "begin_at": timestamp(row.begin_at),
            "end_at": optional_timestamp(row.end_at),
            "scale_team": None if row.scale_team_id is None else _scale_team(row),
            "user": _summary(people[row.user_id].login, row.user_id, base)
            if with_users
            else _INVISIBLE,
        }
        for row in rows
    ]


def _scale_team(row: Row) -> dict[str, Any]:
    created = timestamp(row.created_at)
    return {
        "id": row.scale_team_id,
        "scale_id": row.project_id or 1,
        "comment": None,
        "created_at": created,
        "updated_at": created,
        "feedback": None,
        "final_mark": None,
        "begin_at": timestamp(row.begin_at),
        "correcteds": _INVISIBLE,
        "corrector": _INVISIBLE,
        "filled_at": None,
    }


def render_projects_users(rows: Rows) -> list[dict[str, Any]]:
    """Return projects users with their project, user and teams."""
    people = _people({row.user_id for row in rows})
    works = _works({row.project_id for row in rows})
    base = base_url()
    return [_projects_user(row, people[row.user_id], works[row.project_id], base) for row in rows]


def _projects_user(row: Row, user: _Person, project: _Work, base: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "occurrence": row.occurrence,
        "final_mark": row.final_mark,
        "status": row.status,
        "validated?": row.validated,
        "current_team_id": row.current_team_id,
        "project": project.rendered,
        "cursus_ids": project.cursus_ids,
        "marked_at": optional_timestamp(row.marked_at),
        "marked": row.marked_at is not None,
        "retriable_at": optional_timestamp(row.retriable_at),
        "created_at": timestamp(row.created_at),
        "updated_at": timestamp(row.updated_at),
        "user": user.profile | {"url": f"{base}/v2/users/{user.login}"},
        "teams": [] if row.current_team_id is None else [_team(row, user, project, base)],
    }


def _team(row: Row, user: _Person, project: _Work, base: str) -> dict[str, Any]:
    closed = row.marked_at is not None or row.status == "waiting_for_correction"
    return {
        "id": row.current_team_id,
        "name": f"{user.login}'s group",
        "url": f"{base}/v2/teams/{row.current_team_id}",
        "final_mark": row.final_mark,
        "project_id": row.project_id,
        "created_at": timestamp(row.created_at),
        "updated_at": timestamp(row.updated_at),
        "status": row.status,
        "terminating_at": None,
        "users": [
            {
                **_summary(user.login, row.user_id, base),
                "leader": True,
                "occurrence": row.occurrence,
                "validated": True,
                "projects_user_id": row.id,
            }
        ],
        "locked?": row.status != "creating_group",
        "validated?": row.validated,
        "closed?": closed,
        "repo_url": None,
        "repo_uuid": f"intra-uuid-{row.user_id:08x}-{row.project_id:08x}-{row.current_team_id}",
        "locked_at": None if row.status == "creating_group" else timestamp(row.created_at),
        "closed_at": timestamp(row.marked_at or row.updated_at) if closed else None,
        "project_session_id": project.session_id,
        "project_gitlab_path": None,
    }


def render_campus(rows: Rows, users_count: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return campus; `users_count` is by id."""
    return [
        {
            "id": row.id,
            "name": row.name,
            "time_zone": row.time_zone,
            "language": _language(row.language_id),
            "users_count": users_count.get(row.id, 0),
            "vogsphere_id": row.vogsphere_id,
            "country": row.country,
            "address": row.address,
            "zip": row.zip,
            "city": row.city,
            "website": row.website,
            "facebook": row.facebook,
            "twitter": row.twitter,
            "active": row.active,
            "public": row.public,
            "email_extension": row.email_extension,
            "default_hidden_phone": row.default_hidden_phone,
        }
        for row in rows
    ]


def _language(language_id: int) -> dict[str, Any]:
    language = LANGUAGES[language_id]
    return {
        "id": language_id,
        "name": language.name,
        "identifier": language.identifier,
        "created_at": language.created_at,
        "updated_at": language.created_at,
    }


def render_cursus(rows: Rows) -> list[dict[str, Any]]:
    """Return cursus."""
    return [
        {
            "id": row.id,
            "created_at": timestamp(row.created_at),
            "name": row.name,
            "slug": row.slug,
            "kind": row.kind,
        }
        for row in rows
    ]
