"""A real browser without a window."""

import subprocess
from pathlib import Path

from tests.support.programs import require_program


def page_of(url: str, profile: Path, *options: str) -> str:
    """Return the document of a page as headless Chromium has it after its scripts ran.

    `profile` is a folder for the browser's own files. Skips the test where there is no Chromium.
    """
    browser = require_program("chromium", "chromium")
    done = subprocess.run(
        [
            *(browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *("--virtual-time-budget=20000", f"--user-data-dir={profile}", *options),
            url,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout
