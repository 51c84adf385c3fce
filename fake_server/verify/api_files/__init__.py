"""Reads the files of an API: ledger, `target.yaml` and document."""
