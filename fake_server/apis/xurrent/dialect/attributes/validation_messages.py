"""The messages of validation errors, in the languages that a request may ask for.

The texts are those of Rails and its published translations. The labels are those of the fields.
"""

from fake_server.apis.xurrent.dialect.brands import header

_ENGLISH = {
    "blank": "can't be blank",
    "taken": "has already been taken",
    "too_long": "is too long (maximum is {count} characters)",
    "inclusion": "is not included in the list",
    "invalid": "is invalid",
    "after": "must be after {other}",
    "not_a_number": "is not a number",
    "required": "must exist",
    "pairs": "must be a list of objects with id and value",
}
_MESSAGES = {
    "en": _ENGLISH,
    "nl": {
        "blank": "moet opgegeven zijn",
        "taken": "is al in gebruik",
        "too_long": "is te lang (maximaal {count} tekens)",
        "inclusion": "is niet in de lijst opgenomen",
        "invalid": "is ongeldig",
        "after": "moet na {other} liggen",
        "not_a_number": "is geen getal",
        "required": "moet bestaan",
        "pairs": "moet een lijst van objecten met id en value zijn",
    },
    "de": {
        "blank": "muss ausgefüllt werden",
        "taken": "ist bereits vergeben",
        "too_long": "ist zu lang (mehr als {count} Zeichen)",
        "inclusion": "ist kein gültiger Wert",
        "invalid": "ist nicht gültig",
        "after": "muss nach {other} liegen",
        "not_a_number": "ist keine Zahl",
        "required": "muss vorhanden sein",
        "pairs": "muss eine Liste von Objekten mit id und value sein",
    },
    "fr": {
        "blank": "doit être rempli(e)",
        "taken": "est déjà utilisé(e)",
        "too_long": "est trop long (pas plus de {count} caractères)",
        "inclusion": "n'est pas inclus(e) dans la liste",
        "invalid": "n'est pas valide",
        "after": "doit être après {other}",
        "not_a_number": "n'est pas un nombre",
        "required": "doit exister",
        "pairs": "doit être une liste d'objets avec id et value",
    },
}
_LABELS = {
    "en": {
        "name": "Name",
        "source": "Source",
        "sourceID": "Source ID",
        "disabled": "Disabled",
        "weekday": "Weekday",
        "time_from": "Time from",
        "time_until": "Time until",
        "start_at": "Start",
        "end_at": "End",
        "picture_uri": "Picture URI",
    },
    "nl": {
        "name": "Naam",
        "source": "Bron",
        "sourceID": "Bron-ID",
        "disabled": "Uitgeschakeld",
        "weekday": "Weekdag",
        "time_from": "Tijd van",
        "time_until": "Tijd tot",
        "start_at": "Begin",
        "end_at": "Einde",
        "picture_uri": "Afbeelding",
    },
    "de": {
        "name": "Name",
        "source": "Quelle",
        "sourceID": "Quellen-ID",
        "disabled": "Deaktiviert",
        "weekday": "Wochentag",
        "time_from": "Zeit von",
        "time_until": "Zeit bis",
        "start_at": "Beginn",
        "end_at": "Ende",
        "picture_uri": "Bild",
    },
    "fr": {
        "name": "Nom",
        "source": "Source",
        "sourceID": "ID source",
        "disabled": "Désactivé",
        "weekday": "Jour",
        "time_from": "Heure de début",
        "time_until": "Heure de fin",
        "start_at": "Début",
        "end_at": "Fin",
        "picture_uri": "Image",
    },
}


def language() -> str:
    """Return the language that the request asks for, or `en` for an unknown one."""
    code = (header("Language") or "en")[:2].lower()
    return code if code in _MESSAGES else "en"


def message(field: str, problem: str, *, count: int = 0, other: str = "") -> str:
    """Return a full message such as "Name can't be blank", in the request's language."""
    code = language()
    labels = _LABELS[code]
    rest = _MESSAGES[code][problem].format(count=count, other=labels.get(other, other))
    return f"{labels.get(field) or _humanized(field)} {rest}"


def _humanized(field: str) -> str:
    """Return a field's name as Rails makes a label of it: `Job title` of `job_title`."""
    name = field.removesuffix("_id").replace("_", " ")
    return name[:1].upper() + name[1:]
