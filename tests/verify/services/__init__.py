"""Servers to run the suites against: a stand-in of a live service, and ones that answer nothing."""
