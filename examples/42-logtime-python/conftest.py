import pytest
from intra import Intra


@pytest.fixture
def intra(fake_world):
    (application,) = fake_world.intra42.credentials["applications"]
    return Intra(fake_world.url, application["uid"], application["secret"])
