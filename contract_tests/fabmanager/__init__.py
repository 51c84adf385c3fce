"""Contract tests of the Fab-manager Open API: one or more for each entry of its ledger."""
