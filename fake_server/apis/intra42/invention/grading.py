"""The scales that evaluations follow, and the flags that evaluators choose from."""

from fake_server.api.declare import Json

_FLAGS = (
    *(("Ok", True, "check-4"), ("Outstanding project", True, "star-1")),
    *((name, False, None) for name in ("Empty work", "Incomplete work", "Invalid compilation")),
    *((name, False, None) for name in ("Norme", "Cheat")),
    ("Crash", False, "bomb"),
    *((name, False, None) for name in ("Leaks", "Forbidden Function", "Concerning situation")),
)
_QUESTIONS = (
    ("It works", "Try what the subject asks for.", "bool", "standard"),
    ("It does more", "Count what goes beyond the subject.", "multi", "bonus"),
)
_FLAGGED_FROM = "2015-09-14T23:00:00.000Z"
_SCALED_FROM = "2019-07-01T09:00:00.000Z"

FLAGS: tuple[Json, ...] = tuple(
    {
        "id": number,
        "name": name,
        "positive": positive,
        "icon": icon,
        "created_at": _FLAGGED_FROM,
        "updated_at": _FLAGGED_FROM,
    }
    for number, (name, positive, icon) in enumerate(_FLAGS, start=1)
)
"""The flags as records show them. The first is that of an evaluation without a fault."""


def scale_of(number: int, evaluation_id: int, seconds: int, language: Json) -> Json:
    """Return the scale with an id, as evaluations show it.

    `seconds`: how long an evaluation by it takes. `language`: what it is written in.
    """
    return {
        "id": number,
        "evaluation_id": evaluation_id,
        "name": f"scale {number}",
        "is_primary": True,
        "comment": "",
        "introduction_md": "Be polite, and look at the work together.",
        "disclaimer_md": None,
        "guidelines_md": "Grade only what was handed in.",
        "created_at": _SCALED_FROM,
        "correction_number": 3,
        "duration": seconds,
        "manual_subscription": True,
        "languages": [language],
        "flags": [*FLAGS],
        "free": False,
    }


def sections_of(number: int) -> list[Json]:
    """Return the sections of the scale with an id: one, with a question for the work and a bonus.

    Their ids follow from that of the scale.
    """
    times = {"created_at": _SCALED_FROM, "updated_at": _SCALED_FROM}
    questions = [
        {
            "id": number * 10 + position,
            "name": name,
            "guidelines": guidelines,
            "rating": rating,
            "kind": kind,
            "questions_skills": [],
            "position": position,
            **times,
        }
        for position, (name, guidelines, rating, kind) in enumerate(_QUESTIONS, start=1)
    ]
    about = {"name": "The work", "description": "What was handed in."}
    return [{"id": number, **about, "questions": questions}]
