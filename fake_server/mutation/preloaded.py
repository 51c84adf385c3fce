"""What every run imports: loaded once, before the processes of the runs are forked."""

import schemathesis

import fake_server.app
import fake_server.mutation.runner
import fake_server.rest.bundle
import fake_server.testing.control
import fake_server.verify.plugin
import fake_server.verify.runner
import fake_server.verify.schema_layer

__all__ = ["fake_server", "schemathesis"]
