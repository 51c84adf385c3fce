"""Invented campus and languages. They share only their names with the service."""

from typing import NamedTuple

from fake_server.api.declare import Values
from fake_server.api.invent import DAY
from fake_server.api.records import PinnedRecord
from fake_server.apis.intra42.dialect.timestamps import as_instant


class Language(NamedTuple):
    """A language. `identifier` is its ISO 639-1 code."""

    name: str
    identifier: str
    created_at: str


class City(NamedTuple):
    """A city with a campus. `language` is a key of `LANGUAGES`."""

    city: str
    country: str
    time_zone: str
    language: int


_NAMES = (
    ("French", "fr"),
    ("English", "en"),
    ("Romanian", "ro"),
    ("Spanish", "es"),
    ("Italian", "it"),
    ("Portuguese", "pt"),
    ("German", "de"),
    ("Dutch", "nl"),
    ("Finnish", "fi"),
    ("Polish", "pl"),
    ("Czech", "cs"),
    ("Turkish", "tr"),
    ("Japanese", "ja"),
    ("Korean", "ko"),
    ("Arabic", "ar"),
    ("Thai", "th"),
    ("Armenian", "hy"),
)
LANGUAGES = {
    number: Language(name, identifier, f"2014-11-02T16:{number:02}:38.000Z")
    for number, (name, identifier) in enumerate(_NAMES, start=1)
}
IDENTIFIERS = {language.identifier: number for number, language in LANGUAGES.items()}

_CITY_LINES = """
1 Paris|France|Europe/Paris|fr
2 Cluj|Romania|Europe/Bucharest|ro
5 Grenoble|France|Europe/Paris|fr
6 Montpellier|France|Europe/Paris|fr
7 Fremont|United States|America/Los_Angeles|en
8 Chisinau|Moldova|Europe/Chisinau|ro
9 Lyon|France|Europe/Paris|fr
10 Toulouse|France|Europe/Paris|fr
11 Strasbourg|France|Europe/Paris|fr
12 Brussels|Belgium|Europe/Brussels|fr
13 Helsinki|Finland|Europe/Helsinki|fi
14 Amsterdam|Netherlands|Europe/Amsterdam|nl
15 Bordeaux|France|Europe/Paris|fr
16 Khouribga|Morocco|Africa/Casablanca|fr
17 Nantes|France|Europe/Paris|fr
18 Rennes|France|Europe/Paris|fr
19 Antwerp|Belgium|Europe/Brussels|nl
20 Dublin|Ireland|Europe/Dublin|en
21 Benguerir|Morocco|Africa/Casablanca|fr
22 Madrid|Spain|Europe/Madrid|es
23 Kazan|Russia|Europe/Moscow|en
24 Lima|Peru|America/Lima|es
25 Quebec|Canada|America/Toronto|fr
26 Tokyo|Japan|Asia/Tokyo|ja
27 Osaka|Japan|Asia/Tokyo|ja
28 Rio de Janeiro|Brazil|America/Sao_Paulo|pt
29 Seoul|Korea, Republic of|Asia/Seoul|ko
30 Rome|Italy|Europe/Rome|it
31 Angouleme|France|Europe/Paris|fr
32 Yerevan|Armenia|Asia/Yerevan|hy
33 Bangkok|Thailand|Asia/Bangkok|th
34 Kuala Lumpur|Malaysia|Asia/Kuala_Lumpur|en
35 Amman|Jordan|Asia/Amman|ar
36 Adelaide|Australia|Australia/Adelaide|en
37 Malaga|Spain|Europe/Madrid|es
38 Lisbon|Portugal|Europe/Lisbon|pt
39 Heilbronn|Germany|Europe/Berlin|de
40 Urduliz|Spain|Europe/Madrid|es
41 Nice|France|Europe/Paris|fr
42 Network|France|Europe/Paris|en
43 Abu Dhabi|United Arab Emirates|Asia/Dubai|en
44 Wolfsburg|Germany|Europe/Berlin|de
45 Valencia|Spain|Europe/Madrid|es
46 Barcelona|Spain|Europe/Madrid|es
47 Lausanne|Switzerland|Europe/Zurich|fr
48 Mulhouse|France|Europe/Paris|fr
49 Istanbul|Turkey|Europe/Istanbul|tr
50 Kocaeli|Turkey|Europe/Istanbul|tr
51 Berlin|Germany|Europe/Berlin|de
52 Florence|Italy|Europe/Rome|it
53 Vienna|Austria|Europe/Vienna|de
54 Zaragoza|Spain|Europe/Madrid|es
55 Tetouan|Morocco|Africa/Casablanca|fr
56 Prague|Czechia|Europe/Prague|cs
57 London|United Kingdom|Europe/London|en
58 Porto|Portugal|Europe/Lisbon|pt
59 Luxembourg|Luxembourg|Europe/Luxembourg|fr
60 Perpignan|France|Europe/Paris|fr
61 Sao Paulo|Brazil|America/Sao_Paulo|pt
62 Le Havre|France|Europe/Paris|fr
63 Singapore|Singapore|Asia/Singapore|en
64 Antananarivo|Madagascar|Indian/Antananarivo|fr
65 Warsaw|Poland|Europe/Warsaw|pl
66 Krakow|Poland|Europe/Warsaw|pl
67 Luanda|Angola|Africa/Luanda|pt
68 Beirut|Lebanon|Asia/Beirut|ar
69 Gyeongsan|Korea, Republic of|Asia/Seoul|ko
70 Nablus|Palestine|Asia/Hebron|ar
71 Rabat|Morocco|Africa/Casablanca|fr
72 Milan|Italy|Europe/Rome|it
73 Naples|Italy|Europe/Rome|it
74 Ankara|Turkey|Europe/Istanbul|tr
"""


def _city(line: str) -> tuple[int, City]:
    number, _, rest = line.partition(" ")
    city, country, time_zone, identifier = rest.split("|")
    return int(number), City(city, country, time_zone, IDENTIFIERS[identifier])


CITIES = dict(_city(line) for line in _CITY_LINES.strip().splitlines())
BUSY_CAMPUS = (1, 9, 13, 14, 22, 26, 29, 30, 38, 46, 51, 57)
"""The campus of most invented users."""


_FIRST_CREATION = as_instant("2014-11-02T16:43:38.480Z")


def dated_row(row: Values, record: PinnedRecord) -> Values:
    """Return a row with the pinned values of a record.

    Without a pinned creation it is created a day after the row before it.
    """
    pinned = {name: value for name, value in record.items() if name in row}
    created = _FIRST_CREATION + row["id"] * DAY
    if "created_at" in record:
        created = as_instant(record["created_at"])
    return {**row, **pinned, "created_at": created, "updated_at": created}
