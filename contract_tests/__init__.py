"""The contract tests, a folder per API; `fake-server verify` runs them against any server."""
