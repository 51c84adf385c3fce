"""tools/prose.py: the style of docstrings, comments and pages."""

from pathlib import Path

import pytest

from tools import prose

MODULE = '''"""Return what a name that is none gets."""

MOST = 3  # Whether a fault befalls a request.


class Listed:
    def key(self):
        """See `Kind`."""
'''

PAGE = """# Faults

Run `put to rest`. A wrong value is
put to rest.

```
what is none
```
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    return tmp_path


def test_docstrings_and_comments_of_a_module_are_held_to_the_style(folder: Path) -> None:
    module = folder / "module.py"
    module.write_text(MODULE)

    assert sorted(prose.mistakes([module])) == [
        "module.py:1: 'Return what': name what the function returns. (Understudy.ReturnWhat)",
        "module.py:1: 'that is none' is a riddle. Write 'does not exist', 'is not a …' or"
        " 'there is no …'. (Understudy.NoneSuch)",
        "module.py:3: Write 'applies to' instead of 'befalls'. (Understudy.PrivateWords)",
        "module.py:8: 'See `Kind`.': an override needs no docstring. (Understudy.SeeOverridden)",
    ]


def test_a_page_is_held_to_the_style_but_for_its_code(folder: Path) -> None:
    page = folder / "page.md"
    page.write_text(PAGE)

    assert list(prose.mistakes([page])) == [
        "page.md:4: Write 'disabled' instead of 'put to rest'. (Understudy.PrivateWords)"
    ]


def test_the_style_has_a_home_for_every_rule() -> None:
    assert {path.parent.name for path in prose.STYLES.rglob("*.yml")} == {"Understudy"}
    assert len(prose.rules()) == 5
