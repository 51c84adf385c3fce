"""Settings of Hypothesis for a run: no constants of sources, and a folder for its tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.internal.conjecture import providers


@contextmanager
def no_constants() -> Iterator[None]:
    """Keep Hypothesis from the constants in source files around it.

    It invents values of them: another literal anywhere would make other requests.
    """
    if hasattr(providers, "_get_local_constants"):
        empty = type(providers._get_local_constants())
        with patch.object(providers, "_get_local_constants", empty):
            yield
    else:
        yield


@contextmanager
def hypothesis_home(cache: Path | None) -> Iterator[None]:
    """Set another folder for Hypothesis, which would write to the working directory."""
    with TemporaryDirectory(prefix="understudy-") as folder:
        set_hypothesis_home_dir(folder if cache is None else cache / "hypothesis")
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
