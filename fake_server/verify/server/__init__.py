"""How a run reaches a server: transport, credentials, budget, control plane, clean-up."""
