"""The contract tests of the lending API."""
