"""Operations of the real services that the fake does not serve, as journal and log name them."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from fake_server.data_files import registry
from fake_server.data_files.package_files import yaml_file
from fake_server.data_files.yaml_values import read_yaml
from fake_server.rest.schema.requested_operation import template_pattern

NOT_SERVED = "X-Fake-Not-Served"
"""Header of a 404 that is the fake's own: the real service may well serve the request."""

_NUMBER = re.compile("(?<=/)[0-9]+(?=/|$)")


class NotServed(NamedTuple):
    """An operation that the fake does not serve, such as `GET /v2/offers/{id}`.

    `reason`: a sentence, empty for an operation that `not_served.yaml` does not list.
    """

    operation: str
    reason: str

    def __str__(self) -> str:
        """Return one line, whose characters are all printable."""
        line = f"{self.operation} is not served"
        return ascii(f"{line}: {self.reason}" if self.reason else line)[1:-1]


def not_served(api: str, method: str, path: str) -> NotServed:
    """Return the operation of a request that no route takes. A HEAD is for that of its GET.

    The operation has the path's template in the API's `not_served.yaml`; without one, `{id}` stands
    for each number of the path.
    """
    verb = "GET" if method == "HEAD" else method
    for (listed, pattern), operation in _listed(api).items():
        if listed == verb and pattern.fullmatch(path):
            return operation
    return NotServed(f"{verb} {_NUMBER.sub('{id}', path)}", "")


@cache
def _listed(api: str) -> Mapping[tuple[str, re.Pattern[str]], NotServed]:
    package = registry.packages().get(api)
    file = package and package.schemas / "not_served.yaml"
    groups: list[dict[str, Any]] = yaml_file(file, read_yaml) if file and file.is_file() else []
    listed = {}
    for group in groups:
        for operation in group["operations"]:
            method, _, path = operation.partition(" ")
            key = method, re.compile(template_pattern(path))
            listed[key] = NotServed(operation, group["reason"])
    return listed
