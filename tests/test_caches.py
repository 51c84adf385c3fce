"""Every cache is bounded, or keyed on what a program has a fixed number of."""

import gc
import pkgutil
from functools import _lru_cache_wrapper
from importlib import import_module

import fake_server
from fake_server import create_app

# Keyed on what a program has once, or once an API, resource, operation, file or column.
UNBOUNDED = """
fake_server.apis.fabmanager.dialect.hooks._below_lists
fake_server.apis.fabmanager.dialect.hooks._lists
fake_server.apis.fabmanager.dialect.parameters._date_pattern
fake_server.apis.intra42.dialect.parameters._kind
fake_server.apis.intra42.dialect.record_cache._query
fake_server.apis.intra42.dialect.selection._count
fake_server.apis.intra42.dialect.selection._intra
fake_server.apis.intra42.dialect.selection._singular
fake_server.apis.intra42.graphs.counting._by_period
fake_server.apis.intra42.invention.people._faker
fake_server.apis.intra42.resources.users.user_record._keys
fake_server.apis.report
fake_server.apis.xurrent.dialect.document.body_schemas.shape_of
fake_server.apis.xurrent.dialect.model.resource._by_id
fake_server.apis.xurrent.dialect.model.resource._by_number
fake_server.apis.xurrent.dialect.model.resource._of_scope
fake_server.apis.xurrent.dialect.query.page_rows._page_sizes
fake_server.apis.xurrent.dialect.query.selection._filterable_fields
fake_server.apis.xurrent.duration.offsets._years_by_kind
fake_server.cli.mutation.catalogue.mutants_of
fake_server.cli.watch.vocabulary.vocabulary
fake_server.control.body_validation._mistake_finder
fake_server.data_files._folder
fake_server.data_files.api_document._document_text
fake_server.data_files.code_version._version_of
fake_server.data_files.code_version.code_version
fake_server.rest.access.forms.credential_forms
fake_server.rest.access.forms.credential_headers
fake_server.rest.access.forms.credential_parameters
fake_server.rest.access.forms.sent_forms
fake_server.rest.access.requirements._alternatives
fake_server.rest.access.requirements.example_operation
fake_server.rest.access.requirements.form_sets
fake_server.rest.access.requirements.open_operations
fake_server.rest.attribute_reader.body_schema
fake_server.rest.not_served._listed
fake_server.rest.resources.declaration_files._schema
fake_server.rest.resources.operation_index.index
fake_server.rest.resources.resource_registry.loaded
fake_server.rest.resources.sightings._kinds_by_name
fake_server.rest.schema.requested_operation._by_route
fake_server.rest.schema.requested_operation._declared_paths
fake_server.rest.schema.spec.spec
fake_server.rest.zones._iana_names
fake_server.testing.shared.shared_app
fake_server.verify.api_files.api_under_test.api_under_test
fake_server.verify.api_files.ledger.entries
fake_server.verify.api_files.ledger.shared_entries
fake_server.verify.api_files.ledger.shared_ids
fake_server.verify.api_files.operations_by_path._document
fake_server.verify.api_files.operations_by_path._paths
fake_server.verify.api_files.operations_by_path.field_names
fake_server.verify.recording.declared_checks.declared_checks
fake_server.world.datasets.check._dialect
fake_server.world.datasets.check._formats
fake_server.world.datasets.check._validator_of
fake_server.world.json_schema.validator_class
fake_server.world.profile.ledger
fake_server.world.storage.store._model
"""


def _unbounded() -> dict[str, "_lru_cache_wrapper[object]"]:
    # The collector does not list frozen objects.
    gc.unfreeze()
    for module in pkgutil.walk_packages(fake_server.__path__, "fake_server."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return {
        f"{each.__module__}.{each.__qualname__}": each
        for each in gc.get_objects()
        if isinstance(each, _lru_cache_wrapper)
        and str(getattr(each, "__module__", "")).startswith("fake_server")
        and each.cache_parameters()["maxsize"] is None
    }


def test_a_cache_without_a_bound_is_listed() -> None:
    assert sorted(_unbounded()) == sorted(UNBOUNDED.split())


def test_nothing_that_a_client_sends_stays_in_a_cache_without_a_bound() -> None:
    client = create_app("documented", auth="any").test_client()

    def ask(number: int) -> None:
        for path in ("/v2/slots", "/v1/calendars", "/open_api/v1/availabilities", "/_fake/worlds"):
            headers = {"Authorization": f"Bearer t{number}", "Accept": f"a/b{number}"}
            client.open(path, method=f"M{number}", headers=headers)
            client.get(f"{path}/x{number}?filter[a{number}]={number}&page={number}")
            client.get(f"{path}?sort=id,a{number}", headers={"Host": f"h{number}.example"})
        client.post("/_fake/worlds", json={"dataset_yaml": f"fabmanager: {{time_zone: Z{number}}}"})
        counts = f"fabmanager: {{machines: {{count: {number}}}}}"
        client.post("/_fake/worlds", json={"name": f"w{number}", "dataset_yaml": counts})
        client.get(f"/w/w{number}/v2/campus/{number}/users?page[size]={number}")
        client.delete(f"/_fake/worlds/w{number}")

    for number in range(3):
        ask(number)
    sizes = {name: cache.cache_info().currsize for name, cache in _unbounded().items()}
    for number in range(3, 40):
        ask(number)
    grown = {name: cache.cache_info().currsize for name, cache in _unbounded().items()}
    assert grown == sizes
