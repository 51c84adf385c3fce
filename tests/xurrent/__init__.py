"""Tests of the 4me / Xurrent API."""
