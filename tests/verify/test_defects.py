"""What a proxy does wrong is noticed, also where nothing of the server can be controlled.

Some of the defects meet the behaviours that concern them; `make defects` runs them all, against
whole suites.
"""

import pytest

from fake_server.verify.api_files.ledger import entries, is_selected
from tests.verify.defects.campaign import broken_of_fake, broken_of_live_service
from tests.verify.defects.catalogue import DEFECTS
from tests.verify.defects.proxy import Defect

ALL = list(DEFECTS.values())


def _name(defect: Defect) -> str:
    return defect.full_name


def test_there_are_enough_of_each_api() -> None:
    assert len(DEFECTS) >= 60
    for api in ("fabmanager", "intra42", "xurrent"):
        assert sum(defect.api == api for defect in ALL) >= 20


@pytest.mark.parametrize("defect", ALL, ids=_name)
def test_a_defect_names_behaviours(defect: Defect) -> None:
    ids = entries(defect.api)
    for glob in defect.globs:
        assert any(is_selected(id_, (glob,)) for id_ in ids), glob
    assert defect.says.endswith(".")


@pytest.mark.parametrize("defect", ALL[::9], ids=_name)
def test_a_defect_of_a_live_service_is_noticed(defect: Defect) -> None:
    assert broken_of_live_service(defect, defect.globs)


@pytest.mark.parametrize("defect", ALL[1::36], ids=_name)
def test_a_defect_of_a_fake_is_noticed(defect: Defect) -> None:
    assert broken_of_fake(defect, defect.globs)
