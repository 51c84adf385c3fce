"""The images that worlds start from: databases, built once and cached in memory and on disk."""

from __future__ import annotations

from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING

from fake_server.data_files.cache import DISK_IMAGE, KEPT, cache_folder
from fake_server.data_files.code_version import api_version, code_version
from fake_server.world.datasets.dataset import Dataset
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.records.definition import StoreDefinition

if TYPE_CHECKING:
    from fake_server.world.image_making import Image

_MOST_IMAGES = 48
_MOST_BYTES = 256 * 1024 * 1024


class Images:
    """The images of a process, each made at its first use.

    At most 48 images and 256 MiB are kept; the least recently used images are dropped first.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._images: dict[str, Image] = {}
        self._making: dict[str, RLock] = {}

    def get(
        self, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs, *, on_disk: bool
    ) -> Image:
        """Return the image of one API for a dataset, seed and start; raises `DatasetError`."""
        key = _key(definition, dataset, inputs) + (DISK_IMAGE if on_disk else "")
        image = self._recalled(key)
        if image is not None:
            return image
        with self._lock:
            making = self._making.setdefault(key, RLock())
        # Whoever needs another image does not wait for this one.
        with making:
            try:
                image = self._recalled(key)
                if image is None:
                    # SQLAlchemy is half of what a server imports: a start goes without it.
                    from fake_server.world.image_making import image_in_memory, image_on_disk

                    make = image_on_disk if on_disk else image_in_memory
                    image = make(key, definition, dataset, inputs)
                    self._remember(key, image)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return image

    def is_at_hand(
        self, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs, *, on_disk: bool
    ) -> bool:
        """Return whether an image is in memory, so that nobody waits for it."""
        key = _key(definition, dataset, inputs) + (DISK_IMAGE if on_disk else "")
        with self._lock:
            return key in self._images

    def has(
        self, definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs, *, on_disk: bool
    ) -> bool:
        """Return whether an image is in memory or in the cache folder, so that none is made."""
        key = _key(definition, dataset, inputs) + (DISK_IMAGE if on_disk else "")
        with self._lock:
            if key in self._images:
                return True
        folder = cache_folder()
        return folder is not None and (folder / (key if on_disk else f"{key}{KEPT}")).is_file()

    def _recalled(self, key: str) -> Image | None:
        with self._lock:
            image = self._images.pop(key, None)
            if image is not None:
                self._images[key] = image
            return image

    def _remember(self, key: str, image: Image) -> None:
        with self._lock:
            self._images[key] = image
            while len(self._images) > 1 and self._are_too_many():
                del self._images[next(iter(self._images))]

    def _are_too_many(self) -> bool:
        size = sum(image.size for image in self._images.values())
        return len(self._images) > _MOST_IMAGES or size > _MOST_BYTES


def _key(definition: StoreDefinition, dataset: Dataset, inputs: ImageInputs) -> str:
    parts = [
        code_version(),
        api_version(definition.api),
        definition.api,
        dataset.digest(definition.api),
        str(inputs.seed),
        inputs.start.isoformat(),
    ]
    return f"{definition.api}-{sha256('|'.join(parts).encode()).hexdigest()[:32]}"
