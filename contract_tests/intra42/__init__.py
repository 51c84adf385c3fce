"""Contract tests of the 42 intra API: one or more for each entry of its ledger."""
