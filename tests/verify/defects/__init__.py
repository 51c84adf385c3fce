"""Defects that a proxy puts between a suite and a server: it knows nothing of the server's code."""
