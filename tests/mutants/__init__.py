"""Tests of the catalogue of mutants."""
