"""The modules that every run imports: the server that forks the processes loads them once."""

import schemathesis

import fake_server.app
import fake_server.cli.mutation.mutant_runner
import fake_server.cli.verify.in_process
import fake_server.data_files.api_document
import fake_server.verify.layers.contract_plugin
import fake_server.verify.layers.pytest_runner
import fake_server.verify.layers.schema_layer

__all__ = ["fake_server", "schemathesis"]
