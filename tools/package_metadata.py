"""The readme and the URLs of a distribution: a metadata hook of hatchling.

The package index shows README.md, where a link to a file of the repository leads nowhere. The
workflow that releases names the repository in `UNDERSTUDY_REPOSITORY_URL`; links then lead to the
files of that version there. Without it, as in a checkout, a link becomes its text, and the
distribution has no URLs: no address stands in the repository that could be wrong.
"""

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

VARIABLE = "UNDERSTUDY_REPOSITORY_URL"

_RELATIVE = re.compile(r"\[([^\]]+)\]\((?!https?:|#)([^)]+)\)")
_VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)


class PackageMetadata(MetadataHookInterface):
    """Adds the readme, and the URLs where the repository is known."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add `readme` and `urls` to the metadata of the project."""
        root = Path(self.root)
        (version,) = _VERSION.findall((root / "fake_server" / "_version.py").read_text("utf-8"))
        repository = os.environ.get(VARIABLE, "").rstrip("/")
        text = readme((root / "README.md").read_text("utf-8"), repository, f"v{version}")
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        if repository:
            metadata["urls"] = urls(repository, f"v{version}")


def readme(text: str, repository: str, tag: str) -> str:
    """Return README.md with absolute links, or with their text where there is no repository."""
    if not repository:
        return _RELATIVE.sub(r"\1", text)
    return _RELATIVE.sub(rf"[\1]({repository}/blob/{tag}/\2)", text)


def urls(repository: str, tag: str) -> dict[str, str]:
    """Return the URLs of the project, by the labels that package indexes know."""
    files = f"{repository}/blob/{tag}"
    return {
        "Homepage": repository,
        "Documentation": f"{files}/docs/index.md",
        "Changelog": f"{files}/CHANGELOG.md",
        "Issues": f"{repository}/issues",
        "Source": repository,
    }
