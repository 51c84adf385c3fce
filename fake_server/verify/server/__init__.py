"""The server that a run tests: transport, credentials, budget, control plane, clean-up."""
