"""The cursus and projects of invented records."""

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, SeededRandom
from fake_server.apis.intra42.dialect.timestamps import as_instant

MAIN_CURSUS = 21
PISCINE = 9

KNOWN_CURSUS = {
    1: ("42", "main_deprecated"),
    4: ("Piscine C", "piscine"),
    9: ("C Piscine", "piscine"),
    21: ("42cursus", "main"),
    53: ("42.zip", "main"),
}
_FORMS = (
    ("Discovery Piscine", "piscine"),
    ("Bootcamp", "external"),
    ("Training", "professional_training"),
    ("Workshop", "test"),
    ("Open Piscine", "piscine_community"),
)
_THEMES = (
    "Web",
    "Python",
    "Data",
    "Machine Learning",
    "Cloud",
    "Security",
    "Games",
    "Mobile",
    "Embedded",
    "Networks",
    "Graphics",
    "Algorithms",
    "Systems",
    "Robotics",
    "Blockchain",
)


def cursus_name(number: int) -> tuple[str, str]:
    """Return the name and kind of a cursus by its id. The first 75 differ."""
    if number in KNOWN_CURSUS:
        return KNOWN_CURSUS[number]
    form, kind = _FORMS[number % len(_FORMS)]
    again, theme = divmod(number, len(_FORMS) * len(_THEMES))
    name = f"{form} {_THEMES[theme % len(_THEMES)]}"
    return (f"{name} {again + 1}" if again else name), kind


_MAIN = """
1314 Libft
1316 ft_printf
1327 get_next_line
1994 Born2beroot
1471 push_swap
2005 minitalk
2004 pipex
2009 so_long
2008 FdF
1476 fract-ol
1334 Philosophers
1331 minishell
2007 NetPractice
1326 cub3d
1315 miniRT
1338 CPP Module 00
1339 CPP Module 01
1340 CPP Module 02
1341 CPP Module 03
1342 CPP Module 04
1336 ft_irc
1332 webserv
1983 Inception
1337 ft_transcendence
1320 Exam Rank 02
1321 Exam Rank 03
1322 Exam Rank 04
"""
_ENTRY = """
1255 Shell 00
1256 Shell 01
1257 C 00
1258 C 01
1259 C 02
1260 C 03
1261 C 04
1308 Rush 00
1310 Rush 01
"""


def _projects(lines: str, cursus: int, prefix: str) -> list[tuple[int, str, str, int]]:
    projects = []
    for line in lines.strip().splitlines():
        number, _, name = line.partition(" ")
        slug = f"{prefix}-{name.lower().replace(' ', '-')}"
        projects.append((int(number), name, slug, cursus))
    return projects


PROJECTS = [
    *_projects(_MAIN, MAIN_CURSUS, "42cursus"),
    *_projects(_ENTRY, PISCINE, "c-piscine"),
]
"""Id, name, slug and cursus of projects, in the order of their creation."""

_POSITIONS = {number: position for position, (number, *_) in enumerate(PROJECTS, start=1)}
_FIRST_MADE = as_instant("2019-07-01T08:00:00Z")
_HOURS_PER_POINT = 8


def project_traits(number: int, name: str, slug: str) -> Values:
    """Return the invented columns of a project, by name: all but id, name and slug."""
    position = _POSITIONS.get(number, len(PROJECTS) + number)
    created = _FIRST_MADE + position * DAY
    is_exam = name.startswith("Exam")
    return {
        "position": position,
        "difficulty": SeededRandom(0, "projects", number).integer(5, 250) * _HOURS_PER_POINT,
        "visible": True,
        "exam": is_exam,
        "description": f"What is to be done in {name}.",
        "git_id": None if is_exam else 1000 + number,
        "repository": None if is_exam else f"vgs/{slug}",
        "created_at": created,
        "updated_at": created + 400 * DAY,
    }


def session_traits(project: Values) -> Values:
    """Return the invented columns of a session of a project, by name."""
    random = SeededRandom(0, "sessions", project["id"])
    return {
        "solo": True,
        "begin_at": project["created_at"],
        "end_at": None,
        "estimate_time": f"{max(project['difficulty'] // _HOURS_PER_POINT, 1)} hours",
        "difficulty": project["difficulty"],
        "objectives": random.sample(_OBJECTIVES, 2),
        "description": project["description"],
        "duration_days": None,
        "terminating_after": None,
        "created_at": project["created_at"],
        "updated_at": project["updated_at"],
        "max_people": None,
        "is_subscriptable": project["visible"],
        "team_behaviour": "user",
        "commit": random.hexadecimal(40),
        "minimum_mark": 80,
    }


_OBJECTIVES = (
    "Rigor",
    "Unix",
    "Algorithms",
    "Network & system administration",
    "Graphics",
    "Object-oriented programming",
)
