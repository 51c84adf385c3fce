"""How answers reach a client."""
