"""Tests of learning: a recording becomes a dataset."""
