"""A hook of the documentation's build: links to files that the site does not have become text."""

import re
from typing import Any

_OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]+\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return a page with the text of each link that leads out of `docs/` in place of the link."""
    return _OUTSIDE.sub(r"\1", markdown)
