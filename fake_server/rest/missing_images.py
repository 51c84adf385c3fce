"""Images that a request needs and that are not made yet, which a server makes beside its loop."""

from collections.abc import Sequence
from contextlib import suppress

from fake_server.errors import UserError
from fake_server.world.world import World

DEFERS = "fake_server.defers"
"""The key, in the environ, that is there where the server wants `MissingImagesError`.

Under another server, and in process, a request makes its images itself.
"""


class MissingImagesError(Exception):
    """A request needs images that are not made; nothing was done of it.

    Whoever catches the error calls `make`, then asks again, without `DEFERS`.
    """

    def __init__(self, images: Sequence[tuple[World, str]]) -> None:
        super().__init__(", ".join(f"{world.name}: {api}" for world, api in images))
        self._images = images

    def make(self) -> None:
        """Make the images. A mistake is left to the request, which words it in its dialect."""
        for world, api in self._images:
            with suppress(UserError):
                world.make_image(api)
