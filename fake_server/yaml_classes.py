"""PyYAML's safe loader and dumper: those in C where they were built, else those in Python.

PyYAML has no wheel for the newest Python at first; what pip then builds where libyaml's headers are
missing is Python alone. It reads the same, only slower.
"""

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING or yaml.__with_libyaml__:
    from yaml import CSafeDumper as Dumper
    from yaml import CSafeLoader as Loader
else:
    from yaml import SafeDumper as Dumper
    from yaml import SafeLoader as Loader

__all__ = ["Dumper", "Loader"]
