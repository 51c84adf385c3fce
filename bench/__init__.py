"""Benchmarks. `make bench` runs them all and prints one table; nothing here is a test."""
