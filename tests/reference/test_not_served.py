"""The operations that the reference has and the fake does not serve are listed, with a reason."""

import re

from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.data_files.package_files import yaml_file
from fake_server.data_files.yaml_values import read_yaml
from tests.reference.declared import declared
from tests.reference.tables import key, table

_FILE = "not_served.yaml"


def test_not_served_yaml_lists_what_the_fake_does_not_serve() -> None:
    groups = yaml_file(registry.schemas_of("intra42") / _FILE, read_yaml)
    names = [operation for group in groups for operation in group["operations"]]
    listed = {key(*name.split(" ")) for name in names}
    served = {
        key(operation.method, operation.path) for operation in declared(api_document("intra42"))
    }
    assert not listed & served, f"they are served: take them out of {_FILE}"
    missing = table("intra42").keys() - served - listed
    assert not missing, f"the reference has them: serve them, or list them in {_FILE}"
    assert len(names) == len(listed)
    assert all(re.fullmatch(r"[A-Z][^.]{20,}\.", group["reason"]) for group in groups)
