"""Tests of `fake-server watch`."""
