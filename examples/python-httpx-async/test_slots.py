import asyncio

import pytest
from slots import Intra

pytestmark = pytest.mark.fake_world(dataset="documented")


@pytest.fixture
def intra(fake_intercept):
    (application,) = fake_intercept.intra42.credentials["applications"]
    return Intra(application["uid"], application["secret"])


def test_graphs_are_asked_for_at_a_time(intra):
    async def counts():
        await intra.sign_in()
        return await intra.slots_by(["day", "month"])

    assert asyncio.run(counts()) == {"day": 1389, "month": 1389}


def test_a_new_token_is_got_when_the_old_one_has_expired(fake_world, intra):
    async def twice():
        await intra.sign_in()
        await intra.get("/v2/slots")
        fake_world.clock.advance(hours=3)
        await intra.get("/v2/slots")

    asyncio.run(twice())
    statuses = [request.status for request in fake_world.requests.find(path="/v2/slots")]
    assert statuses == [200, 401, 200]
    fake_world.requests.verify(method="POST", path="/oauth/token", count=2)
