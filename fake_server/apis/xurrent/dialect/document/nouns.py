"""The nouns that the document uses for a resource and its records."""

from fake_server.api.declare import Declaration


def noun(resource: Declaration) -> str:
    """Return the name of one record in ids of operations, such as `calendar`."""
    return str(resource.keys.get("noun", resource.singular)).replace(" ", "_")


def is_countable(resource: Declaration) -> bool:
    """Return whether singular and plural differ."""
    return resource.singular != resource.plural


def a(resource: Declaration) -> str:
    """Return one record with its article: `a calendar`, but `hours`."""
    if not is_countable(resource):
        return resource.singular
    return f"{'an' if resource.singular[0] in 'aeio' else 'a'} {resource.singular}"


def capitalized(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def ordered(resource: Declaration) -> str:
    """Return the fields that a list is sorted by, such as `name` or `weekday and time_from`."""
    return " and ".join(key.field for key in resource.order)
