"""An OpenAPI document as one self-contained file: the names that servers and commands import."""

from fake_server.data_files.bundle import bundled, with_shapes

__all__ = ["bundled", "with_shapes"]
