"""One test for each entry of the shared ledger, run for every operation that it speaks of."""
