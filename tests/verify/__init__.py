"""Tests of the contract harness."""
