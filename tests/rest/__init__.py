"""Tests of the HTTP semantics that the APIs share."""
